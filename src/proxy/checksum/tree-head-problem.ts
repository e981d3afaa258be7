import { openTreeHead, parseVerifierKey } from './signed-note.ts';

/** Why a tree head is not one that the database with this key signed; undefined when it is. */
export function treeHeadProblem(note: Buffer, key: string): string | undefined {
  const opened = openTreeHead(note, parseVerifierKey(key));
  return opened.ok ? undefined : opened.problem;
}

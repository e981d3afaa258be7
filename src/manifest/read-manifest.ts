import { basename, dirname, join, resolve } from 'node:path';
import { ProgramError } from '../platform/index.ts';
import type { ManifestNeeds } from './needs.ts';

/** What Go allows a go.mod in a module zip: https://go.dev/ref/mod#zip-path-size-constraints */
const LARGEST_FILE = 16 * 1024 * 1024;

export type ManifestKind = 'go.mod' | 'go.work' | 'go.sum';

export interface Manifest {
  readonly kind: ManifestKind;
  /** As the person called it. */
  readonly file: string;
  readonly path: string;
  readonly text: string;
}

/** Which file a path means: itself, or what a directory holds; undefined where there is nothing to check. */
export async function findManifests(
  needs: ManifestNeeds,
  base: string,
  named: string,
): Promise<readonly Manifest[]> {
  const path = resolve(base, named);
  const status = await needs.files.status(path);
  if (status === undefined) {
    throw unreadable(
      named,
      'there is no such file or directory',
      'name a go.mod, or the directory that has one',
    );
  }
  if (status.kind === 'directory') {
    const inside = ['go.work', 'go.mod'].map((name) => (named === '.' ? name : join(named, name)));
    const found = await Promise.all(inside.map((file) => readManifest(needs, base, file)));
    return found.filter((manifest) => manifest !== undefined);
  }
  const manifest = await readManifest(needs, base, named);
  return manifest === undefined ? [] : [manifest];
}

/** Undefined when it is absent. */
export async function readManifest(
  { files }: ManifestNeeds,
  base: string,
  file: string,
): Promise<Manifest | undefined> {
  const path = resolve(base, file);
  const kind = kindOf(file);
  const status = await files.status(path);
  if (status === undefined) return undefined;
  if (status.kind !== 'file') {
    throw unreadable(file, 'it is not a file', 'name a go.mod, or the directory that has one');
  }
  if (status.size > LARGEST_FILE) {
    throw unreadable(
      file,
      `it has ${status.size} bytes, and go reads at most ${LARGEST_FILE}`,
      'see which program wrote it, and take the last one that was committed',
    );
  }
  const bytes = await files.readWhole(path, LARGEST_FILE);
  return bytes === undefined ? undefined : { kind, file, path, text: textIn(file, bytes) };
}

function kindOf(file: string): ManifestKind {
  const name = basename(file);
  if (name.endsWith('.mod')) return 'go.mod';
  if (name.endsWith('.work')) return 'go.work';
  if (name.endsWith('.sum')) return 'go.sum';
  throw unreadable(
    file,
    'it is not a go.mod, go.work or go.sum file',
    `name one of these, or the directory ${JSON.stringify(dirname(file))}`,
  );
}

function textIn(file: string, bytes: Buffer): string {
  const place = bytes.indexOf(0);
  if (place >= 0) {
    throw unreadable(
      file,
      `it is no text: byte ${place + 1} is 0`,
      'take the last one that was committed',
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unreadable(
      file,
      `line ${badLine(bytes)} is not UTF-8`,
      'save the file as UTF-8 without other characters',
    );
  }
}

/** The first line that is no UTF-8, from 1. */
function badLine(bytes: Buffer): number {
  const read = bytes.toString('utf8');
  return read.slice(0, Math.max(0, read.indexOf('\uFFFD'))).split('\n').length;
}

function unreadable(file: string, why: string, hint: string): ProgramError {
  return new ProgramError({
    code: 'manifest-unreadable',
    kind: 'bad-input',
    message: `${JSON.stringify(file)} cannot be checked: ${why}`,
    hint,
  });
}

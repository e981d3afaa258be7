import { readFile, rename, writeFile } from 'node:fs/promises';
import type { GraphResult } from './graph.ts';
import type { CaseResult } from './play.ts';

/** What an earlier run of the same program showed, kept as it goes: the whole takes most of an hour. */
export interface Results {
  readonly cells: CaseResult[];
  readonly graph: GraphResult[];
}

/** Only what reached its bar: the rest is played again. */
export async function readResults(file: string): Promise<Results> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { cells: [], graph: [] };
  const read = JSON.parse(text) as { version: number } & Results;
  if (read.version !== 1) throw new Error(`${file} is of another version of these results`);
  return {
    cells: read.cells.filter(({ pass }) => pass),
    graph: read.graph.filter(({ pass }) => pass),
  };
}

/** At once or not at all: a run that is broken off must leave what can be read. */
export async function writeResults(file: string, { cells, graph }: Results): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify({ version: 1, cells, graph }, undefined, 2)}\n`);
  await rename(draft, file);
}

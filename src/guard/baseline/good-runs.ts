import { dirname } from 'node:path';
import type { Files } from '../../platform/index.ts';
import { parseGoodRun } from './good-run.ts';
import type { GoodRun } from './good-run.ts';

/** Some two thousand runs; above it the file is written anew with the newest. */
const LIMIT_BYTES = 1024 * 1024;
/** What is left then: so that it does not happen with each run. */
const KEPT_BYTES = LIMIT_BYTES / 2;
/** More than a median needs; one job that runs every minute must not push out all others. */
const KEPT_OF_ONE_JOB = 30;
/** A file that somebody else let grow is read no further. */
const READ_LIMIT_BYTES = 16 * LIMIT_BYTES;

/** Good runs in a file of JSON lines, the newest last. */
export interface GoodRuns {
  /** Those of one key, the newest first; none where there is no file. */
  read(key: string): Promise<readonly GoodRun[]>;
  add(run: GoodRun): Promise<void>;
}

export function createGoodRuns(
  files: Pick<Files, 'readWhole' | 'append' | 'writeAtomically'>,
  path: string,
): GoodRuns {
  async function readAll(): Promise<{ readonly size: number; readonly runs: readonly GoodRun[] }> {
    const bytes = await files.readWhole(path, READ_LIMIT_BYTES);
    const lines = bytes === undefined ? [] : bytes.toString('utf8').split('\n');
    const runs = lines.flatMap((line) => (line === '' ? [] : (parseGoodRun(line) ?? [])));
    return { size: bytes?.length ?? 0, runs };
  }

  return {
    async read(key) {
      const { runs } = await readAll();
      return runs.filter((run) => run.key === key).toReversed();
    },
    async add(run) {
      const line = `${JSON.stringify(run)}\n`;
      const { size, runs } = await readAll();
      if (size + line.length <= LIMIT_BYTES) {
        // One write at the end of the file: what another run adds at the same time is not lost.
        await files.append(path, Buffer.from(size === 0 ? line : `\n${line}`));
        return;
      }
      const kept = newest([...runs, run]);
      await files.writeAtomically(path, Buffer.from(kept), dirname(path));
    },
  };
}

function newest(runs: readonly GoodRun[]): string {
  const counts = new Map<string, number>();
  const lines: string[] = [];
  let length = 0;
  for (const run of runs.toReversed()) {
    const count = (counts.get(run.key) ?? 0) + 1;
    if (count > KEPT_OF_ONE_JOB) continue;
    const line = `${JSON.stringify(run)}\n`;
    length += line.length;
    if (length > KEPT_BYTES) break;
    counts.set(run.key, count);
    lines.push(line);
  }
  return lines.toReversed().join('');
}

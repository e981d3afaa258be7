import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from '../support/child.ts';
import { median } from '../support/statistics.ts';
import { COFFERDAM, plain } from '../support/rows.ts';
import type { Row } from '../support/rows.ts';
import type { Setting } from '../support/setting.ts';

const ARTIFACTS = 100_000;
/** `.info`, `.mod` and 98 more of either kind in each folder, as modules with many versions have. */
const PER_MODULE = 100;
const AT_MOST_MILLISECONDS = 400;

/** From exec to the first answered request, with a large store. */
export async function measureStartup(setting: Setting): Promise<readonly Row[]> {
  const store = join(setting.scratch, 'startup-store');
  const count = setting.quick ? ARTIFACTS / 10 : ARTIFACTS;
  await writeStore(store, count);
  // The first start makes the database and whatever else is made once.
  await timeStart(setting, store);
  const samples: number[] = [];
  for (let round = 0; round < setting.rounds; round++) {
    const milliseconds = await timeStart(setting, store);
    samples.push(milliseconds);
    setting.say(`start with ${count} artifacts: ${Math.round(milliseconds)} ms to the first 200`);
  }
  const row = {
    case: `start with ${count.toLocaleString('en')} artifacts, exec to first 200`,
    server: COFFERDAM,
    unit: 'milliseconds',
    value: median(samples),
    samples,
  } as const;
  return [plain(row, { kind: 'at-most', value: AT_MOST_MILLISECONDS })];
}

async function timeStart(setting: Setting, store: string): Promise<number> {
  const words = ['serve', '--listen', '127.0.0.1:0', '--store', store, '--offline'];
  const begun = performance.now();
  await using stack = new AsyncDisposableStack();
  const server = await startServer([...setting.cofferdam, ...words], setting.scratch);
  stack.defer(server.stop);
  const response = await fetch(`${server.url}/start.test/m0/@v/v1.0.0.info`);
  await response.arrayBuffer();
  const milliseconds = performance.now() - begun;
  if (response.status !== 200) throw new Error(`a stored .info was answered ${response.status}`);
  return milliseconds;
}

/** A tree as an earlier program, or somebody's rsync, would have left it. */
async function writeStore(store: string, count: number): Promise<void> {
  for (let module = 0; module * PER_MODULE < count; module++) {
    const path = `start.test/m${module}`;
    const folder = join(store, 'modules', path, '@v');
    await mkdir(folder, { recursive: true });
    const writes: Promise<void>[] = [];
    for (let version = 0; version < PER_MODULE / 2; version++) {
      const name = `v1.0.${version}`;
      const info = `{"Version":"${name}","Time":"2026-01-01T00:00:00Z"}`;
      writes.push(writeFile(join(folder, `${name}.info`), info));
      writes.push(writeFile(join(folder, `${name}.mod`), `module ${path}\n\ngo 1.26\n`));
    }
    await Promise.all(writes);
  }
}

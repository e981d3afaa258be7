import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { drain, stall } from '../support/download.ts';
import { watchMemory } from '../support/memory.ts';
import { COFFERDAM, plain } from '../support/rows.ts';
import type { Row } from '../support/rows.ts';
import type { Setting } from '../support/setting.ts';

const DOWNLOADS = 20;
const LARGEST_BYTES = 300_000_000;
const OPTIONS = ['--memory', '64MiB', '--workers', '1'];

/** Peak memory while large zips are filled, then while they are hits, with half of the clients stalled. */
export async function measureMemory(setting: Setting): Promise<readonly Row[]> {
  const zipBytes = setting.quick ? 100_000_000 : 400_000_000;
  await checkSpace(setting, zipBytes * DOWNLOADS * (1 + setting.others.length));
  const modules = Array.from({ length: DOWNLOADS }, (_, number) => ({
    path: `memory.test/m${number}`,
    version: 'v1.0.0',
    zipBytes,
  }));
  await setting.origin.add(modules);
  const paths = modules.map(({ path }) => `/${path}/@v/v1.0.0.zip`);
  const size = `${DOWNLOADS} zips of ${zipBytes / 1_000_000} MB`;
  const store = join(setting.scratch, 'memory-store');
  const rows: Row[] = [];
  for (const state of ['fills', 'hits']) {
    // A new process for each state: the peak of the fills must not hide in that of the hits.
    const server = await setting.startCofferdam(store, OPTIONS);
    try {
      const name = `memory, ${state}, ${size}`;
      const watched = [{ label: COFFERDAM, url: server.url, pid: server.pid }, ...setting.others];
      for (const { label, url, pid } of watched) {
        if (pid === undefined) continue;
        rows.push(await measure(setting, name, { label, url, pid }, paths, zipBytes));
        // Fills go on for clients that stalled; hits need them whole.
        if (state === 'fills') for (const path of paths) await drain(url + path);
      }
    } finally {
      await server.stop();
    }
  }
  return rows;
}

async function measure(
  setting: Setting,
  name: string,
  server: { readonly label: string; readonly url: string; readonly pid: number },
  paths: readonly string[],
  zipBytes: number,
): Promise<Row> {
  await using stack = new AsyncDisposableStack();
  const watch = watchMemory(server.pid);
  stack.defer(async () => void (await watch.peak()));
  const begun = performance.now();
  const half = paths.length / 2;
  const stalling = Promise.allSettled(
    paths.slice(half).map(async (path) => stall(server.url + path)),
  );
  stack.defer(async () => {
    for (const client of await stalling) if (client.status === 'fulfilled') client.value.leave();
  });
  const lengths = await Promise.all(
    paths.slice(0, half).map(async (path) => drain(server.url + path)),
  );
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const stalled = (await stalling).filter(({ status }) => status === 'fulfilled').length;
  if (stalled < half)
    throw new Error(`${name}: ${server.label} answered only ${stalled} of ${half} that stall`);
  const peak = await watch.peak();
  const whole = lengths.filter((length) => length === zipBytes).length;
  if (whole < half)
    throw new Error(`${name}: ${server.label} delivered only ${whole} of ${half} whole`);
  setting.say(`${name}: ${server.label} peak ${Math.round(peak / 1_000_000)} MB in ${seconds} s`);
  const note = `${half} clients stalled, ${half} served in ${seconds} s`;
  return plain(
    { case: name, server: server.label, unit: 'bytes', value: peak, samples: [peak], note },
    { kind: 'at-most', value: LARGEST_BYTES },
  );
}

async function checkSpace(setting: Setting, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(setting.scratch);
  if (bavail * bsize > needed * 1.2) return;
  throw new Error(
    `the memory case needs ${Math.ceil(needed / 1e9)} GB in the temporary folder (TMPDIR)`,
  );
}

import { join } from 'node:path';
import { runToEnd } from '../support/child.ts';
import { COFFERDAM, compare } from '../support/rows.ts';
import { runWrk } from '../support/wrk.ts';
import type { Row } from '../support/rows.ts';
import type { Setting } from '../support/setting.ts';

const HOT = 'latency.test/hot';
const HANGING = 40;
const LARGE_BYTES = 500_000_000;
/** Two at a time: what the checker takes at once. */
const LARGE_AT_ONCE = 2;
/** Of the hits per second that are possible. */
const SHARE_OF_MAXIMUM = 0.2;
const IDLE = 'idle';

/** How long hits take at a fifth of the possible rate, while the engine is busy with something else. */
export async function measureLatency(setting: Setting): Promise<readonly Row[]> {
  await using stack = new AsyncDisposableStack();
  const { origin, scratch } = setting;
  const rounds = setting.rounds;
  const large = Array.from({ length: rounds * 12 }, (_, number) => ({
    path: `latency.test/large${number}`,
    version: 'v1.0.0',
    zipBytes: setting.quick ? LARGE_BYTES / 5 : LARGE_BYTES,
  }));
  await origin.add([{ path: HOT, version: 'v1.0.0', zipBytes: 10_000 }, ...large]);
  const cofferdam = await setting.startCofferdam(join(scratch, 'latency-store'), [
    '--sumdb',
    origin.databaseKey,
    '--max-store-size',
    '4GiB',
  ]);
  stack.defer(cofferdam.stop);
  const hot = `${cofferdam.url}/${HOT}/@v/v1.0.0.info`;
  await (await fetch(hot)).arrayBuffer();
  const rate = Math.round((await runWrk(hot, 3)) * SHARE_OF_MAXIMUM);
  const samples = new Map<string, number[]>(
    [IDLE, 'hanging', 'verifying'].map((name) => [name, []]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const [name, values] of samples) {
      await using load = new AsyncDisposableStack();
      if (name === 'hanging') load.defer(await hang(setting, cofferdam.url, round));
      if (name === 'verifying') load.defer(downloadLarge(cofferdam.url, large, round));
      const p99 = await openLoop(setting, hot, rate);
      values.push(p99);
      setting.say(`hits at ${rate} per second, ${name}: p99 ${p99.toFixed(2)} ms`);
    }
  }
  const row = (name: string, what: string): readonly Row[] =>
    compare(
      {
        case: `p99 of hits while ${what}`,
        unit: 'microseconds',
        baseline: IDLE,
        bar: { kind: 'at-most', value: 2 },
        note: `${rate} requests a second, open loop`,
      },
      new Map([
        [IDLE, inMicroseconds(samples.get(IDLE))],
        [COFFERDAM, inMicroseconds(samples.get(name))],
      ]),
    );
  return [
    ...row('hanging', `${HANGING} fetches hang`),
    ...row(
      'verifying',
      `zips of ${(setting.quick ? LARGE_BYTES / 5 : LARGE_BYTES) / 1e6} MB are verified`,
    ),
  ];
}

function inMicroseconds(values: readonly number[] = []): readonly number[] {
  return values.map((value) => value * 1000);
}

async function openLoop(setting: Setting, url: string, rate: number): Promise<number> {
  const script = join(setting.root, 'bench', 'open-loop.ts');
  const seconds = setting.quick ? 3 : 6;
  const { output } = await runToEnd(
    [process.execPath, script, url, String(rate), String(seconds)],
    setting.scratch,
  );
  return (JSON.parse(output) as { readonly p99: number }).p99;
}

/** Clients for modules of which the origin never says a word. */
async function hang(setting: Setting, base: string, round: number): Promise<() => Promise<void>> {
  const { origin } = setting;
  await origin.setFaults([{ path: '/hang.test/*', fault: { kind: 'stall' } }]);
  const leaving = new AbortController();
  const asked = Array.from({ length: HANGING }, async (_, number) =>
    fetch(`${base}/hang.test/m${round}-${number}/@v/v1.0.0.zip`, { signal: leaving.signal }).catch(
      () => undefined,
    ),
  );
  return async () => {
    leaving.abort();
    await Promise.all(asked);
    await origin.setFaults([]);
  };
}

/** Large cold zips one after the other, until told to stop. */
function downloadLarge(
  base: string,
  large: readonly { readonly path: string }[],
  round: number,
): () => Promise<void> {
  const leaving = new AbortController();
  const each = large.length / LARGE_AT_ONCE;
  const lanes = Array.from({ length: LARGE_AT_ONCE }, async (_, lane) => {
    const rotated = large.slice(lane * each, (lane + 1) * each);
    for (let index = 0; index < each && !leaving.signal.aborted; index++) {
      const module = rotated[(index + round * 6) % each];
      if (module === undefined) return;
      const response = await fetch(`${base}/${module.path}/@v/v1.0.0.zip`, {
        signal: leaving.signal,
      }).catch(() => undefined);
      if (response?.body === null || response === undefined) continue;
      const drained = new WritableStream<Uint8Array>();
      await response.body.pipeTo(drained).catch(() => undefined);
    }
  });
  return async () => {
    leaving.abort();
    await Promise.all(lanes);
  };
}

import { join } from 'node:path';
import { timeDownload, writeMain } from '../support/go-download.ts';
import { COFFERDAM, compare } from '../support/rows.ts';
import { createBenchGraph } from './graph.ts';
import type { Row } from '../support/rows.ts';
import type { Setting } from '../support/setting.ts';

const BASELINE = 'direct';

/** A whole graph with nothing stored against the origin asked directly, near and far. */
export async function measureCold(setting: Setting): Promise<readonly Row[]> {
  return [...(await measureLatency(setting, 0, 1.5)), ...(await measureLatency(setting, 50, 1.1))];
}

async function measureLatency(
  setting: Setting,
  latencyMilliseconds: number,
  atMost: number,
): Promise<readonly Row[]> {
  const { scratch, origin, others } = setting;
  const labels = [BASELINE, COFFERDAM, ...others.map(({ label }) => label)];
  const samples = new Map<string, number[]>(labels.map((label) => [label, []]));
  await origin.setNetwork({ latencyMilliseconds });
  let requests = 0;
  // Far downloads take half a minute each.
  const rounds = setting.quick && latencyMilliseconds > 0 ? 1 : setting.rounds;
  for (let round = 0; round < rounds; round++) {
    // New names in each round: cold also for servers that this benchmark cannot empty.
    const graph = createBenchGraph(`cold-${latencyMilliseconds}-${round}.test`);
    const main = join(scratch, 'cold-main');
    await writeMain(graph, main);
    await origin.add(graph.modules);
    const store = join(scratch, `cold-store-${latencyMilliseconds}-${round}`);
    const cofferdam = await setting.startCofferdam(store);
    const urls = [origin.url, cofferdam.url, ...others.map(({ url }) => url)];
    try {
      for (const [index, label] of labels.entries()) {
        await origin.reset();
        const milliseconds = await timeDownload(main, urls[index] ?? '', scratch);
        if (label === COFFERDAM) requests = (await origin.counts()).total.requests;
        samples.get(label)?.push(milliseconds);
        setting.say(
          `cold download at ${latencyMilliseconds} ms: ${label} ${Math.round(milliseconds)} ms`,
        );
      }
    } finally {
      await cofferdam.stop();
    }
  }
  await origin.setNetwork({});
  return compare(
    {
      case: `cold download, 300 modules, ${latencyMilliseconds} ms`,
      unit: 'milliseconds',
      baseline: BASELINE,
      bar: { kind: 'at-most', value: atMost },
      note: `${requests} upstream requests`,
    },
    samples,
  );
}

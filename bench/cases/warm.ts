import { join } from 'node:path';
import { writeFileTree } from '../support/file-tree.ts';
import { timeDownload, writeMain } from '../support/go-download.ts';
import { COFFERDAM, compare } from '../support/rows.ts';
import { createBenchGraph } from './graph.ts';
import type { Row } from '../support/rows.ts';
import type { Setting } from '../support/setting.ts';

const BASELINE = 'file://';

/** A whole graph from a warm store against the same graph as plain files. */
export async function measureWarm(setting: Setting): Promise<readonly Row[]> {
  await using stack = new AsyncDisposableStack();
  const { scratch, origin, others } = setting;
  const graph = createBenchGraph('warm.test');
  const tree = join(scratch, 'warm-tree');
  const main = join(scratch, 'warm-main');
  await writeFileTree(graph.modules, tree);
  await writeMain(graph, main);
  await origin.add(graph.modules);
  const cofferdam = await setting.startCofferdam(join(scratch, 'warm-store'));
  stack.defer(cofferdam.stop);
  const servers = [
    { label: BASELINE, url: `file://${tree}` },
    { label: COFFERDAM, url: cofferdam.url },
    ...others,
  ];
  for (const { url } of servers) await timeDownload(main, url, scratch);
  await origin.reset();
  const samples = new Map<string, number[]>(servers.map(({ label }) => [label, []]));
  for (let round = 0; round < setting.rounds; round++) {
    for (const { label, url } of servers) {
      const milliseconds = await timeDownload(main, url, scratch);
      samples.get(label)?.push(milliseconds);
      setting.say(`warm download: ${label} ${Math.round(milliseconds)} ms`);
    }
  }
  const { total } = await origin.counts();
  return compare(
    {
      case: 'warm download, 300 modules',
      unit: 'milliseconds',
      baseline: BASELINE,
      bar: { kind: 'at-most', value: 1.1 },
      note: `${total.requests} upstream requests`,
    },
    samples,
  );
}

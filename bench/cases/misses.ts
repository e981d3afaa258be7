import { join } from 'node:path';
import { askAndLeave, download } from '../support/download.ts';
import { COFFERDAM, plain } from '../support/rows.ts';
import type { Row } from '../support/rows.ts';
import type { Setting } from '../support/setting.ts';

const ZIP_BYTES = 8_000_000;
const LATENCY_MILLISECONDS = 200;

interface Scenario {
  readonly name: string;
  /** Part of the module name, so that the scenario is cold for every server. */
  readonly word: string;
  readonly clients: number;
  readonly firstLeaves: boolean;
  readonly options: readonly string[];
}

const SCENARIOS: readonly Scenario[] = [
  { name: '50 misses of one zip', word: 'together', clients: 50, firstLeaves: false, options: [] },
  {
    name: '50 misses, first client leaves',
    word: 'leaving',
    clients: 50,
    firstLeaves: true,
    options: [],
  },
  { name: '200 misses of one zip', word: 'many', clients: 200, firstLeaves: false, options: [] },
  {
    name: '200 misses of one zip, two workers',
    word: 'workers',
    clients: 200,
    firstLeaves: false,
    options: ['--workers', '2'],
  },
];

/** Many clients ask for one cold zip at the same time. */
export async function measureMisses(setting: Setting): Promise<readonly Row[]> {
  await using stack = new AsyncDisposableStack();
  await setting.origin.setNetwork({ latencyMilliseconds: LATENCY_MILLISECONDS });
  stack.defer(async () => setting.origin.setNetwork({}));
  const rows: Row[] = [];
  for (const scenario of SCENARIOS) {
    const store = join(setting.scratch, `misses-store-${scenario.word}`);
    const cofferdam = await setting.startCofferdam(store, scenario.options);
    stack.defer(cofferdam.stop);
    const servers = [{ label: COFFERDAM, url: cofferdam.url }, ...setting.others];
    for (const { label, url } of servers) {
      rows.push(...(await measureScenario(setting, scenario, label, url)));
    }
  }
  return rows;
}

async function measureScenario(
  setting: Setting,
  scenario: Scenario,
  server: string,
  base: string,
): Promise<readonly Row[]> {
  const { origin } = setting;
  const path = `misses.test/${scenario.word}-${server.replaceAll(/[^a-z0-9]/g, '')}`;
  await origin.add([{ path, version: 'v1.0.0', zipBytes: ZIP_BYTES }]);
  const zip = `/${path}/@v/v1.0.0.zip`;
  const right = await download(origin.url + zip);
  await origin.reset();
  const begun = performance.now();
  if (scenario.firstLeaves) await askAndLeave(base + zip);
  const clients = Array.from({ length: scenario.clients }, async () => download(base + zip));
  const bodies = await Promise.all(clients);
  const milliseconds = Math.round(performance.now() - begun);
  const intact = bodies.filter(
    (body) => body !== undefined && body.digest === right?.digest,
  ).length;
  const requests = (await origin.counts()).paths[zip]?.requests ?? 0;
  setting.say(
    `${scenario.name}: ${server} ${requests} upstream, ${intact} intact, ${milliseconds} ms`,
  );
  const shared = { server, note: `${milliseconds} ms in all` };
  return [
    plain(
      {
        ...shared,
        case: `${scenario.name}: upstream`,
        unit: 'requests',
        value: requests,
        samples: [requests],
      },
      { kind: 'at-most', value: 1 },
    ),
    plain(
      {
        ...shared,
        case: `${scenario.name}: intact`,
        unit: 'bodies',
        value: intact,
        samples: [intact],
      },
      { kind: 'at-least', value: scenario.clients },
    ),
  ];
}

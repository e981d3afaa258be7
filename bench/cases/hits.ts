import { join } from 'node:path';
import { writeFileTree } from '../support/file-tree.ts';
import { startServer } from '../support/child.ts';
import { startNginx } from '../support/nginx-process.ts';
import { COFFERDAM, compare } from '../support/rows.ts';
import { runWrk } from '../support/wrk.ts';
import type { Bar, Row } from '../support/rows.ts';
import type { Setting } from '../support/setting.ts';

const NGINX = 'nginx';
const BARE = 'bare node:http';

interface Kind {
  readonly name: string;
  readonly path: string;
  /** Of nginx. */
  readonly atLeast: number;
  /** Of Athens and goproxy, where they are given. */
  readonly othersAtLeast: number;
}

const SIZES = { '10k': 10_000, '100k': 100_000, '1m': 1_000_000, '8m': 8_000_000 };
const MODULES = Object.entries(SIZES).map(([name, zipBytes]) => ({
  path: `hits.test/m${name}`,
  version: 'v1.0.0',
  zipBytes,
}));

const KINDS: readonly Kind[] = [
  { name: 'hits, .info', path: 'hits.test/m10k/@v/v1.0.0.info', atLeast: 0.45, othersAtLeast: 1.4 },
  {
    name: 'hits, zip of 10 kB',
    path: 'hits.test/m10k/@v/v1.0.0.zip',
    atLeast: 0.45,
    othersAtLeast: 1.4,
  },
  {
    name: 'hits, zip of 100 kB',
    path: 'hits.test/m100k/@v/v1.0.0.zip',
    atLeast: 0.9,
    othersAtLeast: 1.1,
  },
  {
    name: 'hits, zip of 1 MB',
    path: 'hits.test/m1m/@v/v1.0.0.zip',
    atLeast: 1.5,
    othersAtLeast: 1.5,
  },
  {
    name: 'hits, zip of 8 MB',
    path: 'hits.test/m8m/@v/v1.0.0.zip',
    atLeast: 1.5,
    othersAtLeast: 1.5,
  },
];

/** Hits per second against nginx serving the same files, run by run in turn. */
export async function measureHits(setting: Setting): Promise<readonly Row[]> {
  await using stack = new AsyncDisposableStack();
  const tree = join(setting.scratch, 'hits-tree');
  await writeFileTree(MODULES, tree);
  await setting.origin.add(MODULES);
  const nginx = await startNginx(setting.root, tree, setting.scratch);
  stack.defer(nginx.stop);
  const cofferdam = await setting.startCofferdam(join(setting.scratch, 'hits-store'));
  stack.defer(cofferdam.stop);
  const bareServer = join(setting.root, 'bench', 'bare-server.ts');
  const bare = await startServer([process.execPath, bareServer, tree], setting.scratch);
  stack.defer(bare.stop);
  const servers = [
    { label: NGINX, url: nginx.url },
    { label: BARE, url: bare.url },
    { label: COFFERDAM, url: cofferdam.url },
    ...setting.others,
  ];
  const rows: Row[] = [];
  for (const kind of KINDS) rows.push(...(await measureKind(setting, kind, servers)));
  return rows;
}

async function measureKind(
  setting: Setting,
  kind: Kind,
  servers: readonly { readonly label: string; readonly url: string }[],
): Promise<readonly Row[]> {
  const expected = await fetchBytes(`${setting.origin.url}/${kind.path}`);
  for (const { label, url } of servers) {
    const bytes = await fetchBytes(`${url}/${kind.path}`);
    if (!bytes.equals(expected)) throw new Error(`${label} serves other bytes for ${kind.path}`);
    // Compilers and caches warm up outside the measure.
    await runWrk(`${url}/${kind.path}`, 1);
  }
  await setting.origin.reset();
  const samples = new Map<string, number[]>(servers.map(({ label }) => [label, []]));
  for (let round = 0; round < setting.rounds; round++) {
    for (const { label, url } of servers) {
      const rate = await runWrk(`${url}/${kind.path}`, setting.quick ? 1 : 4);
      samples.get(label)?.push(rate);
      setting.say(`${kind.name}: ${label} ${Math.round(rate)} per second`);
    }
  }
  const { total } = await setting.origin.counts();
  const note = `${total.requests} upstream requests`;
  const shared = { case: kind.name, unit: 'per-second', note } as const;
  const bar: Bar = { kind: 'at-least', value: kind.atLeast };
  const against = (baseline: string): ReadonlyMap<string, readonly number[]> =>
    new Map([...samples].filter(([label]) => label === baseline || label === COFFERDAM));
  return [
    ...compare({ ...shared, baseline: NGINX, bar }, samples),
    ...compare(
      { ...shared, baseline: BARE, bar: { kind: 'at-least', value: BARE_AT_LEAST } },
      against(BARE),
    ),
    // The others use all cores; what a case owes them grows with the size it is about.
    ...setting.others.flatMap(({ label }) =>
      compare(
        { ...shared, baseline: label, bar: { kind: 'at-least', value: kind.othersAtLeast } },
        against(label),
      ),
    ),
  ];
}

const BARE_AT_LEAST = 0.9;

async function fetchBytes(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

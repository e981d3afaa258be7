import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { runToEnd } from '../support/child.ts';
import { runWrk } from '../support/wrk.ts';
import { COFFERDAM, compare } from '../support/rows.ts';
import type { Row } from '../support/rows.ts';
import type { Setting } from '../support/setting.ts';

const MODULE = { path: 'tls.test/m100k', version: 'v1.0.0', zipBytes: 100_000 };
const KINDS = [
  { name: '.info', path: 'tls.test/m100k/@v/v1.0.0.info' },
  { name: 'zip of 100 kB', path: 'tls.test/m100k/@v/v1.0.0.zip' },
] as const;
const PLAIN = 'http';

/** What HTTPS costs, with HTTP/1.1 and with HTTP/2: no limit is promised, the figures are shown. */
export async function measureTls(setting: Setting): Promise<readonly Row[]> {
  await using stack = new AsyncDisposableStack();
  const { scratch } = setting;
  await setting.origin.add([MODULE]);
  const key = join(scratch, 'tls.key');
  const certificate = join(scratch, 'tls.pem');
  await runToEnd(
    `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -keyout ${key} -out ${certificate}`.split(
      ' ',
    ),
    scratch,
  );
  const open = await setting.startCofferdam(join(scratch, 'tls-store-http'));
  stack.defer(open.stop);
  const secure = await setting.startCofferdam(join(scratch, 'tls-store-https'), [
    '--tls-cert',
    certificate,
    '--tls-key',
    key,
  ]);
  stack.defer(secure.stop);
  const rows: Row[] = [];
  for (const kind of KINDS) {
    const measures = [
      {
        label: PLAIN,
        take: async (seconds: number) => runWrk(`${open.url}/${kind.path}`, seconds),
      },
      {
        label: `${COFFERDAM}, https HTTP/1.1`,
        take: async (seconds: number) => runWrk(`${secure.url}/${kind.path}`, seconds),
      },
      {
        label: `${COFFERDAM}, https HTTP/2`,
        take: async (seconds: number) => runHttp2(`${secure.url}/${kind.path}`, seconds, scratch),
      },
    ];
    for (const { take } of measures) await take(1);
    const samples = new Map<string, number[]>(measures.map(({ label }) => [label, []]));
    for (let round = 0; round < setting.rounds; round++) {
      for (const { label, take } of measures) {
        const rate = await take(setting.quick ? 1 : 4);
        samples.get(label)?.push(rate);
        setting.say(`hits, ${kind.name}: ${label} ${Math.round(rate)} per second`);
      }
    }
    rows.push(
      ...compare(
        {
          case: `hits over TLS, ${kind.name}`,
          unit: 'per-second',
          baseline: PLAIN,
          bar: { kind: 'at-least', value: 0 },
        },
        samples,
      ),
    );
  }
  return rows;
}

/** As many requests at once as wrk has connections, over four connections. */
async function runHttp2(url: string, seconds: number, scratch: string): Promise<number> {
  const log = join(scratch, 'h2load.log');
  const words = ['-c4', '-m8', '-t1', `-D${seconds}`, '--warm-up-time=0', `--log-file=${log}`, url];
  const { output } = await runToEnd(['h2load', ...words], scratch);
  const rate = Number(/finished in [^,]+, ([\d.]+) req\/s/.exec(output)?.[1]);
  const failed = /(\d+) failed, (\d+) errored/.exec(output);
  if (!(rate > 0) || failed?.[1] !== '0' || failed[2] !== '0') {
    throw new Error(`h2load ${url}:\n${output}\n${await readFile(log, 'utf8').catch(() => '')}`);
  }
  return rate;
}

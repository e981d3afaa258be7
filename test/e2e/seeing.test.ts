import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import { createModuleGraph } from '../../src/drills/index.ts';
import { startHttpServer } from '../support/http-servers.ts';
import { readAnswer } from '../support/read-answer.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';
import { runProgram, startProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const GRAPH = createModuleGraph({ modules: 3, depth: 2, medianZipBytes: 3000, seed: 'seeing' });
const [MODULE] = GRAPH.modules;
const INFO = `/${MODULE?.path ?? ''}/@v/${MODULE?.version ?? ''}.info`;
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const API = '/-/api/v1';

interface Recorded {
  readonly trace: string;
  readonly outcome: string;
  readonly status: number;
  readonly path: string;
  readonly cause?: string;
  readonly client?: string;
  readonly module?: string;
  readonly attempts: readonly {
    readonly upstream: string;
    readonly span: string;
    readonly outcome: string;
    readonly path: string;
    readonly phases: Readonly<Record<string, number>>;
  }[];
}

async function requestsOf(address: string, query: string): Promise<readonly Recorded[]> {
  const answer = await readAnswer(`${address}${API}/requests?${query}`);
  assert.equal(answer.status, 200, answer.body.toString());
  return (JSON.parse(answer.body.toString()) as { requests: readonly Recorded[] }).requests;
}

type Schema = Parameters<typeof z.fromJSONSchema>[0];

/** The schema with no room for fields that it does not describe. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.entries(schema).map(([name, value]) => [name, strict(value)] as const);
  const isClosed = 'properties' in schema && !('additionalProperties' in schema);
  return { ...Object.fromEntries(inner), ...(isClosed ? { additionalProperties: false } : {}) };
}

test('one trace leads from a request to the upstream and to its record', async (context) => {
  const origin = await startOrigin(context, { modules: GRAPH.modules });
  const seen: (string | string[] | undefined)[] = [];
  const front = await startHttpServer(context, (request, response) => {
    seen.push(request.headers['traceparent']);
    readAnswer(`${origin.url}${request.url ?? ''}`).then(
      ({ status, body }) => {
        response.writeHead(status);
        response.end(body);
      },
      // What was fetched ahead may be under way when the test is over.
      () => response.destroy(),
    );
  });
  const cofferdam = await startCofferdam(context, { upstream: front.url });
  const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;
  const answer = await readAnswer(`${cofferdam.address}${INFO}`, {
    traceparent,
    'user-agent': 'a test',
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['cofferdam-trace'], TRACE);
  assert.match(String(seen[0]), new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`, 'u'));
  const [record] = await requestsOf(cofferdam.address, `trace=${TRACE}`);
  assert.equal(record?.path, INFO);
  assert.deepEqual(
    [record?.outcome, record?.status, record?.client, record?.module],
    ['fill', 200, '127.0.0.1', MODULE?.path],
  );
  const attempt = record?.attempts.find(({ path }) => path === INFO);
  assert.equal(attempt?.outcome, '200');
  assert.equal(attempt?.upstream, new URL(front.url).host);
  assert.ok(seen.includes(`00-${TRACE}-${attempt?.span ?? ''}-00`));
  assert.ok((attempt?.phases['connect'] ?? -1) >= 0 && (attempt?.phases['first-byte'] ?? 0) > 0);
});

test('hits and failures are recorded, with the cause', async (context) => {
  const origin = await startOrigin(context, { modules: GRAPH.modules });
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  const { address } = cofferdam;
  for (let index = 0; index < 3; index += 1) await readAnswer(`${address}${INFO}`);
  await origin.close();
  const failed = await readAnswer(`${address}/other.test/x/@v/v1.0.0.mod`);
  assert.ok(failed.status >= 500);
  const hits = await requestsOf(address, `outcome=hit&module=${MODULE?.path ?? ''}`);
  assert.deepEqual(
    hits.map(({ path, status, attempts }) => [path, status, attempts.length]),
    [
      [INFO, 200, 0],
      [INFO, 200, 0],
    ],
  );
  const [failure] = await requestsOf(address, 'outcome=failed');
  assert.equal(failure?.trace, failed.headers['cofferdam-trace']);
  assert.ok(failed.body.toString().startsWith(failure?.cause ?? 'no cause'));
  assert.ok((failure?.attempts.length ?? 0) >= 1);
});

test('the API is described by a valid OpenAPI document, and answers as it is described', async (context) => {
  const origin = await startOrigin(context, { modules: GRAPH.modules });
  const { address } = await startCofferdam(context, { upstream: origin.url });
  await readAnswer(`${address}${INFO}`);
  const text = (await readAnswer(`${address}${API}/openapi.json`)).body.toString();
  const document = JSON.parse(text) as {
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  };
  const { valid, errors } = await new Validator().validate(
    JSON.parse(text) as Parameters<Validator['validate']>[0],
  );
  assert.ok(valid, JSON.stringify(errors));
  for (const path of ['status', 'upstreams', 'requests', 'store/stats']) {
    const operation = document.paths[`${API}/${path}`]?.['get'];
    const described = operation?.responses['200'];
    const { content } = (described ?? { content: {} }) as {
      content: Record<string, { schema: unknown }>;
    };
    const schema = z.fromJSONSchema(strict(content['application/json']?.schema) as Schema);
    const answer = await readAnswer(`${address}${API}/${path}`);
    assert.equal(answer.status, 200);
    assert.match(String(answer.headers['content-type']), /^application\/json/u);
    const checked = schema.safeParse(JSON.parse(answer.body.toString()));
    assert.ok(checked.success, `${path}: ${String(checked.error)}`);
  }
  const strange = await readAnswer(`${address}${API}/requests?what=1`);
  assert.equal(strange.status, 400);
});

test('an upstream is held down by hand and let go again, from this machine only', async (context) => {
  const origin = await startOrigin(context, { modules: GRAPH.modules });
  const { address } = await startCofferdam(context, { upstream: origin.url });
  async function change(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${address}${API}/upstreams`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }
  const before = JSON.parse((await readAnswer(`${address}${API}/upstreams`)).body.toString()) as {
    upstreams: readonly { name: string; state: string }[];
  };
  const [upstream] = before.upstreams;
  const name = upstream?.name ?? '';
  assert.equal((await change({ name, state: 'down' }, { origin: 'http://evil.test' })).status, 403);
  assert.equal((await change({ name, state: 'sideways' })).status, 400);
  assert.equal((await change({ name: 'nobody', state: 'down' })).status, 404);
  const down = await change({ name, state: 'down', seconds: 60 });
  assert.equal(down.status, 200);
  assert.match(await down.text(), /"state":"held-down"/u);
  assert.ok((await readAnswer(`${address}${INFO}`)).status >= 500);
  assert.equal((await change({ name, state: 'auto' })).status, 200);
  assert.equal((await readAnswer(`${address}${INFO}`)).status, 200);
});

interface ExportedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly attributes: readonly {
    readonly key: string;
    readonly value: Readonly<Record<string, unknown>>;
  }[];
  readonly events: readonly { readonly name: string }[];
}

interface ExportedTraces {
  readonly resourceSpans: readonly {
    readonly resource: Pick<ExportedSpan, 'attributes'>;
    readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[];
  }[];
}

test('spans of a request and of what it asks upstreams go to an OpenTelemetry collector', async (context) => {
  const origin = await startOrigin(context, { modules: GRAPH.modules });
  const received: ExportedTraces[] = [];
  const headers: unknown[] = [];
  const collector = await startHttpServer(context, (request, response) => {
    headers.push([request.url, request.headers['x-key']]);
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      received.push(JSON.parse(Buffer.concat(pieces).toString()) as ExportedTraces);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{}');
    });
  });
  const store = await temporaryFolder(context);
  const serve = await startProgram(
    context,
    ['--store', store, '--upstream', origin.url, '--sumdb', 'off'],
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=abc',
      OTEL_SERVICE_NAME: 'goproxy-one',
    },
  );
  const parent = 'b7ad6b7169203331';
  await readAnswer(`${serve.address}${INFO}`, { traceparent: `00-${TRACE}-${parent}-01` });
  await readAnswer(`${serve.address}${INFO}`);
  // What waits is sent at the end.
  assert.equal(await serve.stop(), 0);
  assert.deepEqual(headers[0], ['/v1/traces', 'abc']);
  const resources = received.flatMap(({ resourceSpans }) => resourceSpans);
  const attributes = resources[0]?.resource.attributes ?? [];
  const service = attributes.find(({ key }) => key === 'service.name');
  assert.deepEqual(service?.value, { stringValue: 'goproxy-one' });
  const spans = resources
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans)
    .filter(({ traceId }) => traceId === TRACE);
  const [server, ...others] = spans.filter(({ kind }) => kind === 2);
  assert.equal(others.length, 0);
  assert.deepEqual([server?.name, server?.parentSpanId], ['GET info', parent]);
  const asked = spans.find(
    ({ kind, attributes: known }) =>
      kind === 3 &&
      known.some(({ key, value }) => key === 'url.path' && value['stringValue'] === INFO),
  );
  assert.equal(asked?.parentSpanId, server?.spanId);
  assert.ok(asked?.events.some(({ name }) => name === 'first-byte'));
});

/** What docs/metrics.md says: name and type. */
async function documentedMetrics(): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  const rows = page.matchAll(/^\| `(cofferdam_\w+)` \| (\w+) \|/gmu);
  return new Map([...rows].map(([, name = '', type = '']) => [name, type]));
}

test('a running server has the metrics that are documented, and no other', async (context) => {
  const origin = await startOrigin(context, { modules: GRAPH.modules });
  const store = await temporaryFolder(context);
  const words = ['--store', store, '--upstream', origin.url, '--sumdb', 'off'];
  const { address } = await startProgram(context, words);
  for (let index = 0; index < 100; index += 1) await readAnswer(`${address}${INFO}`);
  await readAnswer(`${address}/none.test/@v/v1.0.0.mod`);
  const answer = await readAnswer(`${address}/-/metrics`);
  const text = answer.body.toString();
  const registered = new Map(
    [...text.matchAll(/^# TYPE (cofferdam_\w+) (\w+)$/gmu)].map(([, name, type]) => [name, type]),
  );
  const documented = [...(await documentedMetrics())];
  assert.deepEqual(
    Object.fromEntries(registered),
    // Without --workers there are no workers to count.
    Object.fromEntries(documented.filter(([name]) => !name.startsWith('cofferdam_worker'))),
  );
  const sample = (pattern: string): number =>
    Number(new RegExp(`^cofferdam_${pattern} (\\S+)$`, 'mu').exec(text)?.[1] ?? Number.NaN);
  assert.equal(sample('requests_total\\{kind="info",outcome="hit",status="2xx"\\}'), 99);
  assert.equal(sample('request_duration_seconds_count\\{kind="info",outcome="hit"\\}'), 64);
  assert.equal(sample('request_duration_seconds_count\\{kind="info",outcome="fill"\\}'), 1);
  const phase = `upstream="${new URL(origin.url).host}",phase="first_byte"`;
  assert.ok(sample(`upstream_phase_duration_seconds_count\\{${phase}\\}`) >= 2);
  checkWithPromtool(context, text);
});

/** Prometheus's own opinion of names, types and text, where its tool is at hand. */
function checkWithPromtool(context: TestContext, text: string): void {
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  if (error !== undefined) {
    context.diagnostic('promtool is not here: sh scripts/install-test-tools.sh brings it');
    return;
  }
  assert.equal(`${stdout}${stderr}`.trim(), '');
  assert.equal(status, 0);
}

test('serve --watch wants a terminal, and says so in one sentence', async () => {
  const { code, stdout, stderr } = await runProgram([
    'serve',
    '--watch',
    '--listen',
    '127.0.0.1:0',
  ]);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /--watch draws on a terminal, and standard output is none/u);
});

test('serve --watch draws on a terminal below the line that programs wait for, and ends by Ctrl-C', async (context) => {
  const origin = await startOrigin(context, { modules: GRAPH.modules });
  const store = await temporaryFolder(context);
  const main = new URL('../../src/main.ts', import.meta.url).pathname;
  const words = ['serve', '--watch', '--listen', '127.0.0.1:0', '--store', store];
  const command = [process.execPath, main, ...words, '--upstream', origin.url, '--sumdb', 'off'];
  // util-linux: gives the command a terminal of its own, and passes on what it shows and is typed.
  const child = spawn('script', ['-qefc', `exec ${command.join(' ')}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm', NO_COLOR: '1' },
  });
  context.after(() => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let shown = '';
  child.stdout.on('data', (piece: Buffer) => (shown += piece.toString()));
  async function untilShown(pattern: RegExp): Promise<RegExpExecArray> {
    const end = performance.now() + 60_000;
    for (;;) {
      const found = pattern.exec(shown);
      if (found !== null) return found;
      assert.ok(performance.now() < end, `${String(pattern)} is not in ${shown}`);
      await sleep(20);
    }
  }
  const [, address = ''] = await untilShown(/listening on (\S+)\r?\n/u);
  await readAnswer(`${address}${INFO}`);
  await untilShown(/level L0/u);
  await untilShown(/fill 1\.0\/s|hits 0\.0 % of 1 since the start/u);
  await untilShown(/healthy/u);
  assert.doesNotMatch(shown, /\u001B\[\d*;?\d*m/u, 'NO_COLOR is respected');
  child.stdin.write('\u0003');
  assert.equal(await ended, 0);
  assert.match(shown, /stopping; answers under way may end first/u);
});

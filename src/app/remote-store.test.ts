import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { startHttpServer } from '../../test/support/http-servers.ts';
import { createHttpClient, createSystemClock } from '../platform/adapters.ts';
import type { StoreCare } from '../proxy/index.ts';
import { createRemoteStore } from './remote-store.ts';

type Answer = readonly [status: number, text: string];

const NEVER = new AbortController().signal;
const TASK = { id: 'a1', kind: 'gc', state: 'running', started: 'now', versions: 0, bytes: 0 };
const GC = {
  dryRun: false,
  versions: 1,
  bytes: 2,
  evictedVersions: 0,
  evictedBytes: 0,
  isOverBudget: false,
  evicted: [],
};

/** A server that gives these answers one after the other, the last one for ever. */
async function remote(
  context: TestContext,
  answers: readonly Answer[],
): Promise<{ readonly store: StoreCare; readonly asked: string[] }> {
  const left = [...answers];
  const asked: string[] = [];
  const server = await startHttpServer(context, (request: IncomingMessage, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const [status, text] = (left.length > 1 ? left.shift() : left[0]) ?? [500, ''];
    request.resume();
    request.on('end', () => {
      response.writeHead(status);
      response.end(text);
    });
  });
  const http = createHttpClient({}, { version: 'test', environment: {} });
  context.after(async () => http.close());
  const store = createRemoteStore({ http, clock: createSystemClock() }, { url: `${server.url}/` });
  return { store, asked };
}

test('long work on a remote store is begun, asked about, and read at its end', async (context) => {
  const { store, asked } = await remote(context, [
    [200, JSON.stringify(TASK)],
    [200, JSON.stringify({ ...TASK, versions: 1, bytes: 2 })],
    [200, JSON.stringify({ ...TASK, state: 'done', gc: GC })],
  ]);
  const seen: number[] = [];
  const report = await store.collectGarbage({
    dryRun: false,
    progress: ({ versions }) => void seen.push(versions),
    signal: NEVER,
  });
  assert.deepEqual(report, GC);
  assert.deepEqual(seen, [1, 0]);
  const base = '/-/api/v1/store';
  const look = `GET ${base}/task?id=a1`;
  assert.deepEqual(asked, [`POST ${base}/gc`, look, look]);
});

test('what a remote server refuses keeps its reason, its hint and its sort', async (context) => {
  const text = 'there is no such thing\nlook elsewhere\ncofferdam: trace 0\n';
  for (const [status, kind] of [
    [400, 'bad-input'],
    [403, 'denied'],
    [404, 'not-found'],
    [409, 'conflict'],
    [500, 'unavailable'],
  ] as const) {
    const { store } = await remote(context, [[status, text]]);
    await assert.rejects(store.stats(), { code: 'server-refused', kind, hint: 'look elsewhere' });
  }
  const { store } = await remote(context, [[409, text]]);
  const refused = { kind: 'refused', reason: 'unasked', problem: 'there is no such thing' };
  assert.deepEqual(await store.refresh('m.test/x'), refused);
});

test('a task that failed there fails here with its own code', async (context) => {
  const problem = { code: 'store-busy', message: 'busy', hint: 'wait' };
  const { store } = await remote(context, [
    [200, JSON.stringify({ ...TASK, state: 'failed', problem })],
  ]);
  await assert.rejects(store.collectGarbage({ dryRun: false, signal: NEVER }), problem);
});

test('a server that verifies or cleans its store already is busy', async (context) => {
  const { store } = await remote(context, [[409, 'the store is being cleaned already\n']]);
  await assert.rejects(store.verify({ dryRun: true, signal: NEVER }), {
    code: 'store-busy',
    message: /refused: the store is being cleaned already$/u,
  });
});

test('an answer that is none of ours is not believed', async (context) => {
  for (const text of ['', '<html>', '{}', '[]', JSON.stringify({ modules: 'many' })]) {
    const { store } = await remote(context, [[200, text]]);
    await assert.rejects(store.stats(), { code: 'server-not-understood' }, text);
  }
  const done = JSON.stringify({ ...TASK, state: 'done' });
  const { store } = await remote(context, [[200, done]]);
  const asked = store.collectGarbage({ dryRun: false, signal: NEVER });
  await assert.rejects(asked, { code: 'server-not-understood' });
});

test('an address with credentials, a path or another scheme is no server', () => {
  const needs = { http: createHttpClient({}, { version: 'test' }), clock: createSystemClock() };
  for (const url of ['127.0.0.1:1', 'ftp://h', 'http://u:p@h', 'http://h/x', 'http://h?x', '']) {
    assert.throws(() => createRemoteStore(needs, { url }), { code: 'server-url-malformed' }, url);
  }
});

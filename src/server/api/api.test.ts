import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import { z } from 'zod';
import { describeApi } from './describe.ts';
import { mountApi } from './mount.ts';
import { apiProblem, apiRoute } from './route.ts';

const read = apiRoute({
  method: 'GET',
  path: '/things',
  operation: 'listThings',
  summary: 'the things',
  query: z.object({ limit: z.coerce.number().int().min(1).max(10).default(5) }),
  result: z.object({ limit: z.number() }),
  answer: async ({ query }) =>
    query.limit === 7 ? apiProblem(404, 'there are no seven things') : { limit: query.limit },
});

const change = apiRoute({
  method: 'POST',
  path: '/things',
  operation: 'changeThing',
  summary: 'changes one',
  body: z.object({ name: z.string().max(9) }).strict(),
  result: z.object({ name: z.string() }),
  answer: async ({ body }) => ({ name: body.name }),
});

type Send = (path: string, init?: RequestInit, client?: string) => Promise<Response>;

function setUp(): Send {
  const app = new Hono();
  mountApi(app, [read, change], {
    version: '1.2.3',
    refuse: (context, status, cause) => context.text(`${cause}\n`, status),
  });
  return async (path, init = {}, client = '127.0.0.1') => {
    const request = new Request(`http://127.0.0.1/-/api/v1${path}`, init);
    const headers = { host: '127.0.0.1', ...Object.fromEntries(request.headers) };
    return app.request(request, undefined, {
      incoming: { socket: { remoteAddress: client }, headers },
    });
  };
}

function json(body: string): RequestInit {
  return { method: 'POST', body, headers: { 'content-type': 'application/json' } };
}

test('mountApi() answers with what the operation gives', async () => {
  const send = setUp();
  const answer = await send('/things?limit=3');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  assert.deepEqual(await answer.json(), { limit: 3 });
  assert.deepEqual(await (await send('/things')).json(), { limit: 5 });
  assert.deepEqual(await (await send('/things', json('{"name":"a"}'))).json(), { name: 'a' });
});

test('mountApi() says in one line why it does not answer', async () => {
  const send = setUp();
  const cases: readonly (readonly [number, RegExp, string, RequestInit?])[] = [
    [400, /^the query is wrong at limit: /u, '/things?limit=11'],
    [400, /^the query is wrong: .*other/u, '/things?other=1'],
    [404, /^there are no seven things$/u, '/things?limit=7'],
    [404, /^there is no such operation$/u, '/nothing'],
    [405, /^this operation has another method$/u, '/things', { method: 'DELETE' }],
    [400, /^the body is not JSON$/u, '/things', json('{')],
    [400, /^the body is wrong at name: /u, '/things', json('{"name":1}')],
    [400, /^the body is not as described$/u, '/things', json('{"unreadable":true}')],
    [413, /65536 bytes/u, '/things', json(`"${'x'.repeat(65_536)}"`)],
    [415, /application\/json/u, '/things', { method: 'POST', body: '{}' }],
  ];
  for (const [status, pattern, path, init] of cases) {
    const answer = await send(path, init);
    assert.equal(answer.status, status, path);
    assert.match((await answer.text()).trimEnd(), pattern);
  }
});

test('mountApi() asks the guard before it reads anything', async () => {
  const send = setUp();
  assert.equal((await send('/things', json('{'), '192.0.2.1')).status, 403);
  assert.equal((await send('/things', { headers: { origin: 'http://a.test' } })).status, 403);
  assert.equal((await send('/openapi.json', { headers: { host: 'a.test' } })).status, 403);
});

test('describeApi() lists each operation with its parameters and schemas', async () => {
  const described = await (await setUp()('/openapi.json')).json();
  assert.deepEqual(described, JSON.parse(JSON.stringify(describeApi([read, change], '1.2.3'))));
  const { paths } = described as { paths: Record<string, Record<string, Record<string, unknown>>> };
  const operations = paths['/-/api/v1/things'] ?? {};
  assert.deepEqual(Object.keys(operations), ['get', 'post']);
  const parameters = operations['get']?.['parameters'];
  const [limit] = (parameters ?? []) as readonly Record<string, unknown>[];
  assert.deepEqual(limit, {
    name: 'limit',
    in: 'query',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 10, default: 5 },
  });
  assert.ok(operations['post']?.['requestBody']);
});

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test, type TestContext } from 'node:test';
import { startRelay } from './relay.ts';

async function startUpstream(context: TestContext): Promise<string> {
  const server = createServer((incoming, answer) => {
    const status = incoming.url?.includes('missing') === true ? 410 : 200;
    answer
      .writeHead(status, { 'content-type': 'text/plain' })
      .end(`upstream saw ${incoming.url ?? ''}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address !== 'string');
  return `http://127.0.0.1:${address.port}/base`;
}

test('the strict relay forwards legal paths unchanged and knows no others', async (context) => {
  const relay = await startRelay({ upstream: await startUpstream(context), strict: true });
  context.after(() => relay.stop());
  const found = await fetch(`${relay.url}/example.com/m/@v/list`);
  assert.equal(found.status, 200);
  assert.equal(await found.text(), 'upstream saw /base/example.com/m/@v/list');
  const missing = await fetch(`${relay.url}/example.com/missing/@v/list`);
  assert.equal(missing.status, 410);
  assert.equal(await missing.text(), 'upstream saw /base/example.com/missing/@v/list');
  const illegal = await fetch(`${relay.url}/404/example.com/m/@v/list`);
  assert.equal(illegal.status, 404);
  await illegal.text();
  assert.deepEqual(relay.counts, { forwarded: 2, refused: 1 });
  assert.deepEqual([...relay.refusedPaths], ['GET /mod/404/example.com/m/@v/list']);
});

test('the lenient relay only adds a path prefix', async (context) => {
  const relay = await startRelay({ upstream: await startUpstream(context), strict: false });
  context.after(() => relay.stop());
  assert.equal(
    await (await fetch(`${relay.url}/-/healthz`)).text(),
    'upstream saw /base/-/healthz',
  );
});

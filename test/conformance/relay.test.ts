import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test, type TestContext } from 'node:test';
import { startRelay } from './relay.ts';
import { createRelayFaults, type RelayFault } from './relay-faults.ts';

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

function met(share: number, seed: number, paths: readonly string[]): readonly string[] {
  const faults = createRelayFaults({ kind: 'cut', share }, seed);
  const hit = paths.filter((path) => faults.next(path) !== undefined);
  assert.equal(faults.met(), hit.length);
  return hit;
}

test('the seed decides which requests are met, in whatever order they come', () => {
  const paths = Array.from({ length: 4000 }, (_, index) => `/m.test/${index}/@v/list`);
  const some = met(0.05, 1, paths);
  assert.ok(some.length > 150 && some.length < 250, `${some.length} of 4000`);
  assert.deepEqual(met(0.05, 1, paths.toReversed()).toSorted(), some.toSorted());
  assert.notDeepEqual(met(0.05, 2, paths), some);
  // Asked again, a path has a chance of its own.
  const again = createRelayFaults({ kind: 'status', share: 0.5 }, 1);
  const fates = new Set(Array.from({ length: 20 }, () => again.next('/m.test/@v/list')));
  assert.ok(fates.has('status') && fates.has(undefined));
});

test('each fault does to a request what its name says', async (context) => {
  const upstream = await startUpstream(context);
  async function ask(kind: RelayFault['kind'], share = 1): Promise<string> {
    const faults = createRelayFaults({ kind, share }, 1);
    const relay = await startRelay({ upstream, strict: false, faults });
    context.after(() => relay.stop());
    const began = performance.now();
    const answer = await fetch(`${relay.url}/m.test/@v/list`);
    const text = await answer.text().catch(() => 'broken');
    return `${answer.status} ${text.split('\n')[0] ?? ''}${performance.now() - began >= 199 ? ' late' : ''}`;
  }
  assert.match(await ask('status'), /^503 relay: one of the failures/);
  assert.match(await ask('reset'), /^200 broken/);
  assert.match(await ask('cut'), /^200 broken/);
  assert.equal(await ask('latency'), '200 upstream saw /base/m.test/@v/list late');
  assert.match(await ask('cut', 0), /^200 upstream saw/);
});

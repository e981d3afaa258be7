import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { failed } from '../upstream/index.ts';
import { ask, createBench, fromDatabase, lookup } from './relay-bench.fuzz.ts';
import type { RelayAnswer } from './relay-answer.ts';
import { createRelayClient } from './relay-client.fuzz.ts';

function bodyOf(answer: RelayAnswer): string {
  assert.equal(answer.kind, 'bytes');
  return answer.kind === 'bytes' ? answer.body.toString() : '';
}

test('a lookup made once is answered and proven again without the database', async (t) => {
  const bench = await createBench(t);
  bench.database.grow(1000);
  const first = bench.start();
  const fresh = await ask(first, bench, lookup(1));
  assert.match(bodyOf(fresh), /^1000\nm\.test\/M1 v1\.0\.0 h1:/);
  await createRelayClient(first, bench.database).check([lookup(1)]);
  await first.close();

  bench.database.asked.length = 0;
  const second = bench.start();
  const again = await ask(second, bench, lookup(1));
  assert.equal(bodyOf(again), bodyOf(fresh));
  assert.equal(again.kind === 'bytes' && again.source, 'hit');
  await createRelayClient(second, bench.database, { cachedOnly: true }).check([lookup(1)]);
  assert.deepEqual(bench.database.asked, []);
});

test('whatever the tree grew by between lookups, all stored ones stay provable alone', async (t) => {
  const bench = await createBench(t);
  let relay = bench.start();
  const known: string[] = [];
  const clients = [createRelayClient(relay, bench.database)];
  const steps = [0, 3, 251, 1, 256, 3000];
  for (const [index, records] of steps.entries()) {
    bench.database.grow(records);
    known.push(lookup(index));
    await ask(relay, bench, lookup(index));
    // An old client, which saw earlier heads, goes on with this one.
    for (const client of clients) {
      client.use(relay);
      await client.check(known.slice(-2));
    }
    await relay.close();
    relay = bench.start();
    bench.database.asked.length = 0;
    await createRelayClient(relay, bench.database, { cachedOnly: true }).check(known);
    await createRelayClient(relay, bench.database, { cachedOnly: true }).check(known.toReversed());
    for (const client of clients) {
      client.use(relay, { cachedOnly: true });
      await client.check(known);
      client.use(relay);
    }
    assert.deepEqual(bench.database.asked, []);
    clients.push(createRelayClient(relay, bench.database));
    await clients.at(-1)?.check(known.slice(-1));
  }
});

test('old records are proven in the pinned tree and do not move it', async (t) => {
  const bench = await createBench(t);
  for (let index = 0; index < 5; index++) {
    bench.database.answer(lookup(index));
    bench.database.grow(300);
  }
  const relay = bench.start();
  await ask(relay, bench, lookup(0));
  const version = relay.headVersion(bench.database.name);
  const head = bodyOf(await ask(relay, bench, 'latest'));
  bench.database.grow(10_000);
  for (let index = 1; index < 5; index++) {
    assert.ok(bodyOf(await ask(relay, bench, lookup(index))).endsWith(head));
  }
  assert.equal(relay.headVersion(bench.database.name), version);
  await ask(relay, bench, lookup(9));
  assert.equal(relay.headVersion(bench.database.name), version + 1);
  assert.ok(!bodyOf(await ask(relay, bench, lookup(0))).endsWith(head));
});

test('fifty simultaneous lookups of one module ask the database once', async (t) => {
  const bench = await createBench(t);
  const relay = bench.start();
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(relay, bench, lookup(3))));
  const sources = answers.map((answer) => (answer.kind === 'bytes' ? answer.source : answer.kind));
  assert.equal(sources.filter((source) => source === 'joined').length, 49);
  assert.equal(bench.database.asked.filter((resource) => resource === lookup(3)).length, 1);
});

test('many modules at once fetch each tile once', async (t) => {
  const bench = await createBench(t);
  for (let index = 0; index < 30; index++) {
    bench.database.answer(lookup(index));
    bench.database.grow(40);
  }
  bench.database.asked.length = 0;
  const relay = bench.start();
  await Promise.all(Array.from({ length: 30 }, (_, index) => ask(relay, bench, lookup(index))));
  const { asked } = bench.database;
  assert.equal(new Set(asked).size, asked.length);
  await relay.close();
  const client = createRelayClient(bench.start(), bench.database, { cachedOnly: true });
  await client.check(Array.from({ length: 30 }, (_, index) => lookup(index)));
});

test('a wrong signature, a forked tree and a false record are refused and reported', async (t) => {
  const bench = await createBench(t);
  const other = await createBench(t);
  bench.database.grow(700);
  other.database.grow(300);
  other.database.answer(lookup(5));
  other.database.grow(600);
  const relay = bench.start();
  await ask(relay, bench, lookup(1));
  const honest = bench.fetch;
  bench.fetch = async (resource) => {
    const fetched = await honest(resource);
    return fetched.outcome === 'found' && resource === lookup(2)
      ? {
          ...fetched,
          bytes: Buffer.from(fetched.bytes.toString().replace(/(— \S+ .{12})../, '$1xy')),
        }
      : fetched;
  };
  const forged = await ask(relay, bench, lookup(2));
  assert.equal(forged.kind === 'failed' && forged.failures[0]?.kind, 'invalid');
  bench.fetch = fromDatabase(other.database);
  assert.equal((await ask(relay, bench, lookup(6))).kind, 'failed');
  bench.fetch = async (resource) => {
    const fetched = await honest(resource);
    return fetched.outcome === 'found' && resource === lookup(1).replace('1@', '7@')
      ? { ...fetched, bytes: Buffer.from(fetched.bytes.toString().replace('h1:', 'h1:A')) }
      : fetched;
  };
  assert.equal((await ask(relay, bench, lookup(7))).kind, 'failed');
  assert.deepEqual(bench.findings, [
    'checksum-signature-wrong',
    'checksum-tree-forked',
    'checksum-record-not-in-tree',
  ]);
  bench.fetch = honest;
  assert.equal((await ask(relay, bench, lookup(2))).kind, 'bytes');
});

test('without tiles an answer passes through unpinned and unstored', async (t) => {
  const bench = await createBench(t);
  const honest = bench.fetch;
  bench.fetch = (resource) =>
    resource.startsWith('tile/')
      ? {
          outcome: 'failed',
          failures: [
            failed('test', {
              kind: 'unavailable',
              reason: 'answered-5xx',
              message: 'test answered 502',
            }),
          ],
        }
      : honest(resource);
  const relay = bench.start();
  assert.equal(
    bodyOf(await ask(relay, bench, lookup(1))),
    bench.database.answer(lookup(1))?.toString(),
  );
  assert.equal(relay.headVersion(bench.database.name), 0);
  await relay.close();
  assert.deepEqual(await readdir(bench.store), []);
});

test('a damaged stored tile is fetched and proven again', async (t) => {
  const bench = await createBench(t);
  bench.database.grow(2000);
  const relay = bench.start();
  await ask(relay, bench, lookup(1));
  await relay.close();
  const folder = join(bench.store, 'modules/sumdb', bench.database.name, 'tile/8/1');
  const [name = ''] = await readdir(join(folder, '000.p'));
  const path = join(folder, '000.p', name);
  const good = await readFile(path);
  const bad = Buffer.from(good);
  bad[3] = (bad[3] ?? 0) ^ 1;
  await writeFile(path, bad);
  bench.database.grow(3);
  const again = bench.start();
  assert.equal((await ask(again, bench, lookup(2))).kind, 'bytes');
  await again.close();
  await createRelayClient(bench.start(), bench.database, { cachedOnly: true }).check([
    lookup(1),
    lookup(2),
  ]);
});

test('a store that lost its state, or is shared, goes on with the newest head in it', async (t) => {
  const bench = await createBench(t);
  const [one, two] = [bench.start(), bench.start()];
  await ask(one, bench, lookup(1));
  bench.database.grow(500);
  await ask(two, bench, lookup(2));
  // In the middle of the second one's writing it may be there or not; behind its end the first one finds it on disk.
  assert.match((await ask(one, bench, lookup(2), true)).kind, /^(?:not-stored|bytes)$/);
  await two.close();
  bench.database.asked.length = 0;
  await createRelayClient(one, bench.database, { cachedOnly: true }).check([lookup(1), lookup(2)]);
  await one.close();
  await rm(join(bench.store, 'sumdb-state'), { recursive: true });
  await createRelayClient(bench.start(), bench.database, { cachedOnly: true }).check([
    lookup(2),
    lookup(1),
  ]);
  assert.deepEqual(bench.database.asked, []);
});

test('what is malformed, unknown or absent is told apart', async (t) => {
  const bench = await createBench(t);
  const relay = bench.start();
  assert.equal(
    (await relay.answer('other.example', 'supported', { cachedOnly: false })).kind,
    'unknown-database',
  );
  assert.equal(bodyOf(await ask(relay, bench, 'supported', true)), '');
  for (const resource of [
    'lookup/m.test/M1@v1.0.0',
    'lookup/m.test@',
    'lookup/../x@v1.0.0',
    'lookup/m.test/a@v1',
    'tile/8/0/1',
    'tile/8/0/000.p/256',
    'tile/31/0/000',
    'tile/8/0/x000/001',
    'tile/8/0/../x',
    'other',
    `lookup/m.test/${'a'.repeat(2000)}@v1.0.0`,
  ]) {
    assert.equal((await ask(relay, bench, resource)).kind, 'bad-request', resource);
  }
  assert.deepEqual(bench.database.asked, []);
  const absent = await ask(relay, bench, 'lookup/m.test/none@v1.0.0');
  assert.equal(absent.kind === 'absent' && absent.body.toString(), 'not found: no such record');
  assert.equal((await ask(relay, bench, lookup(1), true)).kind, 'not-stored');
});

test('giving up ends the waiting of one and not the question of the others', async (t) => {
  const bench = await createBench(t);
  const honest = bench.fetch;
  const held = Promise.withResolvers<void>();
  bench.fetch = async (resource) => {
    await held.promise;
    return await honest(resource);
  };
  const relay = bench.start();
  const leaving = new AbortController();
  const options = { cachedOnly: false, signal: leaving.signal };
  const first = relay.answer(bench.database.name, lookup(1), options);
  const second = ask(relay, bench, lookup(1));
  leaving.abort(new Error('the client left'));
  await assert.rejects(first, /the client left/);
  held.resolve();
  assert.equal((await second).kind, 'bytes');
});

test('without a key consistency is kept all the same', async (t) => {
  const bench = await createBench(t, { key: 'none' });
  const other = await createBench(t);
  const relay = bench.start();
  bench.database.grow(20);
  await ask(relay, bench, lookup(1));
  other.database.grow(80);
  bench.fetch = fromDatabase(other.database);
  assert.equal((await ask(relay, bench, lookup(2))).kind, 'failed');
  assert.deepEqual(bench.findings, ['checksum-tree-forked']);
});

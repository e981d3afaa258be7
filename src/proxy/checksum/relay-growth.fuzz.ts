import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Files } from '../../platform/index.ts';
import { ask, createBench, lookup } from './relay-bench.fuzz.ts';
import { createRelayClient } from './relay-client.fuzz.ts';

const RUNS = Number(process.env['ORACLE_RUNS'] ?? 8);

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}

test('random growth, lookups and restarts leave everything provable alone', async (t) => {
  for (let run = 0; run < RUNS; run++) {
    const bench = await createBench(t, { modules: 60 });
    let relay = bench.start();
    const known = new Set<string>();
    const trace: string[] = [];
    const traveller = createRelayClient(relay, bench.database);
    for (let step = 0; step < 25; step++) {
      const records = [0, 1, below(256), 256, below(3000), below(70_000)][below(6)] ?? 0;
      bench.database.grow(records);
      const wanted = Array.from({ length: 1 + below(4) }, () => lookup(below(60)));
      trace.push(`${records}: ${wanted.join(' ')}`);
      // Records may be in the database long before anybody asks the relay for them.
      if (below(3) === 0) {
        bench.database.answer(lookup(below(60)));
      }
      await Promise.all(wanted.map((resource) => ask(relay, bench, resource)));
      wanted.forEach((resource) => known.add(resource));
      if (below(4) === 0) {
        await relay.close();
        relay = bench.start();
      }
      bench.database.asked.length = 0;
      const cachedOnly = { cachedOnly: true };
      traveller.use(relay, cachedOnly);
      await traveller.check(wanted);
      const order = [...known].toSorted(() => Math.random() - 0.5).slice(0, 8);
      await createRelayClient(relay, bench.database, cachedOnly).check(order);
      assert.deepEqual(bench.database.asked, [], trace.join('\n'));
    }
    await relay.close();
    assert.deepEqual(bench.findings, []);
  }
});

/** Like the disk of a program that is killed at its n-th write. */
function diesAfter(files: Files, writes: number): Files {
  let left = writes;
  async function counted(write: () => Promise<void>): Promise<void> {
    left -= 1;
    if (left < 0) {
      throw new Error('the program was killed');
    }
    await write();
  }
  return {
    ...files,
    writeAtomically: (...parameters) => counted(() => files.writeAtomically(...parameters)),
    append: (...parameters) => counted(() => files.append(...parameters)),
  };
}

test('a program killed before any of its writes leaves a store that is right', async (t) => {
  for (let writes = 0; writes < 30; writes++) {
    const bench = await createBench(t, { modules: 20 });
    const { files } = bench;
    bench.database.grow(500);
    bench.files = diesAfter(files, writes);
    const dying = bench.start();
    for (let index = 0; index < 6; index++) {
      await ask(dying, bench, lookup(index));
      bench.database.grow(100);
    }
    await dying.close();
    bench.files = files;
    const relay = bench.start();
    const client = createRelayClient(relay, bench.database);
    const all = Array.from({ length: 8 }, (_, index) => lookup(index));
    await client.check(all);
    await relay.close();
    bench.database.asked.length = 0;
    await createRelayClient(bench.start(), bench.database, { cachedOnly: true }).check(all);
    assert.deepEqual(bench.database.asked, [], `${writes} writes`);
    assert.deepEqual(bench.findings, []);
  }
});

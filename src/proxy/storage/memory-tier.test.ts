import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMemoryTier } from './memory-tier.ts';
import type { HotEntry, MemoryTier } from './memory-tier.ts';

function entryOf(bytes: number): HotEntry {
  return {
    kind: 'zip',
    module: 'm.test/x@v1.0.0',
    isCompressible: false,
    body: Buffer.alloc(bytes),
    etag: '"x"',
    lastModified: '',
    headers: [],
    whole: undefined,
    gzip: undefined,
  };
}

test('createMemoryTier() gives the entry that was put, and none after delete', () => {
  const tier = createMemoryTier({ maximumBytes: 1_000_000 });
  const entry = entryOf(10);
  assert.equal(tier.get('/a'), undefined);
  assert.equal(tier.put('/a', entry), true);
  assert.equal(tier.get('/a'), entry);
  const other = entryOf(20);
  tier.put('/a', other);
  assert.equal(tier.get('/a'), other);
  tier.delete('/a');
  assert.equal(tier.get('/a'), undefined);
  assert.equal(tier.bytes, 0);
});

test('createMemoryTier() never holds more than its bytes, small entries included', () => {
  const tier = createMemoryTier({ maximumBytes: 100_000 });
  for (let index = 0; index < 5000; index += 1) {
    tier.put(`/${index}`, entryOf(index % 300));
    assert.ok(tier.bytes <= 100_000);
  }
  const kept = Array.from({ length: 5000 }, (_, index) => tier.get(`/${index}`)).filter(Boolean);
  assert.ok(kept.length > 50 && kept.length < 100, String(kept.length));
});

test('createMemoryTier() lets leave first what was never asked again', () => {
  const tier = createMemoryTier({ maximumBytes: 100_000 });
  tier.put('/loved', entryOf(1000));
  for (let index = 0; index < 500; index += 1) {
    tier.put(`/${index}`, entryOf(1000));
    assert.ok(tier.get('/loved'), `after ${index}`);
  }
  assert.equal(tier.get('/0'), undefined);
  assert.ok(tier.get('/499'));
});

test('createMemoryTier() takes nothing above a quarter of its size', () => {
  const tier = createMemoryTier({ maximumBytes: 400_000 });
  assert.equal(tier.maximumEntryBytes, 100_000);
  assert.equal(tier.put('/large', entryOf(100_001)), false);
  assert.equal(tier.get('/large'), undefined);
  assert.equal(tier.put('/fits', entryOf(100_000)), true);
  const none = createMemoryTier({ maximumBytes: 0 });
  none.put('/a', entryOf(0));
  assert.equal(none.get('/a'), undefined);
  assert.equal(none.bytes, 0);
});

/** A tier of about 180 entries whose members are all in use. */
function tierInUse(hot: readonly string[]): MemoryTier {
  const tier = createMemoryTier({ maximumBytes: 400_000 });
  for (let round = 0; round < 3; round += 1) {
    for (const key of hot) {
      if (tier.get(key) === undefined) tier.put(key, entryOf(1000));
    }
  }
  return tier;
}

test('createMemoryTier() keeps what is in use through a scan of many times its size', () => {
  const hot = Array.from({ length: 100 }, (_, index) => `/hot/${index}`);
  const tier = tierInUse(hot);
  for (let index = 0; index < 20_000; index += 1) {
    const key = `/scan/${index}`;
    assert.equal(tier.get(key), undefined);
    tier.put(key, entryOf(index % 3000));
    assert.ok(tier.bytes <= 400_000);
  }
  assert.equal(hot.filter((key) => tier.get(key) !== undefined).length, hot.length);
});

test('createMemoryTier() lets go of what was in use once, for what is in use now', () => {
  const before = Array.from({ length: 150 }, (_, index) => `/before/${index}`);
  const now = Array.from({ length: 150 }, (_, index) => `/now/${index}`);
  const tier = tierInUse(before);
  for (let round = 0; round < 10; round += 1) {
    for (const key of now) {
      if (tier.get(key) === undefined) tier.put(key, entryOf(1000));
    }
  }
  assert.equal(now.filter((key) => tier.get(key) !== undefined).length, now.length);
});

test('createMemoryTier() counts its bytes right whatever is done to it', () => {
  const number = fc.integer({ min: 0, max: 40 });
  const step = fc.tuple(fc.constantFrom('put', 'get', 'delete'), number, fc.nat({ max: 30_000 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const tier = createMemoryTier({ maximumBytes: 100_000 });
      for (const [what, index, size] of steps) {
        const key = `/${index}`;
        if (what === 'put') tier.put(key, entryOf(size));
        else if (what === 'get') tier.get(key);
        else tier.delete(key);
        assert.ok(tier.bytes <= 100_000);
      }
      const kept = tier.keys();
      assert.equal(new Set(kept).size, kept.length);
      const sizes = kept.map((key) => (tier.get(key)?.body.length ?? 0) + 1024 + key.length * 2);
      assert.equal(
        sizes.reduce((sum, size) => sum + size, 0),
        tier.bytes,
      );
      for (const key of kept) tier.delete(key);
      assert.equal(tier.bytes, 0);
    }),
    { numRuns: 200 },
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryTier } from './memory-tier.ts';
import type { HotEntry } from './memory-tier.ts';

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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import type { OpenRequest } from './requests/index.ts';
import { createWaitingClients } from './waiting-clients.ts';

const ZIP = '/x/@v/v1.0.0.zip';

test('a client waits for the same path of an upstream, and for no longer than it has asked', async () => {
  const clock = createTestClock();
  const requests: OpenRequest[] = [
    { url: `https://a.example${ZIP}`, silentMilliseconds: 9000 },
    { url: 'https://a.example/ahead/@v/v1.0.0.zip', silentMilliseconds: 60_000 },
  ];
  const clients = createWaitingClients(clock, { list: () => requests });
  assert.deepEqual(clients.waiting(), []);
  const end = clients.begin(ZIP);
  await clock.advance(4000);
  assert.deepEqual(clients.waiting(), [
    { url: `https://a.example${ZIP}`, silentMilliseconds: 4000 },
  ]);
  end();
  assert.deepEqual(clients.waiting(), []);
  assert.equal(clients.count, 0);
});

test('what comes from any of several upstreams is progress', async () => {
  const clock = createTestClock();
  const requests = [
    { url: `https://a.example${ZIP}`, silentMilliseconds: 9000 },
    { url: `https://b.example${ZIP}`, silentMilliseconds: 10 },
  ];
  const clients = createWaitingClients(clock, { list: () => requests });
  clients.begin(ZIP);
  await clock.advance(20_000);
  assert.deepEqual(clients.waiting(), [{ url: `https://a.example${ZIP}`, silentMilliseconds: 10 }]);
});

test('who waits for something else waits for whoever is silent, while nothing comes at all', async () => {
  const clock = createTestClock();
  const requests = [{ url: 'https://sum.example/lookup/x@v1.0.0', silentMilliseconds: 7000 }];
  const clients = createWaitingClients(clock, { list: () => requests });
  clients.begin(ZIP);
  clients.begin('/x/@v/v1.0.0.mod');
  await clock.advance(30_000);
  assert.deepEqual(clients.waiting(), requests);
});

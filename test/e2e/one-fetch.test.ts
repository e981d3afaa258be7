import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '../support/digest-of.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';

const MODULE = { path: 'm.test/eight', version: 'v1.0.0', zipBytes: 8_000_000 };
const ZIP = '/m.test/eight/@v/v1.0.0.zip';
const CLIENTS = 50;

for (const firstLeaves of [false, true]) {
  test(`fifty clients of one cold zip cause one upstream request${firstLeaves ? ', also when the first leaves' : ''}`, async (context) => {
    const origin = await startOrigin(context, {
      modules: [MODULE],
      network: { latencyMilliseconds: 200 },
    });
    const right = await digestOf(origin.url + ZIP);
    origin.resetCounts();
    const cofferdam = await startCofferdam(context, { upstream: origin.url });
    if (firstLeaves) {
      const leader = get(cofferdam.address + ZIP, { agent: false });
      leader.on('error', () => undefined);
      await sleep(20);
      leader.destroy();
    }
    const digests = await Promise.all(
      Array.from({ length: CLIENTS }, async () => digestOf(cofferdam.address + ZIP)),
    );
    assert.deepEqual(new Set(digests), new Set([right]));
    assert.equal(origin.counts().paths[ZIP]?.requests, 1);
    assert.equal(await digestOf(cofferdam.address + ZIP), right);
    assert.equal(origin.counts().total.requests, 1);
  });
}

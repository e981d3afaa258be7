import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, describe, test } from 'node:test';
import { readAnswer } from '../../../test/support/read-answer.ts';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createSystemClock } from '../../platform/adapters.ts';
import { createOrigin } from '../origin/index.ts';
import { createHop } from './hop.ts';
import { createHopRules } from './hop-rules.ts';
import type { Hop } from './hop.ts';
import type { HopRule } from './hop-rules.ts';

const PATH = '/m.test/a/@v/v1.0.0.zip';
const BYTES = 100_000;

describe('createHop()', { concurrency: true }, () => {
  const closing: (() => Promise<void>)[] = [];
  after(async () => {
    for (const close of closing) await close();
  });

  async function start(faults: readonly HopRule[] = []): Promise<Hop> {
    const clock = createSystemClock();
    const modules = [{ path: 'm.test/a', version: 'v1.0.0', zipBytes: BYTES }];
    const origin = await createOrigin({ clock }, { modules });
    const hop = await createHop({ clock }, { target: origin.url, faults });
    closing.push(hop.close, origin.close);
    return hop;
  }

  async function timed(hop: Hop): Promise<{ readonly bytes: number; readonly took: number }> {
    const begun = performance.now();
    const { body, broken } = await readAnswer(hop.url + PATH);
    assert.equal(broken, false);
    return { bytes: body.length, took: performance.now() - begun };
  }

  test('without faults everything passes and is counted', async () => {
    const hop = await start();
    assert.equal((await timed(hop)).bytes, BYTES);
    const { connections, bytesDown, bytesUp } = hop.counts();
    assert.deepEqual([connections, bytesDown > BYTES, bytesUp > 50], [1, true, true]);
  });

  test('latency delays each byte once, not each piece after the other', async () => {
    const sliced = { fault: { kind: 'slicing', bytes: 500, pauseMilliseconds: 0 } } as const;
    const late = { fault: { kind: 'latency', milliseconds: 200 } } as const;
    const { bytes, took } = await timed(await start([sliced, late]));
    assert.equal(bytes, BYTES);
    // One after the other, 200 pieces would take 40 s.
    assert.ok(took >= 200 && took < 20_000, `took ${took} ms`);
  });

  test('bandwidth stretches a body', async () => {
    const fault = { kind: 'bandwidth', bytesPerSecond: 400_000 } as const;
    const { bytes, took } = await timed(await start([{ fault }]));
    assert.equal(bytes, BYTES);
    assert.ok(took >= 240, `took ${took} ms`);
  });

  test('slicing changes nothing but the pieces', async () => {
    const fault = { kind: 'slicing', bytes: 999, pauseMilliseconds: 0 } as const;
    assert.equal((await timed(await start([{ fault }]))).bytes, BYTES);
  });

  test('a reset breaks the connection inside the body', async () => {
    const hop = await start([{ times: 1, fault: { kind: 'reset', afterBytes: 20_000 } }]);
    const answer = await readAnswer(hop.url + PATH);
    assert.equal(answer.broken, true);
    assert.ok(answer.body.length > 10_000 && answer.body.length < 20_000);
    assert.equal((await timed(hop)).bytes, BYTES);
    assert.deepEqual(hop.counts().faults, { reset: 1 });
  });

  test('silence keeps the connection open and says nothing', async () => {
    const hop = await start([{ fault: { kind: 'silence', afterBytes: 5000 } }]);
    const answer = await readAnswer(hop.url + PATH, {}, 1500);
    assert.equal(answer.broken, true);
    assert.ok(answer.body.length < 5000);
    const mute = await start([{ fault: { kind: 'silence', afterBytes: 0 } }]);
    await assert.rejects(readAnswer(mute.url + PATH, {}, 1500), { name: 'AbortError' });
  });

  test('a hop that is down refuses connections, and takes them again when it is up', async () => {
    const hop = await start();
    await hop.goDown();
    await assert.rejects(readAnswer(hop.url + PATH), { code: 'ECONNREFUSED' });
    await hop.comeUp();
    assert.equal((await timed(hop)).bytes, BYTES);
  });

  test('a client that leaves takes the connection behind the hop with it', async () => {
    const hop = await start([{ fault: { kind: 'silence', afterBytes: 0 } }]);
    const { port, hostname } = new URL(hop.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\n');
    while (hop.counts().open < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
    while (hop.counts().open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(hop.counts().connections, 1);
  });
});

test('rules choose by count, time and share', async () => {
  const clock = createTestClock();
  const rules = createHopRules('seed', () => clock.monotonicMilliseconds());
  const fault = { kind: 'silence', afterBytes: 0 } as const;
  rules.set([
    { name: 'second', skip: 1, times: 1, fault },
    { name: 'at first', direction: 'up', forMilliseconds: 1000, fault },
  ]);
  const lengths = (): readonly number[] => {
    const { down, up } = rules.choose();
    return [down.length, up.length];
  };
  assert.deepEqual(
    [lengths(), lengths(), lengths()],
    [
      [0, 1],
      [1, 1],
      [0, 1],
    ],
  );
  await clock.advance(1000);
  assert.deepEqual(lengths(), [0, 0]);
  assert.deepEqual(rules.met(), { second: 1, 'at first': 3 });
  rules.set([{ share: 0.25, fault }]);
  let met = 0;
  for (let count = 0; count < 1000; count++) met += lengths()[0] ?? 0;
  assert.ok(met > 200 && met < 300, `${met} of 1000`);
});

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { checkZip } from '../../../test/support/check-zip.ts';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { readAnswer } from '../../../test/support/read-answer.ts';
import { createSystemClock } from '../../platform/adapters.ts';
import { createFaults } from './faults.ts';
import { createOrigin } from './origin.ts';
import { parseRoute } from './route.ts';
import type { Received } from '../../../test/support/read-answer.ts';
import type { Fault } from './faults.ts';
import type { Origin, OriginSettings } from './origin-settings.ts';

const MODULE = { path: 'm.test/Upper', version: 'v1.2.3', zipBytes: 50_000 };
const BASE = '/m.test/!upper/@v/v1.2.3';

describe('faults of createOrigin()', { concurrency: true }, () => {
  const open: Origin[] = [];
  after(async () => {
    for (const origin of open) await origin.close();
  });

  async function start(settings: OriginSettings = {}): Promise<Origin> {
    const origin = await createOrigin(
      { clock: createSystemClock() },
      { modules: [MODULE], ...settings },
    );
    open.push(origin);
    return origin;
  }

  async function withFault(path: string, fault: Fault): Promise<Received> {
    const origin = await start({ faults: [{ fault }] });
    // Silence is what a stall is about; every other answer comes long before.
    const patience = fault.kind === 'stall' ? 500 : 10_000;
    return readAnswer(origin.url + path, {}, patience);
  }

  test('status with text and headers, html, replace, redirect', async () => {
    const status = await withFault(`${BASE}.mod`, {
      kind: 'status',
      status: 429,
      body: 'slow down\n',
      headers: { 'retry-after': '2' },
    });
    assert.deepEqual(
      [status.status, status.body.toString(), status.headers['retry-after']],
      [429, 'slow down\n', '2'],
    );
    const page = await withFault(`${BASE}.mod`, { kind: 'html' });
    assert.deepEqual(
      [page.status, page.headers['content-type']],
      [200, 'text/html; charset=utf-8'],
    );
    assert.equal(
      (await withFault(`${BASE}.mod`, { kind: 'replace', body: 'x' })).body.toString(),
      'x',
    );
    const moved = await withFault(`${BASE}.zip`, { kind: 'redirect', to: 'http://127.0.0.1:1/z' });
    assert.deepEqual([moved.status, moved.headers.location], [302, 'http://127.0.0.1:1/z']);
  });

  test('a cut body breaks with a length and with chunks, and looks whole without either', async () => {
    const cut = { kind: 'cut', afterBytes: 1000 } as const;
    const length = await withFault(`${BASE}.zip`, { ...cut, framing: 'length' });
    assert.deepEqual(
      [length.broken, length.body.length, length.headers['content-length']],
      [true, 1000, '50000'],
    );
    const chunked = await withFault(`${BASE}.zip`, { ...cut, framing: 'chunked' });
    assert.deepEqual([chunked.broken, chunked.body.length], [true, 1000]);
    const none = await withFault(`${BASE}.zip`, { ...cut, framing: 'none' });
    assert.deepEqual([none.broken, none.body.length], [false, 1000]);
    assert.equal(none.headers['content-length'] ?? none.headers['transfer-encoding'], undefined);
  });

  test('reset and stall before the headers and inside the body', async () => {
    await assert.rejects(withFault(`${BASE}.zip`, { kind: 'reset' }), { code: 'ECONNRESET' });
    assert.equal((await withFault(`${BASE}.zip`, { kind: 'reset', afterBytes: 10 })).broken, true);
    await assert.rejects(withFault(`${BASE}.zip`, { kind: 'stall' }), { name: 'AbortError' });
    const stalled = await withFault(`${BASE}.zip`, { kind: 'stall', afterBytes: 1000 });
    assert.deepEqual([stalled.broken, stalled.body.length], [true, 1000]);
  });

  test('a flipped byte, a wrong prefix, a wrong version, gzip unasked', async () => {
    const right = (await readAnswer(`${(await start()).url}${BASE}.zip`)).body;
    const flipped = (await withFault(`${BASE}.zip`, { kind: 'flip', offset: -1 })).body;
    assert.equal(flipped.at(-1), (right.at(-1) ?? 0) ^ 0xff);
    assert.deepEqual(flipped.subarray(0, -1), right.subarray(0, -1));
    const prefix = await withFault(`${BASE}.zip`, { kind: 'wrong-prefix' });
    assert.deepEqual(checkZip(prefix.body), ['elsewhere.test/other@v9.9.9/go.mod']);
    assert.match(
      (await withFault(`${BASE}.info`, { kind: 'wrong-info', version: 'v7.0.0' })).body.toString(),
      /v7\.0\.0/,
    );
    const packed = await withFault(`${BASE}.mod`, { kind: 'gzip' });
    assert.deepEqual(
      [packed.headers['content-encoding'], packed.body.readUInt16BE(0)],
      ['gzip', 0x1f8b],
    );
  });

  test('a zip bomb unpacks to what was asked, and a lying one says 1,000 bytes', async () => {
    const honest = await withFault(`${BASE}.zip`, {
      kind: 'zip-bomb',
      unpackedBytes: 8 << 20,
      honest: true,
    });
    assert.ok(honest.body.length < 20_000);
    checkZip(honest.body);
    const lying = await withFault(`${BASE}.zip`, {
      kind: 'zip-bomb',
      unpackedBytes: 8 << 20,
      honest: false,
    });
    assert.throws(() => checkZip(lying.body), /1000 bytes declared, 8388608 there/);
  });

  test('well-formed and wrong: only a hash tells', async () => {
    const zip = await withFault(`${BASE}.zip`, { kind: 'altered' });
    assert.deepEqual(checkZip(zip.body), [
      'm.test/Upper@v1.2.3/go.mod',
      'm.test/Upper@v1.2.3/module.go',
    ]);
    const mod = await withFault(`${BASE}.mod`, { kind: 'altered' });
    assert.match(mod.body.toString(), /^module m\.test\/Upper\n[^]*altered\n$/);
    const info = await withFault(`${BASE}.info`, { kind: 'altered' });
    assert.match(info.body.toString(), /"v1\.2\.3".*2001-01-01/);
  });

  test('a chunked body that ends early and properly looks whole', async () => {
    const cut = { kind: 'cut', afterBytes: 1000, framing: 'chunked-whole' } as const;
    const received = await withFault(`${BASE}.zip`, cut);
    assert.deepEqual(
      [received.broken, received.body.length, received.headers['transfer-encoding']],
      [false, 1000, 'chunked'],
    );
  });

  test('hostile: header flood, redirect loop, gzip bomb, wrong length, long list, no text', async () => {
    const flood = await withFault(`${BASE}.mod`, {
      kind: 'header-flood',
      headers: 20,
      bytesEach: 100,
    });
    assert.equal(flood.headers['x-flood-19'], 'f'.repeat(100));
    const loop = await withFault(`${BASE}.mod`, { kind: 'redirect-loop' });
    assert.deepEqual([loop.status, loop.headers.location], [302, '?again']);
    const bomb = await withFault(`${BASE}.mod`, { kind: 'gzip-bomb', unpackedBytes: 4 << 20 });
    assert.deepEqual([bomb.headers['content-encoding'], bomb.body.length < 8192], ['gzip', true]);
    assert.equal(gunzipSync(bomb.body).length, 4 << 20);
    const short = await withFault(`${BASE}.mod`, { kind: 'wrong-length', by: -3 });
    const { length } = (await readAnswer(`${(await start()).url}${BASE}.mod`)).body;
    assert.equal(Number(short.headers['content-length']), length - 3);
    const list = await withFault('/m.test/!upper/@v/list', { kind: 'long-list', lines: 5000 });
    assert.equal(list.body.toString().split('\n').length, 5001);
    const noText = await withFault(`${BASE}.mod`, { kind: 'invalid-utf8' });
    assert.equal(noText.body[0], 0xc3);
  });

  test('an endless body goes on until the client leaves', async () => {
    const origin = await start({ faults: [{ fault: { kind: 'endless' } }] });
    const leaving = new AbortController();
    const response = await fetch(`${origin.url}${BASE}.zip`, { signal: leaving.signal });
    let length = 0;
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      length += piece.length;
      if (length > 4 << 20) break;
    }
    leaving.abort();
    assert.ok(length > 4 << 20);
  });

  test('a rule ends after its time, and after so many requests of each path; met ones are counted', async () => {
    const clock = createTestClock();
    const faults = createFaults('seed', () => clock.monotonicMilliseconds());
    const fault = { kind: 'html' } as const;
    const [first, second] = [parseRoute('/m.test/a/@v/list'), parseRoute('/m.test/b/@v/list')];
    faults.set([{ name: 'at first', forMilliseconds: 3000, fault }]);
    await clock.advance(10_000);
    assert.deepEqual(faults.choose(first), fault);
    await clock.advance(2999);
    assert.deepEqual(faults.choose(first), fault);
    await clock.advance(1);
    assert.equal(faults.choose(first), undefined);
    assert.deepEqual(faults.met(), { 'at first': 2 });
    faults.set([{ timesPerPath: 1, fault }]);
    const met = [first, first, second, second].map((route) => faults.choose(route)?.kind);
    assert.deepEqual(met, ['html', undefined, 'html', undefined]);
    assert.deepEqual(faults.met(), { html: 2 });
  });
});

import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { checkZip } from '../../../test/support/check-zip.ts';
import { readAnswer } from '../../../test/support/read-answer.ts';
import { createSystemClock } from '../../platform/adapters.ts';
import { createOrigin } from './origin.ts';
import type { Origin, OriginSettings } from './origin-settings.ts';

const MODULE = { path: 'm.test/Upper', version: 'v1.2.3', zipBytes: 50_000 };
const BASE = '/m.test/!upper/@v/v1.2.3';

describe('createOrigin()', { concurrency: true }, () => {
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

  test('answers list, latest, info, mod and a zip of the asked size', async () => {
    const origin = await start();
    assert.equal(
      (await readAnswer(`${origin.url}/m.test/!upper/@v/list`)).body.toString(),
      'v1.2.3\n',
    );
    const info = JSON.parse((await readAnswer(`${origin.url}${BASE}.info`)).body.toString()) as {
      Version: string;
    };
    assert.equal(info.Version, 'v1.2.3');
    assert.match(
      (await readAnswer(`${origin.url}/m.test/!upper/@latest`)).body.toString(),
      /v1\.2\.3/,
    );
    assert.match(
      (await readAnswer(`${origin.url}${BASE}.mod`)).body.toString(),
      /^module m\.test\/Upper\n/,
    );
    const zip = await readAnswer(`${origin.url}${BASE}.zip`);
    assert.equal(zip.body.length, 50_000);
    assert.deepEqual(checkZip(zip.body), [
      'm.test/Upper@v1.2.3/go.mod',
      'm.test/Upper@v1.2.3/module.go',
      'm.test/Upper@v1.2.3/data/000.bin',
    ]);
    assert.equal((await readAnswer(`${origin.url}/m.test/other/@v/list`)).status, 404);
  });

  test('serves the same bytes whatever the origin, and ranges of them', async () => {
    const [one, two] = [await start(), await start()];
    const whole = (await readAnswer(`${one.url}${BASE}.zip`)).body;
    assert.deepEqual((await readAnswer(`${two.url}${BASE}.zip`)).body, whole);
    const part = await readAnswer(`${one.url}${BASE}.zip`, { range: 'bytes=40000-' });
    assert.equal(part.status, 206);
    assert.equal(part.headers['content-range'], 'bytes 40000-49999/50000');
    assert.deepEqual(part.body, whole.subarray(40_000));
  });

  test('streams a zip of 400 MB without holding it', async () => {
    const big = { path: 'm.test/big', version: 'v1.0.0', zipBytes: 400_000_000 };
    const origin = await start({ modules: [big] });
    const tail = await readAnswer(`${origin.url}/m.test/big/@v/v1.0.0.zip`, {
      range: 'bytes=399999000-',
    });
    assert.equal(tail.headers['content-range'], 'bytes 399999000-399999999/400000000');
    assert.equal(tail.body.readUInt32LE(978), 0x06054b50);
  });

  test('counts requests and bytes by kind and path, and the most at one time', async () => {
    const origin = await start({ network: { latencyMilliseconds: 400 } });
    await Promise.all([1, 2, 3].map(async () => readAnswer(`${origin.url}${BASE}.zip`)));
    const counts = origin.counts();
    assert.equal(counts.total.requests, 3);
    assert.equal(counts.kinds['zip']?.bytes, 150_000);
    assert.equal(counts.paths[`${BASE}.zip`]?.concurrentMaximum, 3);
    assert.equal(counts.total.broken, 0);
    origin.resetCounts();
    assert.equal(origin.counts().total.requests, 0);
  });

  test('waits for the latency and keeps to the bandwidth', async () => {
    const origin = await start({ network: { latencyMilliseconds: 60, bytesPerSecond: 250_000 } });
    const begun = performance.now();
    await readAnswer(`${origin.url}${BASE}.zip`);
    const elapsed = performance.now() - begun;
    assert.ok(elapsed >= 240, `50 kB at 250 kB/s after 60 ms came in ${elapsed} ms`);
  });

  test('rules choose by path, kind, number and share, and can change', async () => {
    const fault = { kind: 'status', status: 500 } as const;
    const origin = await start({
      faults: [{ path: '/m.test/*', kinds: ['zip'], skip: 1, times: 1, fault }],
    });
    async function statuses(name: string, count: number): Promise<readonly number[]> {
      const seen: number[] = [];
      for (let index = 0; index < count; index++) {
        const { status } = await readAnswer(`${origin.url}${BASE}.${name}`);
        seen.push(status);
      }
      return seen;
    }
    assert.deepEqual(await statuses('mod', 2), [200, 200]);
    assert.deepEqual(await statuses('zip', 3), [200, 500, 200]);
    origin.setFaults([{ share: 0.5, fault }]);
    const failed = (await statuses('mod', 40)).filter((status) => status === 500).length;
    assert.ok(failed > 8 && failed < 32, `${failed} of 40`);
    origin.setFaults([]);
    assert.deepEqual(await statuses('mod', 1), [200]);
  });

  test('the checksum database answers lookups with a signed head', async () => {
    const origin = await start({ checksumDatabase: 'sums.test/db' });
    const base = `${origin.url}/sumdb/sums.test/db`;
    assert.equal((await readAnswer(`${base}/supported`)).status, 200);
    assert.equal((await readAnswer(`${origin.url}/sumdb/other.test/supported`)).status, 404);
    origin.database?.grow(300);
    const answer = (await readAnswer(`${base}/lookup/m.test/!upper@v1.2.3`)).body.toString();
    const [number, ...lines] = answer.split('\n');
    assert.equal(number, '300');
    assert.match(lines[0] ?? '', /^m\.test\/Upper v1\.2\.3 h1:.{43}=$/);
    checkNote(answer.slice(answer.indexOf('go.sum database tree')), origin.database?.key ?? '');
    assert.equal((await readAnswer(`${base}/lookup/m.test/none@v1.0.0`)).status, 404);
    assert.equal((await readAnswer(`${base}/tile/8/0/000`)).body.length, 256 * 32);
    assert.equal((await readAnswer(`${base}/tile/8/0/001.p/45`)).body.length, 45 * 32);
    assert.equal((await readAnswer(`${base}/tile/8/0/001.p/46`)).status, 404);
    assert.equal((await readAnswer(`${base}/tile/8/1/000.p/1`)).body.length, 32);
    assert.equal(
      (await readAnswer(`${base}/tile/8/data/001.p/45`)).body.toString().split('\n\n').length,
      46,
    );
  });

  test('scripts read counts and set faults under /-/origin/', async () => {
    const origin = await start({ control: true });
    const rules = [{ fault: { kind: 'status', status: 503 } }];
    await fetch(`${origin.url}/-/origin/faults`, { method: 'PUT', body: JSON.stringify(rules) });
    assert.equal((await readAnswer(`${origin.url}${BASE}.mod`)).status, 503);
    const counts = await readAnswer(`${origin.url}/-/origin/counts`);
    assert.match(counts.body.toString(), /^\{"total":\{"requests":1,/);
  });
});

function checkNote(note: string, key: string): void {
  const [name = '', , open = ''] = key.split('+');
  const [text = '', line = ''] = note.split('\n\n');
  const [, signer, signature = ''] = line.split(' ');
  assert.equal(signer, name);
  const spki = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    Buffer.from(open, 'base64').subarray(1),
  ]);
  const bytes = Buffer.from(signature, 'base64');
  const hash = createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from(open, 'base64'))
    .digest();
  assert.deepEqual(bytes.subarray(0, 4), hash.subarray(0, 4));
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  assert.ok(verify(null, Buffer.from(`${text}\n`), publicKey, bytes.subarray(4)));
}

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startOrigin as startOriginProcess } from '../../bench/support/origin-process.ts';
import { digestOf } from '../support/digest-of.ts';
import { createAuthority } from '../support/certificates.ts';
import { readAnswer } from '../support/read-answer.ts';
import type { Received } from '../support/read-answer.ts';
import { startOrigin } from '../support/start-origin.ts';
import { runProgram, startProgram } from '../support/start-program.ts';
import type { StartedProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const SMALL = { path: 'm.test/small', version: 'v1.2.3', zipBytes: 50_000 };
const LARGE = { path: 'm.test/large', version: 'v1.0.0', zipBytes: 12_000_000 };
const ZIP = '/m.test/small/@v/v1.2.3.zip';
const LARGE_ZIP = '/m.test/large/@v/v1.0.0.zip';

async function startWorkers(
  context: TestContext,
  upstream: string,
  words: readonly string[] = [],
): Promise<StartedProgram> {
  const store = await temporaryFolder(context);
  const common = ['--store', store, '--upstream', upstream, '--sumdb', 'off', '--workers', '2'];
  return startProgram(context, [...common, ...words]);
}

/** The processes that another one began. */
async function childrenOf(pid: number | undefined): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/u).map(Number));
  return pairs.filter(([, parent]) => parent === pid).map(([child = 0]) => child);
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const late = performance.now() + 30_000;
  while (!(await what())) {
    assert.ok(performance.now() < late, 'it did not happen in 30 s');
    await sleep(50);
  }
}

async function metric(serve: StartedProgram, pattern: RegExp): Promise<number> {
  const { body } = await readAnswer(`${serve.address}/-/metrics`);
  const values = body.toString().matchAll(new RegExp(`^${pattern.source} (\\S+)$`, 'gmu'));
  return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Each connection goes to the next worker: twice as many as workers reach them all. */
async function fromEach(url: string, headers: Record<string, string> = {}): Promise<Received[]> {
  const answers: Received[] = [];
  for (let count = 0; count < 4; count += 1) answers.push(await readAnswer(url, headers, 5000));
  return answers;
}

test('two workers answer as one process does: whole, HEAD, ranges, conditions, absence, API', async (context) => {
  const origin = await startOrigin(context, { modules: [SMALL, LARGE] });
  const serve = await startWorkers(context, origin.url);
  const right = await readAnswer(origin.url + ZIP);
  for (const answer of await fromEach(serve.address + ZIP)) {
    assert.deepEqual([answer.status, answer.body], [200, right.body]);
  }
  const again = await fromEach(serve.address + ZIP);
  assert.deepEqual(
    new Set(again.map(({ headers }) => headers['cofferdam-cache'])),
    new Set(['hit']),
  );
  assert.equal(again[0]?.headers['cofferdam-keep'], undefined);
  const etag = String(again[0]?.headers['etag']);
  for (const part of await fromEach(serve.address + ZIP, { range: 'bytes=10-19' })) {
    assert.deepEqual([part.status, part.body], [206, right.body.subarray(10, 20)]);
  }
  for (const same of await fromEach(serve.address + ZIP, { 'if-none-match': etag })) {
    assert.deepEqual([same.status, same.body.length], [304, 0]);
  }
  const missing = '/m.test/none/@v/list';
  const absent = await readAnswer(origin.url + missing);
  for (const answer of await fromEach(serve.address + missing)) {
    assert.deepEqual([answer.status, answer.body], [404, absent.body]);
  }
  const ready = await readAnswer(`${serve.address}/-/readyz`);
  assert.equal(ready.status, 200);
});

test('two workers: HEAD, a client of HTTP/2 over TLS, and a body that breaks upstream', async (context) => {
  const origin = await startOrigin(context, { modules: [SMALL, LARGE] });
  const folder = await temporaryFolder(context);
  const authority = await createAuthority(folder, 'Workers');
  const { key, cert } = await authority.issue(['IP:127.0.0.1']);
  await writeFile(join(folder, 'key.pem'), key);
  await writeFile(join(folder, 'cert.pem'), cert);
  const serve = await startWorkers(context, origin.url, [
    '--tls-cert',
    join(folder, 'cert.pem'),
    '--tls-key',
    join(folder, 'key.pem'),
  ]);
  assert.match(serve.address, /^https:/u);
  const session = connectHttp2(serve.address, { rejectUnauthorized: false });
  context.after(() => session.destroy());
  async function ask(method: string, path: string): Promise<{ head: unknown; body: Buffer }> {
    const stream = session.request({ ':method': method, ':path': path });
    const pieces: Buffer[] = [];
    stream.on('data', (piece: Buffer) => pieces.push(piece));
    const [head] = await Promise.all([
      new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve)),
      new Promise((resolve) => {
        stream.once('error', resolve);
        stream.once('close', resolve);
      }),
    ]);
    const { ':status': status, 'content-length': length, 'cofferdam-cache': cache } = head;
    return { head: [status, length, cache], body: Buffer.concat(pieces) };
  }
  const whole = await ask('GET', ZIP);
  assert.deepEqual(whole.head, [200, '50000', 'fill']);
  assert.deepEqual(whole.body, (await readAnswer(origin.url + ZIP)).body);
  assert.deepEqual((await ask('HEAD', ZIP)).head, [200, '50000', 'hit']);
  assert.deepEqual((await ask('GET', ZIP)).head, [200, '50000', 'hit']);
  const { body } = await ask('GET', LARGE_ZIP);
  assert.equal(body.length, LARGE.zipBytes);

  origin.setFaults([{ fault: { kind: 'flip', offset: -20 } }]);
  const plain = await startWorkers(context, origin.url);
  const { status, broken } = await readAnswer(plain.address + LARGE_ZIP, {}, 30_000);
  assert.ok(status >= 500 || broken, `status ${status}, broken ${String(broken)}`);
});

test('200 clients of one cold zip through two workers: one upstream request, 200 whole bodies', async (context) => {
  // Apart from 200 clients that hash: an origin that they hold up for 5 s is asked for the rest again.
  const origin = await startOriginProcess(ROOT, 0);
  context.after(origin.stop);
  await origin.add([LARGE]);
  await origin.setNetwork({ latencyMilliseconds: 200 });
  const right = (await readAnswer(origin.url + LARGE_ZIP)).body;
  const digest = createHash('sha256').update(right).digest('hex');
  await origin.reset();
  const serve = await startWorkers(context, origin.url);
  const digests = await Promise.all(
    Array.from({ length: 200 }, async () => digestOf(serve.address + LARGE_ZIP)),
  );
  assert.deepEqual(new Set(digests), new Set([digest]));
  const stalls = await metric(serve, /cofferdam_upstream_stalls_total\{[^}]*\}/u);
  const { requests } = (await origin.counts()).paths[LARGE_ZIP] ?? {};
  assert.equal(requests, 1, `${String(requests)} requests, of which ${stalls} after a stall`);
});

test('metrics and the record of requests know the hits of all workers', async (context) => {
  const origin = await startOrigin(context, { modules: [SMALL] });
  const serve = await startWorkers(context, origin.url);
  const trace = 'a'.repeat(32);
  for (let round = 0; round < 5; round += 1) await fromEach(serve.address + ZIP);
  await readAnswer(serve.address + ZIP, { traceparent: `00-${trace}-${'b'.repeat(16)}-01` });
  const answered = /cofferdam_requests_total\{kind="zip",[^}]*\}/u;
  await until(async () => (await metric(serve, answered)) === 21);
  assert.equal(
    await metric(serve, /cofferdam_response_bytes_total\{[^}]*\}/u),
    21 * SMALL.zipBytes,
  );
  assert.equal(await metric(serve, /cofferdam_workers/u), 2);
  const api = await readAnswer(`${serve.address}/-/api/v1/requests?trace=${trace}`);
  const { requests } = JSON.parse(api.body.toString()) as { requests: Record<string, unknown>[] };
  assert.deepEqual(
    requests.map(({ client, outcome, status }) => [client, outcome, status]),
    [['127.0.0.1', 'hit', 200]],
  );
});

test('a worker that is killed is replaced and the other goes on; without the primary all end', async (context) => {
  const origin = await startOrigin(context, { modules: [SMALL] });
  const serve = await startWorkers(context, origin.url);
  await fromEach(serve.address + ZIP);
  const [victim = 0, other = 0] = await childrenOf(serve.child.pid);
  process.kill(victim, 'SIGKILL');
  for (let count = 0; count < 20; count += 1) {
    assert.equal((await readAnswer(serve.address + ZIP)).status, 200);
  }
  await until(async () => {
    const now = await childrenOf(serve.child.pid);
    return now.length === 2 && now.includes(other) && !now.includes(victim);
  });
  await until(async () => (await metric(serve, /cofferdam_workers/u)) === 2);
  assert.equal(await metric(serve, /cofferdam_worker_restarts_total/u), 1);
  const workers = await childrenOf(serve.child.pid);
  serve.child.kill('SIGKILL');
  await until(async () => workers.every((pid) => !isAlive(pid)));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('HUP empties the workers, TERM lets them end their answers, a taken port is told', async (context) => {
  const slow = { path: 'm.test/slow', version: 'v1.0.0', zipBytes: 4_000_000 };
  const origin = await startOrigin(context, { modules: [SMALL, slow] });
  const serve = await startWorkers(context, origin.url);
  await fromEach(serve.address + ZIP);
  serve.child.kill('SIGHUP');
  // The engine reads it from the disk again, and each worker from the engine.
  for (const { status } of await fromEach(serve.address + ZIP)) assert.equal(status, 200);
  origin.setNetwork({ bytesPerSecond: 2_000_000 });
  const answer = readAnswer(`${serve.address}/m.test/slow/@v/v1.0.0.zip`, {}, 30_000);
  await sleep(700);
  const store = await temporaryFolder(context);
  const taken = await runProgram([
    'serve',
    '--listen',
    serve.address.replace('http://', ''),
    '--store',
    store,
    '--workers',
    '2',
    '--upstream',
    'off',
  ]);
  assert.equal(taken.code, 2);
  assert.match(taken.stderr, /another program already listens on 127\.0\.0\.1/u);
  const workers = await childrenOf(serve.child.pid);
  const code = serve.stop();
  assert.equal((await answer).body.length, slow.zipBytes);
  assert.equal(await code, 0);
  assert.ok(workers.every((pid) => !isAlive(pid)));
});

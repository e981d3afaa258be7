import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAnswer } from '../support/read-answer.ts';
import type { Received } from '../support/read-answer.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';

const SMALL = { path: 'm.test/Upper', version: 'v1.2.3', zipBytes: 50_000 };
const LARGE = { path: 'm.test/large', version: 'v1.0.0', zipBytes: 20_000_000 };
const BASE = '/m.test/!upper/@v/v1.2.3';

/** Sends exactly these bytes: clients would tidy the paths up. */
async function sendRaw(address: string, head: string): Promise<string> {
  const { port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(head));
    let text = '';
    socket.on('data', (piece) => (text += piece.toString('latin1')));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

/** As every other refusal: nothing to remember, one sentence, and where to look. */
function assertRefusal({ status, headers, body }: Received, expected: number): void {
  assert.deepEqual(
    [status, headers['cache-control'], headers.etag],
    [expected, 'no-store', undefined],
  );
  const trace = String(headers['cofferdam-trace']);
  assert.match(body.toString(), new RegExp(`^\\S.*\\n.+\\ncofferdam: trace ${trace}\\n$`, 'u'));
}

/** A fill that has just ended is being written to the disk for some milliseconds. */
async function untilHit(url: string): Promise<Received> {
  for (;;) {
    const answer = await readAnswer(url, {}, 5000);
    if (answer.headers['cofferdam-cache'] === 'hit') return answer;
    await sleep(20);
  }
}

test('serve answers HEAD, ranges and conditional requests from memory and from the disk', async (context) => {
  const origin = await startOrigin(context, { modules: [SMALL, LARGE] });
  const cofferdam = await startCofferdam(context, {
    upstream: origin.url,
    memoryBytes: 1024 * 1024,
  });
  for (const [path, size] of [
    [`${BASE}.zip`, 50_000],
    ['/m.test/large/@v/v1.0.0.zip', 20_000_000],
  ] as const) {
    const url = cofferdam.address + path;
    assertRefusal(await readAnswer(url, { 'if-match': '"unknown as yet"' }, 5000), 412);
    const whole = await readAnswer(url, {}, 5000);
    assert.equal(whole.body.length, size);
    const second = await untilHit(url);
    assert.equal(second.headers['cofferdam-cache'], 'hit');
    assert.deepEqual(second.body, whole.body);
    const { etag, 'last-modified': modified } = second.headers;
    assert.match(String(etag), /^"[0-9a-f]{64}"$/u);
    assert.ok(modified);
    const part = await readAnswer(url, { range: 'bytes=10-19', 'if-range': String(etag) });
    assert.equal(part.status, 206);
    assert.equal(part.headers['content-range'], `bytes 10-19/${size}`);
    assert.deepEqual(part.body, whole.body.subarray(10, 20));
    assert.deepEqual((await readAnswer(url, { range: 'bytes=-5' })).body, whole.body.subarray(-5));
    assert.equal(
      (await readAnswer(url, { range: 'bytes=10-19', 'if-range': '"other"' }, 5000)).status,
      200,
    );
    const beyond = await readAnswer(url, { range: `bytes=${size}-` });
    assert.equal(beyond.headers['content-range'], `bytes */${size}`);
    assertRefusal(beyond, 416);
    const long = 'Mon, 01 Jan 2001 00:00:00 GMT';
    assertRefusal(await readAnswer(url, { 'if-match': '"other"' }), 412);
    assertRefusal(await readAnswer(url, { 'if-unmodified-since': long }), 412);
    const both = { 'if-match': String(etag), 'if-unmodified-since': long };
    assert.equal((await readAnswer(url, { ...both, range: 'bytes=0-1' }, 5000)).status, 206);
    assert.equal((await readAnswer(url, { 'if-none-match': String(etag) })).status, 304);
    assert.equal((await readAnswer(url, { 'if-modified-since': modified })).status, 304);
    const head = await sendRaw(
      cofferdam.address,
      `HEAD ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    assert.match(
      head,
      new RegExp(`^HTTP/1.1 200 OK\r\n[^]*Content-Length: ${size}\r\n[^]*\r\n\r\n$`, 'u'),
    );
  }
});

test('a bad path gets its status and one clear sentence, and the server goes on', async (context) => {
  const origin = await startOrigin(context, { modules: [SMALL] });
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  const cases: readonly (readonly [string, number])[] = [
    ['/m.test/Upper/@v/v1.2.3.mod', 400],
    ['/m.test/%zz/@v/list', 400],
    ['/m.test/%ff/@v/list', 400],
    ['/m.test/../../etc/passwd', 400],
    ['/m.test/%2e%2e/%2e%2e/@v/list', 400],
    ['/m.test/..%2f..%2fx/@v/list', 400],
    ['/m.test//x/@v/list', 400],
    ['/m.test/a\\b/@v/list', 400],
    ['/m.test/%00/@v/list', 400],
    ['/nodot/x/@v/list', 400],
    ['/m.test/x/@v/v1.0.0.exe', 404],
    ['/m.test/x/@v/latest.info', 404],
    ['/m.test/x/@v/master.zip', 404],
    ['/favicon.ico', 404],
    [`/m.test/${'x'.repeat(5000)}/@v/list`, 414],
    ['/sumdb/unknown.test/supported', 404],
    ['/-/nothing', 404],
  ];
  for (const [path, status] of cases) {
    const answer = await sendRaw(
      cofferdam.address,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `, 'u'), path.slice(0, 60));
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    assert.ok(body.length > 0 && body.length <= 640 && !body.includes('\n\n'), path.slice(0, 60));
  }
  const post = await sendRaw(
    cofferdam.address,
    `POST ${BASE}.mod HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`,
  );
  assert.match(post, /^HTTP\/1.1 405 [^]*Allow: GET, HEAD\r\n/u);
  assertRefusal(await readAnswer(`${cofferdam.address}${BASE}.mod`, { expect: 'nonsense' }), 417);
  const header = await sendRaw(
    cofferdam.address,
    `GET /x HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
  );
  assert.match(header, /^HTTP\/1.1 431 /u);
  assert.equal((await readAnswer(`${cofferdam.address}${BASE}.mod`)).status, 200);
  assert.equal(origin.counts().total.requests, 1);
});

test('absence passes with its own text, failure never becomes 404, and both stay told apart', async (context) => {
  const origin = await startOrigin(context, { modules: [SMALL] });
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  const url = `${cofferdam.address}/m.test/none/@v/list`;
  const right = await readAnswer(`${origin.url}/m.test/none/@v/list`);
  const first = await readAnswer(url);
  assert.deepEqual([first.status, first.body], [404, right.body]);
  const asked = origin.counts().total.requests;
  assert.equal((await readAnswer(url)).status, 404);
  assert.equal(origin.counts().total.requests, asked);
  origin.setFaults([{ fault: { kind: 'status', status: 503, headers: { 'retry-after': '7' } } }]);
  const failing = await readAnswer(`${cofferdam.address}/m.test/other/@v/list`, {}, 5000);
  assert.deepEqual([failing.status, failing.headers['retry-after']], [503, '7']);
  origin.setFaults([
    { fault: { kind: 'status', status: 404, body: 'not found: fetch timed out\n' } },
  ]);
  const unsure = await readAnswer(`${cofferdam.address}/m.test/third/@v/list`);
  assert.deepEqual([unsure.status, unsure.headers['cache-control']], [404, 'no-store']);
  origin.setFaults([]);
  assert.equal((await readAnswer(`${cofferdam.address}/m.test/third/@v/list`)).status, 404);
});

test('cached-only asks nobody, and says so with no-store', async (context) => {
  const origin = await startOrigin(context, { modules: [SMALL] });
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  const miss = await readAnswer(`${cofferdam.address}/-/cached-only${BASE}.mod`);
  assert.deepEqual([miss.status, miss.headers['cache-control']], [404, 'no-store']);
  const header = await readAnswer(`${cofferdam.address}${BASE}.mod`, {
    'disable-module-fetch': 'true',
  });
  assert.equal(header.status, 404);
  assert.equal(origin.counts().total.requests, 0);
  for (const file of ['info', 'mod', 'zip']) {
    assert.equal((await readAnswer(`${cofferdam.address}${BASE}.${file}`)).status, 200);
  }
  const list = await untilHit(`${cofferdam.address}/-/cached-only/m.test/!upper/@v/list`);
  assert.deepEqual([list.status, list.body.toString()], [200, 'v1.2.3\n']);
  assert.equal(origin.counts().total.requests, 3);
});

test('a list is asked once a minute, merged for all who ask together, and stale while the upstream fails', async (context) => {
  const origin = await startOrigin(context, {
    modules: [SMALL],
    network: { latencyMilliseconds: 100 },
  });
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  const url = `${cofferdam.address}/m.test/!upper/@v/list`;
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => readAnswer(url, {}, 3000)),
  );
  assert.deepEqual(new Set(answers.map((answer) => answer.body.toString())), new Set(['v1.2.3\n']));
  assert.equal(origin.counts().total.requests, 1);
  await cofferdam.stop(1000);
  origin.setFaults([{ fault: { kind: 'reset' } }]);
  const again = await startCofferdam(context, { upstream: origin.url, store: cofferdam.store });
  const stale = await readAnswer(`${again.address}/m.test/!upper/@v/list`, {}, 5000);
  assert.deepEqual([stale.status, stale.body.toString()], [200, 'v1.2.3\n']);
  assert.equal(stale.headers['cofferdam-cache'], 'stale');
  assert.ok(stale.headers['age'] !== undefined && stale.headers['warning'] !== undefined);
});

test('what is no HTTP, and what is no page, is refused in the same form as everything else', async (context) => {
  const origin = await startOrigin(context, { modules: [SMALL] });
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  const cases: readonly (readonly [string, number])[] = [
    [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['G /pot HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['GARBAGE\r\n\r\n', 400],
    ['GARBAGE\r\nBREW /pot HTTP/1.1\r\n\r\n', 400],
    ['BREW /pot\r\n\r\n', 400],
    ['GET\r\n\r\n', 400],
    ['GET /\u0001 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n', 405],
    ['GET /-/healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    ['GET /-/nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ['POST /-/healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', 405],
  ];
  for (const [request, status] of cases) {
    const answer = await sendRaw(cofferdam.address, request);
    const name = request.slice(0, 30);
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `, 'u'), name);
    assert.match(answer, /\r\ncofferdam-trace: [0-9a-f]{32}\r\n/iu, name);
    assert.match(answer, /\r\ncache-control: no-store\r\n/iu, name);
    assert.match(answer, /\ncofferdam: trace [0-9a-f]{32}\n/u, name);
  }
  for (const [request, status] of [
    ['BREW /pot HTTP/1.1\r\n\r\n', 405],
    ['GARBAGE\r\n\r\n', 400],
  ] as const) {
    const head = `HEAD ${BASE}.mod HTTP/1.1\r\nHost: x\r\n`;
    const answers = await sendRaw(cofferdam.address, `${head}\r\n${request}`);
    assert.match(answers, new RegExp(`^HTTP/1.1 200 [^]*^HTTP/1.1 ${status} `, 'mu'), request);
    // It must not come in the place of the answer before it.
    const elsewhere = `${head}Connection: keep-alive\r\n\r\n${request}`;
    assert.doesNotMatch(await sendRaw(cofferdam.address, elsewhere), /^HTTP\/1.1 4/u, request);
  }
  // Health checks of load balancers speak HTTP/1.0 and name no host.
  for (const path of [`${BASE}.mod`, '/-/healthz', '/-/readyz']) {
    for (const end of ['HTTP/1.0\r\n\r\n', 'HTTP/1.1\r\nConnection: close\r\n\r\n']) {
      const answer = await sendRaw(cofferdam.address, `GET ${path} ${end}`);
      assert.match(answer, /^HTTP\/1.1 200 /u, `${path} ${end}`);
    }
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { startDnsServer } from '../../test/support/dns-server.ts';
import { confirm } from '../../test/support/examine.ts';
import { startCannedServer, startHttpServer } from '../../test/support/http-servers.ts';

const FILE = 'm.test/x/@v/v1.0.0.zip';

interface Proxy {
  readonly url: string;
  readonly port: number;
  /** In the order they came. */
  readonly asked: string[];
}

/** Fails for one file, and has every other. */
async function startProxy(t: TestContext, status = 503): Promise<Proxy> {
  const asked: string[] = [];
  const { url, port } = await startHttpServer(t, (request, response) => {
    asked.push(request.url ?? '');
    const isFailing = request.url === `/${FILE}`;
    response.writeHead(isFailing ? status : 200, { 'content-type': 'text/plain' });
    response.end(isFailing ? 'out of order\n' : 'fine\n');
  });
  return { url, port, asked };
}

test('the very URL is asked once more, and what it answers now is the proof', async (t) => {
  const { url, asked } = await startProxy(t);
  const said = [`reading ${url}/${FILE}: 503 Service Unavailable`];
  const seen = await confirm(t, { GOPROXY: url }, { id: 'proxy-5xx', said });
  assert.equal(seen?.state, 'confirmed');
  assert.equal(seen?.proof, `${url}/${FILE}: status 503: out of order`);
  assert.deepEqual(asked, [`/${FILE}`]);
});

test('what answers now is not seen any more, also where only the file was told', async (t) => {
  const { url, asked } = await startProxy(t, 200);
  const said = [`m.test/x@v1.0.0 (.zip) could not be fetched: ${url} answered 503`];
  const seen = await confirm(t, { GOPROXY: url }, { id: 'proxy-5xx', said, resource: FILE });
  assert.deepEqual(seen, { state: 'not-seen', proof: `${url}/${FILE}: status 200` });
  assert.deepEqual(asked, [`/${FILE}`]);
});

test('another failure of the same URL decides nothing', async (t) => {
  const { url } = await startProxy(t, 403);
  const said = [`${url}/${FILE}: 503`];
  assert.equal(await confirm(t, { GOPROXY: url }, { id: 'proxy-5xx', said }), undefined);
});

test('a file that nobody named is not asked in its place to say that all is well', async (t) => {
  const { url } = await startProxy(t);
  const said = [`${url} answered 503`];
  assert.equal(await confirm(t, { GOPROXY: url }, { id: 'proxy-5xx', said }), undefined);
});

test('a body that breaks off is read to its end', async (t) => {
  const { url } = await startCannedServer(t, 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort');
  const said = [`${url}/${FILE}: unexpected EOF`];
  const seen = await confirm(t, { GOPROXY: url }, { id: 'download-truncated', said });
  assert.equal(seen?.state, 'confirmed');
});

test('silence is told within its short limits', async (t) => {
  const { url } = await startHttpServer(t, () => undefined);
  const said = [`${url}/${FILE}: nothing came`];
  const seen = await confirm(t, { GOPROXY: url }, { id: 'net-hang', said });
  assert.equal(seen?.state, 'confirmed');
});

test('a connection that was refused is tried again, and one that works now is told as that', async (t) => {
  const { url, port } = await startProxy(t);
  const said = [`dial tcp 127.0.0.1:${port}: connect: connection refused`];
  const suspicion = { id: 'tcp-connection-refused', said };
  const seen = await confirm(t, { GOPROXY: url }, suspicion);
  assert.equal(seen?.state, 'not-seen');
  assert.match(seen?.proof ?? '', /connected/);
  const dead = await confirm(
    t,
    { GOPROXY: 'http://127.0.0.1:1' },
    { ...suspicion, said: ['127.0.0.1:1'] },
  );
  assert.equal(dead?.state, 'confirmed');
  assert.match(dead?.proof ?? '', /^TCP to 127\.0\.0\.1: refused/);
});

test('of several proxies only the one that was named is asked', async (t) => {
  const [one, other] = await Promise.all([startProxy(t), startProxy(t)]);
  const said = [`${other.url}/${FILE}: 503`];
  const environment = { GOPROXY: `${one.url}|${other.url}` };
  const seen = await confirm(t, environment, { id: 'proxy-5xx', said });
  assert.equal(seen?.state, 'confirmed');
  assert.deepEqual(one.asked, []);
});

test('nobody is asked whom the settings do not name, whatever a log says', async (t) => {
  const [own, stranger] = await Promise.all([startProxy(t), startProxy(t)]);
  const said = [`reading ${stranger.url}/${FILE}: 503`, `${own.url}/../secret@x: 503`];
  const environment = { GOPROXY: own.url };
  assert.equal(
    await confirm(t, environment, { id: 'proxy-5xx', said: said.slice(0, 1) }),
    undefined,
  );
  const resource = 'm.test/x/@v/../../../v1.0.0.zip';
  assert.equal(await confirm(t, environment, { id: 'proxy-5xx', said, resource }), undefined);
  assert.deepEqual(stranger.asked, []);
  assert.deepEqual(
    own.asked.filter((path) => path.includes('secret')),
    [],
  );
});

test('who wants fewer requests gets none, and what no request shows asks nobody', async (t) => {
  const { url, asked } = await startProxy(t, 429);
  const said = [`${url}/${FILE}: 429`];
  for (const id of ['proxy-rate-limited', 'gosum-mismatch', 'compile-error', 'link-slow']) {
    assert.equal(await confirm(t, { GOPROXY: url }, { id, said }), undefined, id);
  }
  assert.deepEqual(asked, []);
});

test('a name is looked up again at each resolver', async (t) => {
  const environment = { GOPROXY: 'https://proxy.test' };
  const suspicion = { id: 'dns-no-such-host', said: ['lookup proxy.test: no such host'] };
  const absent = [await startDnsServer(t, {})];
  assert.equal(
    (await confirm(t, environment, suspicion, { resolvers: absent }))?.state,
    'confirmed',
  );
  const known = [await startDnsServer(t, { names: { 'proxy.test': ['127.0.0.1'] } })];
  assert.equal((await confirm(t, environment, suspicion, { resolvers: known }))?.state, 'not-seen');
});

test('a setting that is wrong is shown, and one that is right proves nothing of another process', async (t) => {
  const suspicion = { id: 'goproxy-off', said: ['module lookup disabled by GOPROXY=off'] };
  const seen = await confirm(t, { GOPROXY: 'off' }, suspicion);
  assert.equal(seen?.state, 'confirmed');
  assert.equal(await confirm(t, { GOPROXY: 'http://127.0.0.1:1' }, suspicion), undefined);
});

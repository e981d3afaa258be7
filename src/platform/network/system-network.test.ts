import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthority } from '../../../test/support/certificates.ts';
import { startHttpProxy } from '../../../test/support/forward-proxies.ts';
import { startHttpServer } from '../../../test/support/http-servers.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { decodeAnswer, encodeQuestion } from './dns-message.ts';
import { networkContract } from './network.contract.ts';
import { createNetwork } from './system-network.ts';

networkContract('createNetwork()', () => createNetwork({}, { environment: {} }));

const { signal } = new AbortController();

test('a handshake shows the chain, whether it is trusted, and whether it names the server', async (t) => {
  const folder = await temporaryFolder(t);
  const authority = await createAuthority(folder, 'House');
  const pair = await authority.issue(['DNS:localhost']);
  const server = await startHttpServer(t, (_request, response) => response.end(), pair);
  const endpoint = { host: '127.0.0.1', port: server.port };
  const request = { endpoint, serverName: 'localhost', milliseconds: 5000 };
  const trusting = createNetwork({}, { environment: { SSL_CERT_FILE: authority.file } });
  const good = await trusting.handshake(request, signal);
  assert.ok(good.kind === 'done');
  assert.equal(good.protocol, 'TLSv1.3');
  assert.equal(good.distrust, undefined);
  assert.equal(good.namesServer, true);
  assert.equal(good.chain[0]?.issuer, 'CN=House, O=Cofferdam Tests');
  assert.equal(good.chain[0]?.names, 'DNS:localhost');
  const other = await trusting.handshake({ ...request, serverName: 'other.test' }, signal);
  assert.equal(other.kind === 'done' && other.namesServer, false);
  const distrusting = createNetwork({}, { environment: { SSL_CERT_FILE: '/nowhere' } });
  const untrusted = await distrusting.handshake(request, signal);
  assert.equal(
    untrusted.kind === 'done' && untrusted.distrust,
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  );
});

test('a handshake through a forward proxy reaches the server behind it', async (t) => {
  const folder = await temporaryFolder(t);
  const authority = await createAuthority(folder, 'House');
  const pair = await authority.issue(['DNS:localhost']);
  const server = await startHttpServer(t, (_request, response) => response.end(), pair);
  const proxy = await startHttpProxy(t);
  const network = createNetwork({}, { environment: { SSL_CERT_FILE: authority.file } });
  const result = await network.handshake(
    {
      endpoint: { host: '127.0.0.1', port: server.port },
      serverName: 'localhost',
      proxy: { host: '127.0.0.1', port: proxy.port, secure: false },
      milliseconds: 5000,
    },
    signal,
  );
  assert.equal(result.kind === 'done' && result.namesServer, true);
  assert.deepEqual(proxy.asked, [`CONNECT 127.0.0.1:${server.port}`]);
});

test("a DNS message that is cut, goes in circles or is somebody else's is no answer", () => {
  const question = encodeQuestion(7, 'a.test', 'A');
  assert.ok(question !== undefined);
  assert.equal(decodeAnswer(question, 7), undefined);
  const answer = Buffer.from(question);
  answer.writeUInt16BE(0x8180, 2);
  answer.writeUInt16BE(1, 6);
  assert.equal(decodeAnswer(answer, 8), undefined);
  assert.equal(decodeAnswer(answer, 7), undefined);
  for (let length = 0; length < answer.length; length += 1) {
    assert.equal(decodeAnswer(answer.subarray(0, length), 7), undefined);
  }
  assert.equal(encodeQuestion(1, 'x'.repeat(64), 'A'), undefined);
});

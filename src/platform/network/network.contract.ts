import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Network } from './network.ts';
import { startDnsServer } from '../../../test/support/dns-server.ts';
import { startHttpProxy } from '../../../test/support/forward-proxies.ts';
import {
  startCannedServer,
  startHttpServer,
  startRawServer,
} from '../../../test/support/http-servers.ts';

const { signal } = new AbortController();
const milliseconds = 2000;
const host = '127.0.0.1';

/** Nobody listens here: a port below 1024 that no service of a test machine has. */
const NOBODY = 1;

/** What every adapter of the port Network must do; all of it on loopback. */
export function networkContract(name: string, make: () => Network): void {
  test(`${name}: a resolver is asked over UDP and TCP`, async (t) => {
    const server = await startDnsServer(t, { names: { 'a.test': ['192.0.2.7', '192.0.2.1'] } });
    for (const transport of ['udp', 'tcp'] as const) {
      const question = { server, name: 'a.test', type: 'A', transport, milliseconds } as const;
      const reply = await make().askResolver(question, signal);
      assert.deepEqual(
        { ...reply, milliseconds: 0 },
        {
          kind: 'answer',
          code: 'NOERROR',
          addresses: ['192.0.2.1', '192.0.2.7'],
          truncated: false,
          milliseconds: 0,
        },
      );
      const absent = await make().askResolver({ ...question, name: 'b.test' }, signal);
      assert.equal(absent.kind === 'answer' && absent.code, 'NXDOMAIN');
      const none = await make().askResolver({ ...question, type: 'AAAA' }, signal);
      assert.deepEqual(none.kind === 'answer' && [none.code, none.addresses], ['NOERROR', []]);
    }
  });

  test(`${name}: an answer to another question is passed over`, async (t) => {
    const server = await startDnsServer(t, { names: { 'a.test': ['192.0.2.1'] }, forges: true });
    const question = { server, name: 'a.test', type: 'A', transport: 'udp', milliseconds } as const;
    const reply = await make().askResolver(question, signal);
    assert.deepEqual(reply.kind === 'answer' && reply.addresses, ['192.0.2.1']);
  });

  test(`${name}: a resolver that is silent is not one that is gone`, async (t) => {
    const server = await startDnsServer(t, { silent: ['udp', 'tcp'] });
    for (const transport of ['udp', 'tcp'] as const) {
      const question = { name: 'a.test', type: 'A', transport, milliseconds: 100 } as const;
      const silent = await make().askResolver({ ...question, server }, signal);
      assert.equal(silent.kind === 'failed' && silent.reason, 'silent');
      const nobody = { host, port: NOBODY };
      const gone = await make().askResolver({ ...question, server: nobody }, signal);
      assert.equal(gone.kind === 'failed' && gone.reason, 'refused');
    }
  });

  test(`${name}: what is no DNS name is not sent`, async (t) => {
    const server = await startDnsServer(t);
    const question = {
      server,
      name: 'a..test',
      type: 'A',
      transport: 'udp',
      milliseconds,
    } as const;
    const reply = await make().askResolver(question, signal);
    assert.equal(reply.kind === 'failed' && reply.reason, 'nonsense');
    assert.deepEqual(server.asked, []);
  });

  test(`${name}: an address needs no look-up, and localhost is found`, async () => {
    const network = make();
    const address = await network.lookUp('192.0.2.1', milliseconds, signal);
    assert.deepEqual(address.kind === 'found' && address.addresses, ['192.0.2.1']);
    const local = await network.lookUp('localhost', milliseconds, signal);
    assert.ok(local.kind === 'found' && local.addresses.includes(host));
  });

  test(`${name}: a connection is made, or refused`, async (t) => {
    const server = await startRawServer(t, () => undefined);
    const made = await make().connect({ host, port: server.port }, milliseconds, signal);
    assert.equal(made.kind, 'connected');
    const refused = await make().connect({ host, port: NOBODY }, milliseconds, signal);
    assert.deepEqual(refused.kind === 'failed' && [refused.reason, refused.code], [
      'refused',
      'ECONNREFUSED',
    ]);
  });

  test(`${name}: a tunnel's status and schemes are told, also of what is no proxy`, async (t) => {
    const target = await startRawServer(t, () => undefined);
    const proxy = await startHttpProxy(t, { credentials: 'me:secret' });
    const request = {
      proxy: { host, port: proxy.port, secure: false },
      target: { host, port: target.port },
      milliseconds,
    };
    const wanted = await make().tunnel(request, signal);
    assert.equal(wanted.kind === 'answered' && wanted.status, 407);
    const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    const open = await make().tunnel(
      { ...request, proxy: { ...request.proxy, authorization } },
      signal,
    );
    assert.equal(open.kind === 'answered' && open.status, 200);
    const other = await startCannedServer(t, 'SSH-2.0-OpenSSH_9.6\r\n');
    const nonsense = await make().tunnel(
      { ...request, proxy: { host, port: other.port, secure: false } },
      signal,
    );
    assert.deepEqual(nonsense.kind === 'failed' && [nonsense.reason, nonsense.connected], [
      'nonsense',
      true,
    ]);
  });

  test(`${name}: a handshake with what speaks no TLS fails in the step of TLS`, async (t) => {
    const server = await startHttpServer(t, (_request, response) => response.end());
    const endpoint = { host, port: server.port };
    const request = { endpoint, serverName: 'localhost', milliseconds };
    const result = await make().handshake(request, signal);
    assert.equal(result.kind === 'failed' && result.step, 'tls');
  });

  test(`${name}: an aborted signal rejects`, async (t) => {
    const server = await startDnsServer(t, { silent: ['udp'] });
    const controller = new AbortController();
    const question = { server, name: 'a.test', type: 'A', transport: 'udp', milliseconds } as const;
    const asked = make().askResolver(question, controller.signal);
    controller.abort(new Error('enough'));
    await assert.rejects(asked, /enough/);
  });
}

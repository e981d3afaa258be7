import type { TestContext } from 'node:test';
import { createAuthority } from '../support/certificates.ts';
import type { Authority, KeyPair } from '../support/certificates.ts';
import { startDnsServer } from '../support/dns-server.ts';
import type { DnsBehaviour } from '../support/dns-server.ts';
import { startHttpProxy } from '../support/forward-proxies.ts';
import type { ForwardProxyOptions } from '../support/forward-proxies.ts';
import { startCannedServer, startHttpServer, startRawServer } from '../support/http-servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Cause, Planted } from './planted-cause.ts';

/** Only a resolver or a forward proxy of the test could know it. */
const HOUSE = 'https://modules.corp.invalid';
const KNOWN = { names: { 'modules.corp.invalid': ['127.0.0.1'] } };

function resolver(cause: string, code: string, behaviour: DnsBehaviour): Cause {
  return {
    cause,
    code,
    plant: async (t) => ({
      environment: { GOPROXY: HOUSE },
      options: { resolvers: [await startDnsServer(t, behaviour)] },
    }),
  };
}

function forwardProxy(cause: string, code: string, options: ForwardProxyOptions): Cause {
  return {
    cause,
    code,
    plant: async (t) => ({
      environment: { GOPROXY: HOUSE, HTTPS_PROXY: (await startHttpProxy(t, options)).url },
    }),
  };
}

function certificate(
  cause: string,
  code: string,
  issue: (authority: Authority) => Promise<KeyPair>,
  roots?: string,
): Cause {
  return {
    cause,
    code,
    async plant(t) {
      const authority = await createAuthority(await temporaryFolder(t), 'House');
      const pair = await issue(authority);
      return secured(t, pair, roots ?? authority.file);
    },
  };
}

async function secured(t: TestContext, pair: KeyPair, roots: string): Promise<Planted> {
  const server = await startHttpServer(
    t,
    (_request, response) => response.writeHead(404).end('not found'),
    pair,
  );
  return {
    environment: {
      GOPROXY: `https://localhost:${server.port},direct`,
      SSL_CERT_FILE: roots,
      SSL_CERT_DIR: '/nowhere',
      GOSUMDB: 'off',
    },
  };
}

function localhost(cause: string, code: string, plant: (t: TestContext) => Promise<string>): Cause {
  return { cause, code, plant: async (t) => ({ environment: { GOPROXY: await plant(t) } }) };
}

const NAMES = ['DNS:localhost'];

export const networkCauses: readonly Cause[] = [
  resolver('a name that does not exist', 'dns-no-such-host', {}),
  resolver('a name without an address', 'dns-no-such-host', {
    names: { 'modules.corp.invalid': [] },
  }),
  resolver('a silent resolver', 'dns-timeout', { silent: ['udp', 'tcp'] }),
  resolver('a resolver without UDP', 'dns-timeout', { ...KNOWN, silent: ['udp'] }),
  resolver('a resolver that fails', 'dns-server-misbehaving', { code: 2 }),
  resolver('a resolver that refuses', 'dns-server-misbehaving', { code: 5 }),
  {
    cause: 'no resolver at its address',
    code: 'dns-server-unreachable',
    plant: () => ({
      environment: { GOPROXY: HOUSE },
      options: { resolvers: [{ host: '127.0.0.1', port: 1 }] },
    }),
  },
  localhost('nobody at the port', 'tcp-connection-refused', async () => 'http://127.0.0.1:1'),
  localhost('https towards plain HTTP', 'tls-plaintext-peer', async (t) => {
    const server = await startHttpServer(t, (_request, response) => response.end());
    return `https://localhost:${server.port}`;
  }),
  localhost('a filter that breaks off each handshake', 'tcp-connection-reset', async (t) => {
    const server = await startRawServer(t, (socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    return `https://localhost:${server.port}`;
  }),
  localhost('a handshake without an answer', 'tls-handshake-timeout', async (t) => {
    const server = await startRawServer(t, () => undefined);
    return `https://localhost:${server.port}`;
  }),
  certificate('an expired certificate', 'tls-cert-expired', (one) => one.issue(NAMES, -1)),
  certificate('a certificate for another name', 'tls-hostname-mismatch', (one) =>
    one.issue(['DNS:other.invalid'], 90),
  ),
  certificate('a certificate with a common name only', 'tls-legacy-common-name', (one) =>
    one.issue([], 90),
  ),
  certificate('a certificate that ends tomorrow', 'tls-cert-expires-soon', (one) =>
    one.issue(NAMES, 1),
  ),
  certificate(
    'no trusted certificates',
    'tls-no-root-store',
    (one) => one.issue(NAMES, 90),
    '/nowhere/roots',
  ),
  {
    cause: 'an issuer that this machine does not trust',
    code: 'tls-unknown-ca',
    async plant(t) {
      const house = await createAuthority(await temporaryFolder(t), 'House');
      const others = await createAuthority(await temporaryFolder(t), 'Others');
      return secured(t, await house.issue(NAMES, 90), others.file);
    },
  },
  {
    cause: 'a dead HTTPS_PROXY',
    code: 'http-proxy-unreachable',
    plant: () => ({ environment: { GOPROXY: HOUSE, HTTPS_PROXY: 'http://127.0.0.1:1' } }),
  },
  {
    cause: 'an HTTPS_PROXY without a host',
    code: 'http-proxy-misconfigured',
    plant: () => ({ environment: { HTTPS_PROXY: 'http://proxy.invalid:port' } }),
  },
  {
    cause: 'an HTTPS_PROXY that is an ssh server',
    code: 'http-proxy-misconfigured',
    plant: async (t) => ({
      environment: {
        GOPROXY: HOUSE,
        HTTPS_PROXY: (await startCannedServer(t, 'SSH-2.0-OpenSSH_9.6\r\n')).url,
      },
    }),
  },
  forwardProxy('a forward proxy that wants credentials', 'http-proxy-auth', {
    credentials: 'me:secret',
  }),
  forwardProxy('a forward proxy that forbids', 'http-proxy-denied', { refuse: '403 Forbidden' }),
  forwardProxy('a forward proxy without its own way out', 'http-proxy-bad-gateway', {
    refuse: '502 Bad Gateway',
  }),
  forwardProxy('a forward proxy that gives up', 'http-proxy-bad-gateway', {
    refuse: '504 Gateway Timeout',
  }),
  {
    cause: 'a house server behind a forward proxy that forbids it',
    code: 'no-proxy-missing',
    async plant(t) {
      const server = await startRawServer(t, () => undefined);
      const proxy = await startHttpProxy(t, { refuse: '403 Forbidden' });
      // 127.0.0.1 itself is never asked through a proxy; the unspecified address leads there as well.
      const GOPROXY = `https://0.0.0.0:${server.port}`;
      return { environment: { GOPROXY, HTTPS_PROXY: proxy.url } };
    },
  },
  {
    cause: 'a dead proxy in the settings of npm',
    code: 'http-proxy-unreachable',
    plant: () => ({ files: { '.npmrc': 'https-proxy=http://127.0.0.1:1\n' } }),
  },
];

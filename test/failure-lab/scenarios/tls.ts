import { createServer as createTlsServer } from 'node:tls';
import type { Scenario } from '../scenario.ts';
import { moduleProxy, send } from '../world/module-proxy.ts';
import type { World } from '../world/world.ts';
import type { KeyPair } from '../../support/certificates.ts';
import { anyProxy, asking } from './network.ts';
import { consumer } from './common.ts';

function withCertificate(
  id: string,
  name: string,
  evidence: RegExp,
  issue: (world: World, host: string) => Promise<KeyPair>,
): Scenario {
  return {
    id,
    name,
    plant: async (world) => {
      const host = anyProxy(world);
      await world.web(
        host,
        (_, response) => send(response, 200, 'v1.0.0\n'),
        await issue(world, host),
      );
      return asking(world.names, host, evidence);
    },
  };
}

async function silentTls(world: World, host: string): Promise<void> {
  const site = await world.sites.raw(world.address(), 443, () => undefined);
  world.dns.set(host, { a: site.address });
}

export const tls: readonly Scenario[] = [
  withCertificate(
    'tls-unknown-ca',
    'inspected',
    /x509: certificate signed by unknown authority/u,
    async ({ certificates }, host) => certificates.unknown(host),
  ),
  {
    id: 'tls-unknown-ca',
    name: 'image-without-certificates',
    plant: async (world) => {
      await world.mirror([]);
      return asking(
        world.names,
        'proxy.golang.org',
        /x509: certificate signed by unknown authority/u,
        {
          prepare: 'rm -rf /etc/ssl/certs/ca-certificates.crt',
          also: ['tls-no-root-store'],
        },
      );
    },
  },
  {
    id: 'tls-no-root-store',
    name: 'ssl-cert-file-is-a-folder',
    plant: async (world) => {
      await world.mirror([]);
      return asking(
        world.names,
        'proxy.golang.org',
        /x509: failed to load system roots and no roots provided/u,
        {
          env: {
            GOPROXY: 'https://proxy.golang.org',
            SSL_CERT_FILE: '/etc/ssl',
            SSL_CERT_DIR: '/etc/none',
          },
        },
      );
    },
  },
  withCertificate(
    'tls-cert-expired',
    'lapsed',
    /x509: certificate has expired or is not yet valid: current time \S+ is after \S+/u,
    async ({ certificates }, host) => certificates.expired(host),
  ),
  withCertificate(
    'tls-clock-skew',
    'not-yet-valid',
    /x509: certificate has expired or is not yet valid: current time \S+ is before \S+/u,
    async ({ certificates }, host) => certificates.future(host),
  ),
  withCertificate(
    'tls-hostname-mismatch',
    'other-names',
    /x509: certificate is (?:valid for|not valid for any names).*/u,
    async ({ certificates, names }) =>
      certificates.names([`DNS:portal.${names.domain}`, `DNS:*.wifi.${names.domain}`]),
  ),
  {
    id: 'tls-hostname-mismatch',
    name: 'by-address',
    plant: async (world) => {
      const host = world.names.host('proxy');
      const site = await world.web(host, (_, response) => send(response, 200, ''));
      return asking(
        world.names,
        host,
        /x509: cannot validate certificate for \S+ because it doesn't contain any IP SANs/u,
        {
          env: { GOPROXY: `https://${site.address}` },
          target: site.address,
        },
      );
    },
  },
  withCertificate(
    'tls-legacy-common-name',
    'no-subject-alternative-name',
    /x509: certificate relies on legacy Common Name field.*/u,
    async ({ certificates }, host) => certificates.commonName(host),
  ),
  {
    id: 'tls-handshake-timeout',
    name: 'nothing-after-accept',
    plant: async (world) => {
      const host = anyProxy(world);
      await silentTls(world, host);
      return asking(world.names, host, /net\/http: TLS handshake timeout/u);
    },
  },
  {
    id: 'tls-handshake-rejected',
    name: 'client-certificate-wanted',
    plant: async (world) => {
      const host = world.names.host('proxy');
      const pair = await world.certificates.good(host);
      await world.web(host, moduleProxy([]), {
        ...pair,
        requestCert: true,
        rejectUnauthorized: true,
      });
      return asking(world.names, host, /remote error: tls: .*/u);
    },
  },
  {
    id: 'tls-handshake-rejected',
    name: 'alert-for-this-name',
    plant: async (world) => {
      const host = anyProxy(world);
      const alert = world.names.pick([112, 49, 80, 40]);
      const site = await world.sites.raw(world.address(), 443, (socket) => {
        socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));
      });
      world.dns.set(host, { a: site.address });
      return asking(world.names, host, /remote error: tls: .*/u);
    },
  },
  {
    id: 'tls-plaintext-peer',
    name: 'http-on-443',
    plant: async (world) => {
      const host = world.names.host('proxy');
      const site = await world.sites.raw(world.address(true), 443, (socket) => {
        socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
      });
      world.dns.set(host, { a: site.address });
      return asking(world.names, host, /tls: first record does not look like a TLS handshake/u);
    },
  },
  {
    id: 'tls-plaintext-peer',
    name: 'wrong-scheme',
    plant: async (world) => {
      const host = world.names.host('proxy');
      const port = world.names.pick([3000, 8080, 8081]);
      const site = await world.sites.http(world.address(true), port, moduleProxy([]));
      world.dns.set(host, { a: site.address });
      return asking(
        world.names,
        host,
        /(?:server gave HTTP response to HTTPS client|tls: first record does not look like a TLS handshake)/u,
        {
          env: { GOPROXY: `https://${host}:${port}` },
        },
      );
    },
  },
  withCertificate(
    'tls-weak-cert',
    'sha1',
    /insecure algorithm \S+/u,
    async ({ certificates }, host) => certificates.weak(host),
  ),
  {
    id: 'http-garbage',
    name: 'not-http',
    plant: async (world) => {
      const host = anyProxy(world);
      const pair = await world.certificates.good(host);
      const text = world.names.pick([
        'ICY 200 OK\r\n\r\n',
        '220 mail ready\r\n',
        'HTTP/1.1 200 OK\r\nbroken header line\r\n\r\nx',
      ]);
      const server = createTlsServer(pair, (socket) => {
        socket.once('data', () => socket.end(text));
        socket.on('error', () => socket.destroy());
      });
      const site = await world.sites.listen(world.address(), 443, server);
      world.dns.set(host, { a: site.address });
      return asking(
        world.names,
        host,
        /(?:malformed HTTP response|malformed MIME header|HTTP\/1\.x transport connection broken).*/u,
      );
    },
  },
  {
    id: 'http-garbage',
    name: 'binary-on-http-port',
    plant: async (world) => {
      const host = world.names.host('proxy');
      const site = await world.sites.raw(world.address(true), 8080, (socket) => {
        socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 70])));
      });
      world.dns.set(host, { a: site.address });
      return asking(
        world.names,
        host,
        /(?:malformed HTTP response|HTTP\/1\.x transport connection broken).*/u,
        {
          files: consumer(world.names),
          env: { GOPROXY: `http://${host}:8080` },
        },
      );
    },
  },
];

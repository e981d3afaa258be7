import { moduleProxy } from '../world/module-proxy.ts';
import {
  again,
  askedHost,
  fix,
  forwardProxy,
  inspectionRoot,
  otherProxy,
  ROOT_FILE,
  soundProxy,
  theModule,
  TRUST_IT,
  type Fixes,
} from './fix.ts';

/** Names, connections, certificates and forward proxies. */
export const networkFixes: Fixes = {
  'dns-no-such-host': otherProxy('company-proxy-unknown', 'the name in GOPROXY was corrected'),
  'dns-timeout': fix(
    'resolver-behind-a-filter',
    'resolv.conf names a resolver that this network reaches',
    async (world, planted) => {
      await world.web(askedHost(planted), moduleProxy([theModule(world)]));
      return { resolvers: `nameserver ${world.dns.address}\n` };
    },
  ),
  'dns-dial-budget': fix(
    'three-silent-resolvers',
    'the dead nameservers were taken out of resolv.conf',
    async (world, planted) => {
      await world.web(askedHost(planted), moduleProxy([theModule(world)]));
      return { resolvers: `nameserver ${world.dns.address}\noptions ndots:1\n` };
    },
  ),
  'dns-server-misbehaving': again('servfail', 'the resolver knows the zone again'),
  'dns-server-unreachable': fix(
    'empty-resolv-conf',
    'the container got a real nameserver',
    async (world, planted) => {
      await world.web(askedHost(planted), moduleProxy([theModule(world)]));
      return { resolvers: `nameserver ${world.dns.address}\n` };
    },
  ),
  'tcp-dial-timeout': otherProxy('dropped-packets', 'GOPROXY names a mirror that is reached'),
  'tcp-connection-refused': again('nobody-listens', 'the service was started'),
  'tcp-connection-reset': again('after-client-hello', 'the filter lets the host through'),
  'tcp-no-route': again('no-route-to-host', 'there is a way to the host again'),
  'conn-eof': again('closed-before-any-answer', 'tried again when the server answers'),
  'net-sandboxed': fix(
    'prohibited',
    'a step with network filled the module cache, then the same build ran with GOPROXY=off',
    async (world) => {
      const proxy = await soundProxy(world);
      return {
        typed: `GOPROXY=${proxy} go mod download && export GOPROXY=off`,
        command: 'go build -mod=mod ./...',
      };
    },
  ),
  'tls-unknown-ca': fix(
    'inspected',
    "the company's root was added to the bundle of the image",
    async (world, planted) => {
      const host = askedHost(planted);
      const pair = await world.certificates.unknown(host);
      await world.web(host, moduleProxy([theModule(world)]), pair);
      return {
        files: { ...planted.files, [ROOT_FILE]: inspectionRoot(world) },
        typed: TRUST_IT,
      };
    },
  ),
  'tls-no-root-store': fix(
    'ssl-cert-file-is-a-folder',
    'SSL_CERT_FILE names the bundle itself',
    async (world, planted) => {
      await world.mirror([theModule(world)]);
      return {
        env: { ...planted.env, SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' },
      };
    },
  ),
  'tls-cert-expired': again('lapsed', 'the host has a renewed certificate'),
  'tls-hostname-mismatch': fix(
    'by-address',
    'GOPROXY has the name of the proxy in place of its address',
    async (world, planted) => ({
      env: { ...planted.env, GOPROXY: await soundProxy(world) },
    }),
  ),
  'tls-legacy-common-name': again(
    'no-subject-alternative-name',
    'the certificate was issued again with a subject alternative name',
  ),
  'tls-handshake-timeout': again('nothing-after-accept', 'tried again when the server answers'),
  'tls-handshake-rejected': otherProxy(
    'alert-for-this-name',
    'GOPROXY has the host name that the server serves',
  ),
  'tls-plaintext-peer': fix(
    'wrong-scheme',
    'GOPROXY has http for that port',
    async (world, planted) => {
      const { hostname, port } = new URL(planted.env?.['GOPROXY'] ?? '');
      const site = await world.sites.http(
        world.address(true),
        Number(port),
        moduleProxy([theModule(world)]),
      );
      world.dns.set(hostname, { a: site.address });
      return { env: { ...planted.env, GOPROXY: `http://${hostname}:${port}` } };
    },
  ),
  'tls-weak-cert': again('sha1', 'the host has a certificate that is signed with SHA-256'),
  'http-garbage': otherProxy('not-http', 'GOPROXY has the host that speaks HTTP'),
  'http-proxy-unreachable': fix(
    'desktop-tool-in-a-container',
    'the variable was unset, because nothing needs the proxy',
    async (world, planted) => {
      await world.mirror([theModule(world)]);
      return { env: { ...planted.env, HTTPS_PROXY: undefined, https_proxy: undefined } };
    },
  ),
  'http-proxy-auth': fix(
    'connect-407',
    'user and password stand in the proxy URL',
    async (world, planted) => {
      const { address } = await world.mirror([theModule(world)]);
      const host = `with-password.${world.names.domain}`;
      await forwardProxy(world, host, address, 'pw');
      return {
        env: { ...planted.env, HTTPS_PROXY: `http://ci:pw@${host}:3128`, https_proxy: undefined },
      };
    },
  ),
  'http-proxy-denied': fix(
    'connect-403',
    'a module proxy inside is asked, which NO_PROXY names',
    async (world, planted) => ({
      env: {
        ...planted.env,
        GOPROXY: await soundProxy(world),
        NO_PROXY: `.${world.names.domain}`,
      },
    }),
  ),
  'http-proxy-bad-gateway': fix(
    'connect-502',
    'tried again when the forward proxy reaches the host',
    async (world, planted) => {
      const { address } = await world.mirror([theModule(world)]);
      const forward = planted.env?.['HTTPS_PROXY'] ?? planted.env?.['https_proxy'] ?? '';
      await forwardProxy(world, new URL(forward).hostname, address);
      return {};
    },
  ),
  'http-proxy-connect-timeout': fix(
    'never-answers-connect',
    'GOPROXY names a proxy inside, and NO_PROXY its domain',
    async (world, planted) => ({
      env: {
        ...planted.env,
        GOPROXY: await soundProxy(world),
        NO_PROXY: `.${world.names.domain}`,
      },
    }),
  ),
  'http-proxy-misconfigured': fix(
    'https-to-a-plain-proxy',
    'the proxy itself is spoken to over http',
    async (world, planted) => {
      const { address } = await world.mirror([theModule(world)]);
      const forward = planted.env?.['HTTPS_PROXY'] ?? planted.env?.['https_proxy'] ?? '';
      const { hostname } = new URL(forward);
      await forwardProxy(world, hostname, address);
      return {
        env: { ...planted.env, HTTPS_PROXY: `http://${hostname}:3128`, https_proxy: undefined },
      };
    },
  ),
  'no-proxy-missing': fix(
    'company-host-through-the-forward-proxy',
    "NO_PROXY has the company's domain",
    async (world, planted) => {
      await world.web(askedHost(planted), moduleProxy([theModule(world)]));
      return { env: { ...planted.env, NO_PROXY: `.${world.names.domain}` } };
    },
  ),
  'http2-stream-error': again('internal-error', 'tried again when the server finishes its streams'),
  'http2-goaway': again('connection-closed', 'tried again when the server keeps the connection'),
  'download-truncated': again('zip', 'tried again when the whole file comes'),
  'redirect-problem': otherProxy(
    'to-a-log-in-page',
    'GOPROXY has the address of the service that takes tokens',
  ),
};

import type { Finding } from '../finding/index.ts';

/** From the ground up: what stands lower explains what stands higher, and is named first. */
export const layers = [
  'settings',
  'machine',
  'resolver',
  'route',
  'forward-proxy',
  'connection',
  'tls',
  'transfer',
  'module-proxy',
  'checksum-database',
  'version-control',
  'cache',
  'versions',
] as const;

export type Layer = (typeof layers)[number];

/** What is always so for one code: its layer, who mends it, what trying again brings. */
export interface Code {
  readonly layer: Layer;
  readonly owner: NonNullable<Finding['owner']>;
  readonly retry: NonNullable<Finding['retry']>;
}

function codesOf(
  layer: Layer,
  owner: Code['owner'],
  retry: Code['retry'],
  ...ids: readonly string[]
): readonly (readonly [string, Code])[] {
  return ids.map((id) => [id, { layer, owner, retry }]);
}

const passing = 'transient-then-permanent';

/** The ids are those of the failure catalogue, so that a diagnosis and a probe mean the same. */
export const codes: ReadonlyMap<string, Code> = new Map<string, Code>([
  ...codesOf('settings', 'platform', 'permanent', 'goproxy-misconfigured', 'goproxy-off'),
  ...codesOf('settings', 'platform', 'permanent', 'gosumdb-misconfigured', 'goflags-invalid'),
  ...codesOf('settings', 'platform', 'permanent', 'gotoolchain-invalid', 'gomodules-off'),
  ...codesOf('settings', 'platform', 'permanent', 'cache-location-missing', 'cache-path-relative'),
  ...codesOf('settings', 'developer', 'permanent', 'go-settings-differ', 'go-patterns-broken'),
  ...codesOf('machine', 'platform', 'permanent', 'net-sandboxed', 'fd-limit', 'process-limit'),
  ...codesOf('machine', 'platform', 'permanent', 'memory-limit-low', 'oom-killed', 'cpu-throttled'),
  ...codesOf('resolver', 'network', 'transient-then-permanent', 'dns-server-unreachable'),
  ...codesOf('resolver', 'network', passing, 'dns-timeout', 'dns-server-misbehaving'),
  ...codesOf('resolver', 'network', 'permanent', 'dns-no-such-host', 'dns-answers-differ'),
  ...codesOf('route', 'network', passing, 'tcp-no-route'),
  ...codesOf('route', 'platform', 'permanent', 'ipv6-unusable'),
  ...codesOf('forward-proxy', 'platform', 'permanent', 'http-proxy-misconfigured'),
  ...codesOf('forward-proxy', 'platform', passing, 'http-proxy-unreachable'),
  ...codesOf('forward-proxy', 'platform', 'permanent', 'http-proxy-auth', 'no-proxy-missing'),
  ...codesOf('forward-proxy', 'network', 'permanent', 'http-proxy-denied'),
  ...codesOf('forward-proxy', 'network', 'transient', 'http-proxy-bad-gateway'),
  ...codesOf('forward-proxy', 'network', passing, 'http-proxy-connect-timeout'),
  ...codesOf('connection', 'network', passing, 'tcp-dial-timeout', 'tcp-connection-refused'),
  ...codesOf('connection', 'network', 'transient', 'tcp-connection-reset', 'conn-eof'),
  ...codesOf('connection', 'network', passing, 'net-hang', 'link-slow'),
  ...codesOf('tls', 'platform', 'permanent', 'tls-clock-skew', 'tls-no-root-store'),
  ...codesOf('tls', 'platform', 'permanent', 'tls-unknown-ca', 'tls-plaintext-peer'),
  ...codesOf('tls', 'proxy', 'permanent', 'tls-cert-expired', 'tls-cert-expires-soon'),
  ...codesOf('tls', 'network', 'permanent', 'tls-hostname-mismatch', 'tls-intercepted'),
  ...codesOf('tls', 'proxy', 'permanent', 'tls-legacy-common-name', 'tls-weak-cert'),
  ...codesOf('tls', 'proxy', 'permanent', 'tls-handshake-rejected'),
  ...codesOf('tls', 'network', 'transient', 'tls-handshake-timeout'),
  ...codesOf('transfer', 'network', 'permanent', 'redirect-problem', 'http-garbage'),
  ...codesOf('transfer', 'network', passing, 'download-truncated'),
  ...codesOf('module-proxy', 'developer', 'permanent', 'proxy-not-found', 'proxy-unauthorized'),
  ...codesOf('module-proxy', 'proxy', 'permanent', 'proxy-forbidden', 'proxy-bad-request'),
  ...codesOf('module-proxy', 'proxy', 'transient', 'proxy-rate-limited', 'proxy-5xx'),
  ...codesOf('module-proxy', 'proxy', passing, 'proxy-bad-gomod', 'proxy-non-json'),
  ...codesOf('module-proxy', 'proxy', passing, 'proxy-bad-content', 'zip-not-valid'),
  ...codesOf('module-proxy', 'platform', 'permanent', 'proxy-file-missing', 'proxy-wrong-version'),
  ...codesOf('checksum-database', 'network', passing, 'sumdb-unreachable', 'sumdb-bad-record'),
  ...codesOf('checksum-database', 'developer', 'permanent', 'sumdb-not-found'),
  ...codesOf('checksum-database', 'proxy', 'transient', 'sumdb-5xx'),
  ...codesOf('checksum-database', 'platform', 'permanent', 'sumdb-fork', 'gosumdb-off'),
  ...codesOf('version-control', 'platform', 'permanent', 'git-missing', 'git-auth-https-prompt'),
  ...codesOf('version-control', 'platform', 'permanent', 'git-auth-failed', 'git-forbidden'),
  ...codesOf('version-control', 'platform', 'permanent', 'git-ssh-publickey', 'git-ssh-hostkey'),
  ...codesOf('version-control', 'developer', 'permanent', 'git-repo-not-found'),
  ...codesOf('version-control', 'developer', 'permanent', 'git-insteadof-broken'),
  ...codesOf('version-control', 'network', passing, 'git-ssh-unreachable', 'git-connect'),
  ...codesOf('version-control', 'network', passing, 'git-dns', 'git-proxy', 'git-http-5xx'),
  ...codesOf('version-control', 'platform', 'permanent', 'git-tls', 'git-credential-unused'),
  ...codesOf('version-control', 'network', passing, 'vanity-host-unreachable'),
  ...codesOf('version-control', 'author', 'transient', 'vanity-host-5xx'),
  ...codesOf('version-control', 'developer', 'permanent', 'go-import-missing'),
  ...codesOf('cache', 'platform', 'permanent', 'cache-permission-denied', 'cache-readonly'),
  ...codesOf('cache', 'platform', 'permanent', 'disk-full', 'disk-nearly-full', 'tmp-noexec'),
  ...codesOf('cache', 'platform', 'permanent', 'cache-corrupt', 'cache-empty-file-hash'),
  ...codesOf('cache', 'platform', 'permanent', 'git-lock-left', 'cache-leftovers'),
  ...codesOf('versions', 'platform', 'permanent', 'go-missing', 'go-too-old-local'),
  ...codesOf('versions', 'platform', 'permanent', 'go-too-old-gomod', 'toolchain-not-in-path'),
  ...codesOf('versions', 'platform', 'permanent', 'toolchain-not-available'),
  ...codesOf('versions', 'platform', 'permanent', 'gosumdb-off-toolchain', 'go-install-mixed'),
  ...codesOf('versions', 'developer', 'permanent', 'gomod-syntax', 'gomod-merge-conflict'),
]);

export function layerNumber(code: string): number {
  const layer = codes.get(code)?.layer;
  return layer === undefined ? layers.length : layers.indexOf(layer);
}

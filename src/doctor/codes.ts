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

type Row = readonly [owner: Code['owner'], retry: keyof typeof letters];

const letters = {
  T: 'transient',
  P: 'permanent',
  'T>P': 'transient-then-permanent',
  'P>T': 'permanent-but-cheap',
} as const;

/** The ids are those of the failure catalogue where it has one, so that a diagnosis and a probe mean the same. */
const table: Readonly<Record<Layer, Readonly<Record<string, Row>>>> = {
  settings: {
    'goproxy-misconfigured': ['developer', 'P'],
    'goproxy-off': ['platform', 'P'],
    'gosumdb-misconfigured': ['developer', 'P'],
    'goflags-invalid': ['platform', 'P'],
    'gotoolchain-invalid': ['developer', 'P'],
    'gomodules-off': ['platform', 'P'],
    'cache-path-relative': ['platform', 'P'],
    'cache-location-missing': ['platform', 'P'],
    'goroot-broken': ['platform', 'P'],
    'go-settings-differ': ['developer', 'P'],
    'go-patterns-broken': ['developer', 'P'],
  },
  machine: {
    'net-sandboxed': ['platform', 'P'],
    'fd-limit': ['platform', 'P'],
    'process-limit': ['platform', 'P'],
    'memory-limit-low': ['platform', 'P'],
    'oom-killed': ['platform', 'P'],
  },
  resolver: {
    'dns-server-unreachable': ['platform', 'P>T'],
    'dns-timeout': ['network', 'T>P'],
    'dns-server-misbehaving': ['network', 'T>P'],
    'dns-no-such-host': ['network', 'P'],
  },
  route: {
    'tcp-no-route': ['network', 'P>T'],
    'ipv6-unusable': ['platform', 'P'],
  },
  'forward-proxy': {
    'http-proxy-misconfigured': ['platform', 'P'],
    'http-proxy-unreachable': ['platform', 'P>T'],
    'http-proxy-auth': ['platform', 'P'],
    'no-proxy-missing': ['platform', 'P'],
    'http-proxy-denied': ['network', 'P'],
    'http-proxy-bad-gateway': ['network', 'T'],
    'http-proxy-connect-timeout': ['network', 'T>P'],
  },
  connection: {
    'tcp-dial-timeout': ['network', 'T>P'],
    'tcp-connection-refused': ['network', 'T>P'],
    'tcp-connection-reset': ['network', 'T'],
    'net-hang': ['network', 'T>P'],
    'link-slow': ['network', 'T>P'],
  },
  tls: {
    'tls-clock-skew': ['platform', 'P'],
    'tls-no-root-store': ['platform', 'P'],
    'tls-unknown-ca': ['platform', 'P'],
    'tls-plaintext-peer': ['developer', 'P'],
    'tls-cert-expired': ['author', 'P'],
    'tls-cert-expires-soon': ['proxy', 'P'],
    'tls-hostname-mismatch': ['network', 'P'],
    'tls-intercepted': ['network', 'P'],
    'tls-legacy-common-name': ['proxy', 'P'],
    'tls-weak-cert': ['proxy', 'P'],
    'tls-handshake-rejected': ['proxy', 'P>T'],
    'tls-handshake-timeout': ['network', 'T'],
  },
  transfer: {
    'conn-eof': ['network', 'T'],
    'redirect-problem': ['network', 'P'],
    'http-garbage': ['network', 'P>T'],
    'download-truncated': ['network', 'T>P'],
  },
  'module-proxy': {
    'proxy-not-found': ['developer', 'P'],
    'proxy-unauthorized': ['platform', 'P'],
    'proxy-forbidden': ['proxy', 'P'],
    'proxy-bad-request': ['developer', 'P'],
    'proxy-rate-limited': ['proxy', 'T'],
    'proxy-5xx': ['proxy', 'T'],
    'proxy-bad-gomod': ['proxy', 'P>T'],
    'proxy-non-json': ['network', 'P>T'],
    'proxy-bad-content': ['proxy', 'T>P'],
    'proxy-fetch-timeout': ['proxy', 'T>P'],
    'proxy-zip-storage-blocked': ['network', 'P'],
    'zip-not-valid': ['proxy', 'T>P'],
    'zip-checksum-error': ['proxy', 'T>P'],
    'zip-unexpected-file': ['proxy', 'P'],
    'module-zip-rejected': ['author', 'P'],
    'proxy-file-missing': ['platform', 'P'],
    'proxy-wrong-version': ['proxy', 'P'],
  },
  'checksum-database': {
    'sumdb-unreachable': ['network', 'T>P'],
    'sumdb-bad-record': ['network', 'P>T'],
    'sumdb-absent': ['network', 'P'],
    'sumdb-not-found': ['developer', 'P'],
    'sumdb-5xx': ['proxy', 'T'],
    'gosumdb-off': ['platform', 'P'],
  },
  'version-control': {
    'git-missing': ['platform', 'P'],
    'git-auth-https-prompt': ['platform', 'P'],
    'git-auth-failed': ['platform', 'P'],
    'git-forbidden': ['author', 'P>T'],
    'git-ssh-publickey': ['platform', 'P'],
    'git-ssh-hostkey': ['platform', 'P'],
    'git-repo-not-found': ['author', 'P'],
    'git-insteadof-broken': ['developer', 'P'],
    'git-ssh-unreachable': ['network', 'T>P'],
    'git-connect': ['network', 'T>P'],
    'git-dns': ['network', 'T>P'],
    'git-proxy': ['platform', 'P'],
    'git-http-5xx': ['author', 'T'],
    'git-rate-limited': ['platform', 'T'],
    'vcs-tool-missing': ['platform', 'P'],
    'git-tls': ['platform', 'P'],
    'vanity-host-unreachable': ['author', 'T>P'],
    'vanity-host-5xx': ['author', 'T'],
    'go-import-missing': ['author', 'P'],
  },
  cache: {
    'cache-permission-denied': ['platform', 'P'],
    'cache-readonly': ['platform', 'P'],
    'disk-full': ['platform', 'P'],
    'disk-nearly-full': ['platform', 'P'],
    'tmp-noexec': ['platform', 'P'],
    'cache-corrupt': ['platform', 'P'],
    'cache-empty-file-hash': ['platform', 'P'],
    'git-lock-left': ['platform', 'P'],
  },
  versions: {
    'go-missing': ['platform', 'P'],
    'go-too-old-local': ['platform', 'P'],
    'go-too-old-gomod': ['platform', 'P'],
    'toolchain-not-in-path': ['platform', 'P'],
    'toolchain-not-available': ['developer', 'P'],
    'gosumdb-off-toolchain': ['platform', 'P'],
    'gomod-syntax': ['developer', 'P'],
    'gomod-merge-conflict': ['developer', 'P'],
  },
};

export const codes: ReadonlyMap<string, Code> = new Map(
  layers.flatMap((layer) =>
    Object.entries(table[layer]).map(([id, [owner, retry]]): [string, Code] => [
      id,
      { layer, owner, retry: letters[retry] },
    ]),
  ),
);

export function layerNumber(code: string): number {
  const layer = codes.get(code)?.layer;
  return layer === undefined ? layers.length : layers.indexOf(layer);
}

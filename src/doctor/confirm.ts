import type { Probe, ProbeFinding } from './probe.ts';

/** What a log calls by one name and a probe sees as another: any of these confirms it. */
const seenAs: Readonly<Record<string, readonly string[]>> = {
  'dns-dial-budget': ['dns-timeout', 'dns-server-unreachable'],
  'git-dns': ['git-dns', 'dns-no-such-host', 'dns-timeout', 'dns-server-unreachable'],
  'git-connect': ['git-connect', 'tcp-dial-timeout', 'tcp-connection-refused', 'tcp-no-route'],
  'git-tls': ['git-tls', 'tls-unknown-ca', 'tls-no-root-store', 'tls-cert-expired'],
  'git-proxy': ['git-proxy', 'http-proxy-unreachable', 'http-proxy-auth', 'http-proxy-denied'],
  'go-older-than-code': ['go-too-old-local', 'go-too-old-gomod'],
  'gitlab-subgroup-root': ['go-import-missing'],
  'vcs-no-secure-protocol': [
    'git-connect',
    'git-dns',
    'git-tls',
    'git-auth-https-prompt',
    'git-repo-not-found',
  ],
  'proxy-fetch-timeout': ['proxy-fetch-timeout', 'net-hang', 'proxy-5xx'],
  'proxy-zip-storage-blocked': ['proxy-zip-storage-blocked', 'proxy-forbidden', 'zip-not-valid'],
  'zip-checksum-error': ['zip-checksum-error', 'zip-not-valid', 'download-truncated'],
  'http2-stream-error': ['download-truncated', 'tcp-connection-reset', 'link-slow'],
  'http2-goaway': ['tcp-connection-reset', 'link-slow'],
  'toolchain-download-failed': [
    'proxy-not-found',
    'proxy-5xx',
    'sumdb-unreachable',
    'tcp-dial-timeout',
  ],
  'step-timeout': ['net-hang', 'link-slow', 'dns-timeout'],
  'memory-address-limit': ['memory-limit-low'],
  'pod-oom': ['oom-killed', 'memory-limit-low'],
  'oom-killed': ['oom-killed', 'memory-limit-low'],
  'image-registry-unreachable': ['dns-timeout', 'dns-server-unreachable', 'http-proxy-unreachable'],
};

function signsOf(id: string): readonly string[] {
  return seenAs[id] ?? [id];
}

/** Whether a probe can tell it. */
export function canConfirm({ confirms }: Pick<Probe, 'confirms'>, id: string): boolean {
  return signsOf(id).some((sign) => confirms.includes(sign));
}

/** Whether a finding is what was asked for. */
export function isSign({ code }: Pick<ProbeFinding, 'code'>, id: string): boolean {
  return signsOf(id).includes(code);
}

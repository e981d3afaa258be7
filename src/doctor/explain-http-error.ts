import { isProgramError } from '../platform/index.ts';

/** A failed request as a code of the catalogue, with the words that prove it. */
export interface HttpFailure {
  readonly code: string;
  readonly text: string;
  /** Another host than the one asked, which led there. */
  readonly ledTo?: string | undefined;
}

const CERTIFICATE_REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'tls-cert-expired',
  CERT_NOT_YET_VALID: 'tls-clock-skew',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-hostname-mismatch',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-plaintext-peer',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls-plaintext-peer',
  ERR_SSL_CA_MD_TOO_WEAK: 'tls-weak-cert',
  ERR_SSL_EE_KEY_TOO_SMALL: 'tls-weak-cert',
};

/** By the code of the HTTP client. */
const OTHERS: Readonly<Record<string, string>> = {
  'http-redirect-local': 'redirect-problem',
  'http-redirect-refused': 'redirect-problem',
  'http-protocol-error': 'http-garbage',
  'http-proxy-refused': 'http-proxy-misconfigured',
};

const UNTRUSTED =
  /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_UNTRUSTED|INVALID_CA|CERT_SIGNATURE_FAILURE)/;

/** Undefined for what is no failure of the network. */
export function explainHttpError(error: unknown): HttpFailure | undefined {
  if (!isProgramError(error)) return undefined;
  const text = error.message;
  const { details } = error;
  switch (error.code) {
    case 'http-dns-failed':
      return { code: text.includes('the proxy ') ? 'http-proxy-unreachable' : dnsCode(text), text };
    case 'http-timeout':
      return { code: timeoutCode(word(details['phase'])), text };
    case 'http-tls-failed':
      return { code: tlsCode(word(details['reason'])), text };
    case 'http-body-cut':
      return { code: bodyCode(text), text };
    case 'http-connect-failed':
      return { code: connectCode(text, details['status']), text };
    default: {
      const code = OTHERS[error.code];
      return code === undefined ? undefined : { code, text };
    }
  }
}

/** What failed at the host that a redirect led to, told as that. */
export function behindRedirect(failure: HttpFailure, asked: string, ledTo?: string): HttpFailure {
  const { code, text } = failure;
  if (ledTo === undefined || ledTo === asked || code === 'redirect-problem') return failure;
  return {
    // Whoever was asked is found, so it is not the name that is wrong.
    code: code === 'dns-no-such-host' ? 'redirect-problem' : code,
    text: `redirected to ${ledTo}: ${text}`,
    ledTo,
  };
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function dnsCode(text: string): string {
  return text.includes('does not resolve') ? 'dns-no-such-host' : 'dns-timeout';
}

function timeoutCode(phase: string): string {
  if (phase === 'looking up the name') return 'dns-timeout';
  if (phase === 'connecting') return 'tcp-dial-timeout';
  if (phase === 'connecting to the proxy') return 'http-proxy-unreachable';
  if (phase === 'waiting for the tunnel through the proxy') return 'http-proxy-connect-timeout';
  if (phase.startsWith('in the TLS handshake')) return 'tls-handshake-timeout';
  return 'net-hang';
}

export function tlsCode(reason: string): string {
  const known = CERTIFICATE_REASONS[reason];
  if (known !== undefined) return known;
  return UNTRUSTED.test(reason) ? 'tls-unknown-ca' : 'tls-handshake-rejected';
}

function bodyCode(text: string): string {
  if (text.includes('gzip encoding')) return 'proxy-bad-content';
  return text.includes('was reset') ? 'tcp-connection-reset' : 'download-truncated';
}

function connectCode(text: string, status: unknown): string {
  if (typeof status === 'number') return tunnelCode(status);
  if (/connecting to the proxy |while asking for a tunnel/.test(text)) {
    return 'http-proxy-unreachable';
  }
  if (text.includes('refused')) return 'tcp-connection-refused';
  if (text.includes('unreachable')) return 'tcp-no-route';
  if (text.includes('no local address')) return 'ipv6-unusable';
  if (text.includes('was closed')) return 'conn-eof';
  if (/EPERM|EACCES/.test(text)) return 'net-sandboxed';
  return text.includes('gave no answer') ? 'tcp-dial-timeout' : 'tcp-connection-reset';
}

/** What a forward proxy's answer to CONNECT means. */
export function tunnelCode(status: number): string {
  if (status === 407 || status === 401) return 'http-proxy-auth';
  return status >= 500 ? 'http-proxy-bad-gateway' : 'http-proxy-denied';
}

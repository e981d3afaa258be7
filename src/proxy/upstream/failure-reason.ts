import { isProgramError } from '../../platform/index.ts';
import type { ProgramError } from '../../platform/index.ts';

/**
 * Why an upstream gave nothing that could be used, for programs: what people read is the message beside
 * it, whose words may change. Kept with the record of a request.
 */
export type FailureReason = AnswerReason | ContentReason | WayReason | OwnReason | RefusalReason;

/** It answered, with a status that is no success. */
type AnswerReason =
  | 'answered-401'
  | 'answered-403'
  | 'answered-407'
  | 'answered-429'
  | 'answered-4xx'
  | 'answered-5xx'
  | 'answered-otherwise';

/** It answered with success, and with what cannot be true. */
type ContentReason =
  | 'checksum-answer-wrong'
  | 'content-too-large'
  | 'info-malformed'
  | 'info-of-other-version'
  | 'list-malformed'
  | 'mod-malformed'
  | 'zip-content-coded'
  | 'zip-damaged'
  | 'zip-malformed'
  | 'zip-of-other-files';

/** The way to it, or the connection. */
type WayReason =
  | 'body-changed'
  | 'body-cut'
  | 'body-encoding-broken'
  | 'body-stalled'
  | 'connect-failed'
  | 'connect-timeout'
  | 'connection-closed'
  | 'connection-refused'
  | 'connection-reset'
  | 'forward-proxy-401'
  | 'forward-proxy-403'
  | 'forward-proxy-5xx'
  | 'forward-proxy-misconfigured'
  | 'forward-proxy-timeout'
  | 'name-lookup-failed'
  | 'name-lookup-timeout'
  | 'name-unknown'
  | 'not-http'
  | 'redirect-led-nowhere'
  | 'redirect-refused'
  | 'silent'
  | 'tls-expired'
  | 'tls-handshake-failed'
  | 'tls-not-spoken'
  | 'tls-not-yet-valid'
  | 'tls-other-name'
  | 'tls-timeout'
  | 'tls-unknown-issuer'
  | 'unreachable';

/** Nobody was asked, or what went wrong is here. */
type OwnReason =
  | 'credentials-unavailable'
  | 'disk-full'
  | 'held-down'
  | 'nobody-to-ask'
  | 'not-stored'
  | 'offline'
  | 'own-failure'
  | 'purged'
  | 'too-many-open-files';

/** Verification does not want the bytes, or does not believe a checksum database (docs/errors.md). */
type RefusalReason =
  | 'checksum-answer-malformed'
  | 'checksum-answer-too-large'
  | 'checksum-database-contradicted'
  | 'checksum-key-unknown'
  | 'checksum-record-ambiguous'
  | 'checksum-record-foreign'
  | 'checksum-record-not-in-tree'
  | 'checksum-record-outside-tree'
  | 'checksum-signature-wrong'
  | 'checksum-tile-truncated'
  | 'checksum-tiles-inconsistent'
  | 'checksum-tree-forked'
  | 'go-sum-mismatch'
  | 'module-changed'
  | 'module-hash-mismatch'
  | 'pending-hash-mismatch'
  | 'stored-go-sum-mismatch'
  | 'stored-hash-mismatch'
  | 'verification-required';

export function reasonOfStatus(status: number): FailureReason {
  switch (status) {
    case 401:
      return 'answered-401';
    case 403:
    case 451:
      return 'answered-403';
    case 407:
      return 'answered-407';
    case 429:
      return 'answered-429';
    default:
      if (status >= 400 && status < 500) return 'answered-4xx';
      return status >= 500 ? 'answered-5xx' : 'answered-otherwise';
  }
}

/** By the code of the error; some need a detail as well. */
const OF_CODES: Readonly<Record<string, (error: ProgramError) => FailureReason>> = {
  'body-stalled': () => 'body-stalled',
  'credential-unavailable': () => 'credentials-unavailable',
  'disk-full': () => 'disk-full',
  'goauth-invalid': () => 'credentials-unavailable',
  'http-body-cut': ({ details }) =>
    details['systemCode'] === 'Z_DATA_ERROR' ? 'body-encoding-broken' : 'body-cut',
  'http-body-too-large': () => 'content-too-large',
  'http-connect-failed': ({ details }) => reasonOfConnecting(details),
  'http-dns-failed': ({ details }) =>
    details['systemCode'] === 'ENOTFOUND' ? 'name-unknown' : 'name-lookup-failed',
  'http-protocol-error': () => 'not-http',
  'http-proxy-refused': () => 'forward-proxy-misconfigured',
  'http-redirect-local': () => 'redirect-refused',
  'http-redirect-refused': () => 'redirect-refused',
  'http-timeout': ({ details }) => OF_PHASES[String(details['phase'])] ?? 'silent',
  'http-tls-failed': ({ details }) =>
    OF_TLS_CODES[String(details['reason'])] ?? 'tls-handshake-failed',
  offline: () => 'offline',
  'scratch-exhausted': () => 'disk-full',
  'scratch-full': () => 'disk-full',
  timeout: () => 'silent',
};

const OF_SYSTEM_CODES: Readonly<Record<string, FailureReason>> = {
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  EPIPE: 'connection-closed',
  UND_ERR_SOCKET: 'connection-closed',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'connect-timeout',
  EMFILE: 'too-many-open-files',
};

const OF_PHASES: Readonly<Record<string, FailureReason>> = {
  'looking up the name': 'name-lookup-timeout',
  connecting: 'connect-timeout',
  'connecting to the proxy': 'forward-proxy-timeout',
  'waiting for the tunnel through the proxy': 'forward-proxy-timeout',
  'in the TLS handshake': 'tls-timeout',
  'in the TLS handshake with the proxy': 'forward-proxy-timeout',
  'waiting for a free connection': 'own-failure',
};

const OF_TLS_CODES: Readonly<Record<string, FailureReason>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-unknown-issuer',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-unknown-issuer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-unknown-issuer',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-other-name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-not-spoken',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls-not-spoken',
};

function reasonOfConnecting({ status, systemCode }: ProgramError['details']): FailureReason {
  if (typeof status !== 'number') return OF_SYSTEM_CODES[String(systemCode)] ?? 'connect-failed';
  if (status === 407) return 'forward-proxy-401';
  return status >= 500 ? 'forward-proxy-5xx' : 'forward-proxy-403';
}

/** Why the request failed that ended in this error. */
export function reasonOfError(error: unknown): FailureReason {
  if (!isProgramError(error)) return 'own-failure';
  const reason = OF_CODES[error.code]?.(error) ?? 'own-failure';
  // The upstream answered, and named a place that is not there: its own name is in order.
  const isAstray = error.details['redirectedFrom'] !== undefined && reason === 'name-unknown';
  return isAstray ? 'redirect-led-nowhere' : reason;
}

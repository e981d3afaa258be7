import type { Proxy } from '../proxy/index.ts';

/** A request of `go` to an engine of ours that an upstream's failure ended. */
export type FailedRequest = ReturnType<Proxy['failedRequests']>[number];

type Reason = FailedRequest['reason'];

/**
 * The failure of the catalogue that each reason is. Undefined: no failure there says what it is, and the
 * engine's own words are better than a guess.
 */
const FAILURES: Readonly<Record<Reason, string | undefined>> = {
  'answered-401': 'proxy-unauthorized',
  'answered-403': 'proxy-forbidden',
  'answered-407': 'http-proxy-auth',
  'answered-429': 'proxy-rate-limited',
  'answered-4xx': 'proxy-bad-request',
  'answered-5xx': 'proxy-5xx',
  // A 204 or a 304 that nobody asked for.
  'answered-otherwise': undefined,

  'checksum-answer-wrong': 'sumdb-bad-record',
  // Whether the file or a limit is wrong, only the sentence says.
  'content-too-large': undefined,
  'info-malformed': 'proxy-non-json',
  'info-of-other-version': 'proxy-wrong-version',
  // A login or block page, as with proxy-non-json, and with the same remedy.
  'list-malformed': 'proxy-non-json',
  'mod-malformed': 'proxy-bad-gomod',
  // proxy-bad-content is about bytes that are not packed as announced; these are.
  'zip-content-coded': undefined,
  'zip-damaged': 'zip-checksum-error',
  'zip-malformed': 'zip-not-valid',
  'zip-of-other-files': 'zip-unexpected-file',

  'body-changed': undefined,
  'body-cut': 'download-truncated',
  'body-encoding-broken': 'proxy-bad-content',
  'body-stalled': 'net-hang',
  'connect-failed': undefined,
  'connect-timeout': 'tcp-dial-timeout',
  'connection-closed': 'conn-eof',
  'connection-refused': 'tcp-connection-refused',
  'connection-reset': 'tcp-connection-reset',
  'forward-proxy-401': 'http-proxy-auth',
  'forward-proxy-403': 'http-proxy-denied',
  'forward-proxy-5xx': 'http-proxy-bad-gateway',
  'forward-proxy-misconfigured': 'http-proxy-misconfigured',
  'forward-proxy-timeout': 'http-proxy-connect-timeout',
  'name-lookup-failed': 'dns-server-misbehaving',
  'name-lookup-timeout': 'dns-timeout',
  'name-unknown': 'dns-no-such-host',
  'not-http': 'http-garbage',
  'redirect-led-nowhere': 'redirect-problem',
  'redirect-refused': 'redirect-problem',
  silent: 'net-hang',
  'tls-expired': 'tls-cert-expired',
  'tls-handshake-failed': 'tls-handshake-rejected',
  'tls-not-spoken': 'tls-plaintext-peer',
  'tls-not-yet-valid': 'tls-clock-skew',
  'tls-other-name': 'tls-hostname-mismatch',
  'tls-timeout': 'tls-handshake-timeout',
  'tls-unknown-issuer': 'tls-unknown-ca',
  unreachable: 'tcp-no-route',

  'credentials-unavailable': 'proxy-unauthorized',
  'disk-full': 'disk-full',
  // By hand, and until when, is in the sentence.
  'held-down': undefined,
  'nobody-to-ask': undefined,
  'not-stored': undefined,
  // A choice of whoever started us.
  offline: undefined,
  'own-failure': undefined,
  purged: undefined,
  'too-many-open-files': 'fd-limit',

  'checksum-answer-malformed': 'sumdb-bad-record',
  'checksum-answer-too-large': 'sumdb-bad-record',
  'checksum-database-contradicted': 'sumdb-bad-record',
  'checksum-key-unknown': 'sumdb-bad-record',
  'checksum-record-ambiguous': 'sumdb-bad-record',
  'checksum-record-foreign': 'sumdb-bad-record',
  'checksum-record-not-in-tree': 'sumdb-bad-record',
  'checksum-record-outside-tree': 'sumdb-bad-record',
  'checksum-signature-wrong': 'sumdb-bad-record',
  'checksum-tile-truncated': 'sumdb-tile-missing',
  'checksum-tiles-inconsistent': 'sumdb-fork',
  'checksum-tree-forked': 'sumdb-fork',
  'go-sum-mismatch': 'gosum-mismatch',
  'module-changed': 'sumdb-mismatch',
  'module-hash-mismatch': 'sumdb-mismatch',
  'pending-hash-mismatch': 'sumdb-mismatch',
  'stored-go-sum-mismatch': 'gosum-mismatch',
  'stored-hash-mismatch': 'sumdb-mismatch',
  'verification-required': 'sumdb-unreachable',
};

/** Also of a reason that another version of the program recorded. */
export function failureOfReason(reason: string | undefined): string | undefined {
  const known: Readonly<Record<string, string | undefined>> = FAILURES;
  return reason !== undefined && Object.hasOwn(known, reason) ? known[reason] : undefined;
}

export const RECORDED_REASONS: readonly string[] = Object.keys(FAILURES);

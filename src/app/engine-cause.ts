import { catalogue } from '../failures/index.ts';
import type { Evidence, Finding } from '../finding/index.ts';

/**
 * `go` speaks to our engine, so its own words name a proxy and a status of ours. What happened behind the
 * engine stands in the text that the engine sent, and in what a server recorded; here it gets the id that
 * it has in the catalogue.
 */

/** One failed request of `go` to the engine of `run`, with the text that the engine answered. */
const ANSWERS =
  /reading http:\/\/127\.0\.0\.1:\d{1,5}\/-\/run\/[0-9a-f]{32}\/[^\s:]{1,2000}: \d{3} [^\n]{0,80}\n(?<text>(?:\t[^\n]{0,2000}(?:\n|$)){1,12})/gu;
/** What only the engine writes below its answer. */
const TRACE = /^\tcofferdam: trace [0-9a-f]{32}$/mu;
const HEAD = /^\t(?:server response: )?(?!server response:$)(?<cause>[^\n]{1,1500})$/mu;

/** In this order: a sentence may hold the words of a later one. */
const IDS: readonly (readonly [RegExp, string])[] = [
  [/refused by verification: go-sum-mismatch/u, 'gosum-mismatch'],
  [/refused by verification: (?:module-hash-mismatch|module-changed)/u, 'sumdb-mismatch'],
  [/refused by verification: checksum-(?:tree-forked|tiles-inconsistent)/u, 'sumdb-fork'],
  [/refused by verification: checksum-tile-truncated/u, 'sumdb-tile-missing'],
  [/refused by verification: checksum-/u, 'sumdb-bad-record'],
  [/refused by verification: verification-required/u, 'sumdb-unreachable'],
  [/ answered 401\b/u, 'proxy-unauthorized'],
  [/ answered (?:403|451)\b/u, 'proxy-forbidden'],
  [/: the proxy answered 407\b/u, 'http-proxy-auth'],
  [/: the proxy answered 403\b/u, 'http-proxy-denied'],
  [/: the proxy answered 50\d\b/u, 'http-proxy-bad-gateway'],
  [/ answered 407\b/u, 'http-proxy-auth'],
  [/ answered 429\b/u, 'proxy-rate-limited'],
  [/ answered 4\d\d\b/u, 'proxy-bad-request'],
  [/ answered 5\d\d\b/u, 'proxy-5xx'],
  [/the name of \S+ does not resolve/u, 'dns-no-such-host'],
  [/the name of \S+ could not be looked up/u, 'dns-server-misbehaving'],
  [/timed out looking up the name/u, 'dns-timeout'],
  [/timed out (?:waiting for the tunnel|connecting to the proxy)/u, 'http-proxy-connect-timeout'],
  [/timed out connecting/u, 'tcp-dial-timeout'],
  [/timed out in the TLS handshake/u, 'tls-handshake-timeout'],
  [/timed out (?:waiting for the headers|reading the body)/u, 'net-hang'],
  [/: the connection was refused/u, 'tcp-connection-refused'],
  [/: the connection was reset/u, 'tcp-connection-reset'],
  [/: the connection was closed/u, 'conn-eof'],
  [/: the (?:host|network) is unreachable/u, 'tcp-no-route'],
  [/failed: its certificate is signed by/u, 'tls-unknown-ca'],
  [/failed: its certificate or one of its issuers has expired/u, 'tls-cert-expired'],
  [/failed: its certificate is not yet valid/u, 'tls-clock-skew'],
  [/failed: its certificate is for another name/u, 'tls-hostname-mismatch'],
  [/failed: it does not speak TLS/u, 'tls-plaintext-peer'],
  [/failed: (?:it offers no TLS|the handshake was refused)/u, 'tls-handshake-rejected'],
  [/the body from \S+ ended early/u, 'download-truncated'],
  [/ (?:sent|is no|is not) (?:a |an )?(?:web page|go\.mod|zip|JSON|\.info)/u, 'proxy-bad-content'],
  [/could not be fetched: \S+ sent /u, 'proxy-bad-content'],
];

const PLAIN_401 = /\bhttp:\/\/\S+ answered 401\b/u;
/** What the catalogue advises helps nobody there. */
const REMEDY_OF_PLAIN =
  'credentials are sent over https only: name the https address of that proxy in GOPROXY, or let it answer without them; over http neither netrc nor GOAUTH helps, not even to this machine itself';

/** The catalogue's id of what a server or an engine of ours tells as the cause; undefined where it has none. */
export function idOfCause(cause: string): string | undefined {
  // Another machine's words prove nothing.
  const own = cause.replace(/; \S{1,300} said: .*$/su, '');
  return IDS.find(([pattern]) => pattern.test(own))?.[1];
}

export interface EngineAnswers {
  /** Failed requests to the engine, each once. */
  readonly causes: readonly string[];
}

/** What the engine answered, as far as the log has it. */
export function engineAnswers(log: string): EngineAnswers {
  const causes = new Set<string>();
  for (const { groups } of log.matchAll(ANSWERS)) {
    const { text = '' } = groups ?? {};
    const cause = TRACE.test(text) ? HEAD.exec(text)?.groups?.['cause'] : undefined;
    if (cause !== undefined) causes.add(cause);
  }
  return { causes: [...causes] };
}

/** A cause that is known for certain: nobody had to read it out of a log. */
export function certainFinding(
  id: string,
  cause: string,
  evidence: readonly Evidence[],
): Finding | undefined {
  const about = /^(\S{1,500}) (?:\([^)]{1,40}\) )?(?:could not be|was refused)/u.exec(cause)?.[1];
  const failure = catalogue.find((one) => one.id === id);
  if (failure === undefined) return undefined;
  const { title, meaning, owner, retry } = failure;
  const remedy =
    id === 'proxy-unauthorized' && PLAIN_401.test(cause) ? REMEDY_OF_PLAIN : failure.remedy;
  return {
    code: id,
    title,
    explanation: about === undefined ? meaning : `${meaning} It concerns ${about}.`,
    severity: 'error',
    confidence: 0.98,
    evidence,
    // Commands of the catalogue want names that only the log of a build without us would have.
    fix: { text: remedy, edits: [] },
    owner,
    retry,
    dependsOn: [],
    checked: 'not-checked',
  };
}

/**
 * `go` speaks to our engine, so its own words name 127.0.0.1 and a status of ours. What happened behind
 * the engine stands in the text that the engine sent; here it is put as `go` would have put it without
 * us, so that one catalogue serves both.
 */

/** One failed request of `go` to the engine of `run`, with the text that the engine answered. */
const ANSWERS =
  /reading http:\/\/127\.0\.0\.1:\d{1,5}\/-\/run\/[0-9a-f]{32}\/(?<path>[^\s:]{1,2000}): \d{3} [^\n]{0,80}\n(?<text>(?:\t[^\n]{0,2000}(?:\n|$)){1,12})/gu;
const CAUSE =
  /^\t(?:server response: )?(?<what>\S{1,1000})(?: \([^)]{1,40}\))? (?:could not be fetched|could not be asked): (?<message>[^\n]{1,1000})$/mu;

interface Sentence {
  readonly pattern: RegExp;
  /** What `go` prints behind `Get "URL": `; `{where}` is the host. */
  readonly words: string;
}

const BAD_CERTIFICATE = 'tls: failed to verify certificate: x509:';

const SENTENCES: readonly Sentence[] = [
  {
    pattern: /the name of (?<where>\S+) does not resolve/u,
    words: 'dial tcp: lookup {where}: no such host',
  },
  {
    pattern: /the name of (?<where>\S+) could not be looked up/u,
    words: 'dial tcp: lookup {where}: server misbehaving',
  },
  {
    pattern: /connecting to (?<where>\S+): the connection was refused/u,
    words: 'dial tcp {where}: connect: connection refused',
  },
  {
    pattern: /connecting to (?<where>\S+): the connection was reset/u,
    words: 'read tcp {where}: read: connection reset by peer',
  },
  {
    pattern: /connecting to (?<where>\S+): the host is unreachable/u,
    words: 'dial tcp {where}: connect: no route to host',
  },
  {
    pattern: /connecting to (?<where>\S+): the network is unreachable/u,
    words: 'dial tcp {where}: connect: network is unreachable',
  },
  {
    pattern: /(?<where>\S+) gave nothing for \d+ m?s: timed out looking up the name/u,
    words: 'dial tcp: lookup {where}: i/o timeout',
  },
  {
    pattern: /(?<where>\S+) gave nothing for \d+ m?s: timed out connecting(?: to the proxy)?$/u,
    words: 'dial tcp {where}: i/o timeout',
  },
  {
    pattern: /(?<where>\S+) gave nothing for \d+ m?s: timed out in the TLS handshake/u,
    words: 'net/http: TLS handshake timeout',
  },
  {
    pattern: /TLS with (?<where>\S+) failed: its certificate is signed by/u,
    words: `${BAD_CERTIFICATE} certificate signed by unknown authority`,
  },
  {
    pattern: /TLS with (?<where>\S+) failed: its certificate or one of its issuers has expired/u,
    words: `${BAD_CERTIFICATE} certificate has expired or is not yet valid: it has expired`,
  },
  {
    pattern: /TLS with (?<where>\S+) failed: its certificate is not yet valid/u,
    words: `${BAD_CERTIFICATE} certificate has expired or is not yet valid: current time 1970-01-01T00:00:00Z is before 2000-01-01T00:00:00Z`,
  },
  {
    pattern: /TLS with (?<where>\S+) failed: its certificate is for another name/u,
    words: `${BAD_CERTIFICATE} certificate is valid for another.name, not {where}`,
  },
  {
    pattern: /TLS with (?<where>\S+) failed: it does not speak TLS on this port/u,
    words: 'tls: first record does not look like a TLS handshake',
  },
];

const STATUS =
  /^(?<upstream>https?:\/\/\S{1,500}?)(?:, where \S{1,500} redirects to,)? answered (?<status>\d{3} [^\n]{1,60})$/u;

/** The engine's answers in a log, each as a line of `go`; empty where there are none that are known. */
export function inWordsOfGo(log: string): string {
  const lines: string[] = [];
  for (const { groups } of log.matchAll(ANSWERS)) {
    const { path = '', text = '' } = groups ?? {};
    const cause = CAUSE.exec(text)?.groups;
    const line = cause === undefined ? undefined : asGo(path, cause['message'] ?? '');
    if (line === undefined) continue;
    const module = cause?.['what'] ?? '';
    lines.push(`go: ${module}: ${line}`);
    for (const [, words = ''] of text.matchAll(/^\t\S{1,300} said: ([^\n]{1,300})$/gmu)) {
      lines.push(`\tserver response: ${words}`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** What a server recorded as the cause of one failed request, as `go` would have put it. */
export function causeInWordsOfGo(path: string, cause: string): string | undefined {
  const own = cause.replace(/; \S{1,300} said: .*$/su, '');
  const message = CAUSE.exec(`\t${own}`)?.groups?.['message'] ?? own;
  return asGo(path, message);
}

function asGo(path: string, message: string): string | undefined {
  const status = STATUS.exec(message)?.groups;
  if (status !== undefined) {
    return `reading ${status['upstream'] ?? ''}/${path}: ${status['status'] ?? ''}`;
  }
  for (const { pattern, words } of SENTENCES) {
    const where = pattern.exec(message)?.groups?.['where'];
    if (where !== undefined) {
      const host = where.replace(/^https?:\/\//u, '').replace(/\/.*$/u, '');
      const port = where.startsWith('http:') ? 80 : 443;
      const full = /:\d+$/u.test(host) ? host : `${host}:${port}`;
      const name = words.includes('lookup') ? host.replace(/:\d+$/u, '') : full;
      return `Get "https://${host}/${path}": ${words.replace('{where}', name)}`;
    }
  }
  return undefined;
}

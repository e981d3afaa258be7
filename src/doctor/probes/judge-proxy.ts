import { parseModfile } from '../../gomod/modfile/index.ts';
import type { HttpFailure } from '../explain-http-error.ts';
import { maskUrl } from '../../masking/index.ts';
import { parseHttpDate } from '../../platform/http/index.ts';
import type { Sample } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { Problem, ProbeFinding } from '../probe.ts';
import type { Answer, ProxyAnswers } from './ask-proxy.ts';
import { excerpt, isWebPage } from './fetch-text.ts';
import type { Fetched } from './fetch-text.ts';
import { failureTexts, requestTexts } from './failure-texts.ts';
import type { FailureText } from './failure-texts.ts';

export interface ProxyContext {
  readonly url: string;
  readonly scope: string;
  /** Builds fail without this one. */
  readonly isNeeded: boolean;
  /** Asked in plain HTTP, it failed; asked for a TLS handshake, it did not. */
  readonly speaksTls?: boolean;
  readonly sample?: Sample;
}

/** What stands below a request: when one of these is found, the request's own failure follows from it. */
export const basics: readonly string[] = [
  'net-sandboxed',
  'dns-no-such-host',
  'dns-timeout',
  'dns-server-misbehaving',
  'dns-server-unreachable',
  'tcp-no-route',
  'ipv6-unusable',
  'http-proxy-misconfigured',
  'http-proxy-unreachable',
  'http-proxy-auth',
  'http-proxy-denied',
  'http-proxy-bad-gateway',
  'http-proxy-connect-timeout',
  'tcp-dial-timeout',
  'tcp-connection-refused',
  'tls-clock-skew',
  'tls-no-root-store',
  'tls-unknown-ca',
  'tls-intercepted',
  'tls-cert-expired',
  'tls-hostname-mismatch',
  'tls-legacy-common-name',
  'tls-plaintext-peer',
  'tls-handshake-timeout',
  'tls-handshake-rejected',
];

/** No answer at all came. */
export function judgeFailure(context: ProxyContext, failure: HttpFailure): ProbeFinding {
  const { code, text } = failure;
  const { title, explanation, fix } =
    context.speaksTls === true ? wrongScheme(context) : requestTexts(failure, context.scope);
  return finding(code, {
    scope: context.scope,
    title,
    explanation,
    severity: context.isNeeded ? 'error' : 'warning',
    evidence: [{ kind: 'response', text, source: maskUrl(context.url) }],
    fix,
    dependsOn: basics,
  });
}

/** As Go, nginx, Apache and Cofferdam tell whoever sends plain HTTP to their https port. */
const PLAIN_TO_TLS =
  /HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port|plain HTTP to an SSL-enabled server|port speaks https/;

function wrongScheme({ scope, url }: ProxyContext): FailureText {
  return {
    title: `${scope} speaks https on this port, and GOPROXY says http`,
    explanation: 'The server is there and waits for TLS; go asks in plain HTTP and gets nowhere.',
    fix: `write ${maskUrl(url).replace(/^http:/i, 'https:')} in GOPROXY`,
  };
}

/** What the answers of one proxy prove. */
export function judgeProxy(context: ProxyContext, answers: ProxyAnswers): readonly ProbeFinding[] {
  const { mod, info, list } = answers;
  const page = pageInstead(context, mod);
  if (page !== undefined) return [page];
  const refused = judgeStatus(context, mod);
  if (refused !== undefined) return [refused];
  const found: ProbeFinding[] = [];
  if (mod.status === 200) {
    const broken = judgeGomod(context, mod);
    if (broken !== undefined) found.push(broken);
  }
  const others = [
    judgeInfo(context, info),
    judgeList(context, list),
    judgeClock([mod, info, list]),
  ];
  return [...found, ...others.filter((one) => one !== undefined)];
}

function problem(
  code: string,
  context: ProxyContext,
  answer: Answer,
  rest: Pick<Problem, 'title' | 'explanation' | 'fix'> & Partial<Problem>,
): ProbeFinding {
  return finding(code, {
    scope: context.scope,
    severity: context.isNeeded ? 'error' : 'warning',
    evidence: [
      {
        kind: 'response',
        text: `status ${answer.status}: ${excerpt(answer.text)}`,
        source: maskUrl(answer.url),
      },
    ],
    ...rest,
  });
}

/** A log-in or block page, here or after a redirect to somebody else. */
export function pageInstead(context: ProxyContext, answer: Answer): ProbeFinding | undefined {
  const end = new URL(answer.finalUrl).host;
  const isElsewhere = end !== context.scope;
  if (answer.status >= 400 || !isWebPage(answer)) return undefined;
  if (isElsewhere) {
    return problem('redirect-problem', context, answer, {
      title: `requests to ${context.scope} end at a web page of ${end}`,
      explanation:
        'A log-in page or a captive portal stands between this machine and the proxy: programs cannot pass it.',
      fix: `log in to the network, or have ${context.scope} allowed without a log-in`,
    });
  }
  return problem('proxy-bad-gomod', context, answer, {
    title: `${context.scope} answers with a web page where a go.mod file must be`,
    explanation:
      'Either its URL leads to something else than a module proxy, or a page for people is shown to everybody who is not logged in.',
    fix: 'open the URL of the evidence in a browser, and correct GOPROXY or log in as the page says',
  });
}

/** What a status alone says; undefined for an answer, and for absence. */
export function judgeStatus(context: ProxyContext, answer: Answer): ProbeFinding | undefined {
  const { status } = answer;
  const { scope } = context;
  if (status === 407) {
    const { title, explanation, fix } = failureTexts('http-proxy-auth', scope);
    return problem('http-proxy-auth', context, answer, { title, explanation, fix });
  }
  if (status >= 400 && /fetch timed out/.test(answer.text)) {
    return problem('proxy-fetch-timeout', context, answer, {
      title: `${scope} takes too long to fetch this module itself`,
      explanation:
        'It says that it has none, because what it asks did not answer in time. Large repositories need several tries.',
      fix: 'ask again after some minutes; the proxy goes on fetching meanwhile',
    });
  }
  if (status === 401) return unauthorized(context, answer);
  if (status === 403) {
    return problem('proxy-forbidden', context, answer, {
      // Nothing here needs that module.
      ...(context.sample?.isRequired === true ? {} : { severity: 'info' as const }),
      title: `${scope} refuses this module or this machine`,
      explanation:
        'The proxy knows who asks and says no: a policy, an allow-list, or a token without this right. go does not go on to the next entry after a comma.',
      fix: 'read the text of the answer, and ask whoever runs the proxy for approval',
    });
  }
  if (status === 429) {
    const after = answer.headers['retry-after'];
    return problem('proxy-rate-limited', context, answer, {
      title: `${scope} has had too many requests from here`,
      explanation: `Builds that share one address share one budget.${after === undefined ? '' : ` It may be asked again after ${after} s.`}`,
      fix: 'wait, then let builds share a module cache or a proxy of their own',
    });
  }
  if (status >= 500) {
    return problem('proxy-5xx', context, answer, {
      title: `${scope} fails with status ${status}`,
      explanation:
        'The proxy, or what it asks itself, is broken at the moment. After a comma go does not go on to the next entry.',
      fix: 'tell whoever runs the proxy the time and the URL; a pipe in GOPROXY lets go go on to the next entry',
    });
  }
  if (status === 400 && PLAIN_TO_TLS.test(answer.text)) {
    return problem('proxy-bad-request', context, answer, wrongScheme(context));
  }
  const isFine = status === 200 || status === 404 || status === 410;
  if (isFine) return undefined;
  return problem('proxy-bad-request', context, answer, {
    title: `${scope} answers an ordinary request with status ${status}`,
    explanation: 'A module proxy answers with 200, 404 or 410, or says that it fails.',
    fix: 'check that the URL in GOPROXY is the one that the proxy documents',
  });
}

function unauthorized(context: ProxyContext, answer: Answer): ProbeFinding {
  const { scope, url } = context;
  return problem('proxy-unauthorized', context, answer, {
    title: `${scope} wants credentials that this machine does not send`,
    explanation:
      'go takes them from netrc or GOAUTH, for the host alone, and sends them over https only.',
    fix: /^http:/i.test(url)
      ? 'name its https address in GOPROXY: over http go sends no credentials, not even to this machine itself'
      : `put "machine ${new URL(url).hostname}" into the netrc file of the user that builds, and behind it login with a name and password with a token`,
  });
}

function judgeGomod(context: ProxyContext, answer: Answer): ProbeFinding | undefined {
  const { sample } = context;
  // Cut here, so it cannot be judged.
  if (answer.bytes > Buffer.byteLength(answer.text)) return undefined;
  const parsed = parseModfile('go.mod', answer.text, { lax: true });
  const what = parsed.ok ? 'it has no module line' : parsed.problem;
  if (parsed.ok && parsed.value.module !== undefined) return undefined;
  return problem('proxy-bad-gomod', context, answer, {
    title: `${context.scope} sends something that is no go.mod file`,
    explanation: `What came for ${sample?.path ?? 'a module'} cannot be used: ${what}`,
    fix: 'have the proxy drop its copy of this version; check that nothing on the way rewrites answers',
  });
}

function judgeInfo(context: ProxyContext, info: Fetched): ProbeFinding | undefined {
  if (info.kind !== 'answer' || info.status !== 200) return undefined;
  let version: unknown;
  try {
    version = (JSON.parse(info.text) as { Version?: unknown } | null)?.Version;
  } catch {
    return problem('proxy-non-json', context, info, {
      title: `${context.scope} sends no JSON where .info files are`,
      explanation: 'go reads the version and its time from there, and stops at anything else.',
      fix: 'have the proxy corrected; check that nothing on the way rewrites answers',
    });
  }
  if (version === context.sample?.version) return undefined;
  return problem('proxy-wrong-version', context, info, {
    title: `${context.scope} answers with another version than the one asked`,
    explanation: `Asked for ${context.sample?.version ?? 'one version'}, it says ${typeof version === 'string' ? version : 'none'}.`,
    fix: 'have the proxy drop its copy of this version',
  });
}

/** A list has lines of versions, and nothing else: https://go.dev/ref/mod#goproxy-protocol */
export function oddLine({ text, bytes }: Answer): string | undefined {
  const odd = text.split('\n').find((line) => line !== '' && !/^v\d/.test(line));
  // Only the last line can be one that was cut here.
  return odd === undefined || (bytes > text.length && text.endsWith(odd)) ? undefined : odd;
}

function judgeList(context: ProxyContext, list: Fetched): ProbeFinding | undefined {
  if (list.kind !== 'answer' || list.status !== 200 || oddLine(list) === undefined) {
    return undefined;
  }
  return problem('proxy-bad-content', context, list, {
    title: `${context.scope} lists something that is no version`,
    explanation:
      'A list has one version in each line. Queries such as @latest fail or find too little.',
    severity: 'warning',
    fix: 'check that the URL in GOPROXY is that of a module proxy',
  });
}

/** Certificates and signatures are judged by this machine's clock. */
const SKEW_MILLISECONDS = 5 * 60_000;

function judgeClock(answers: readonly Fetched[]): ProbeFinding | undefined {
  const skews = answers.flatMap((answer) => {
    // A cache may keep the Date of its origin, with its age beside it (RFC 9111, section 5.1).
    if (answer.kind !== 'answer' || answer.headers['age'] !== undefined) return [];
    const said = parseHttpDate(answer.headers['date'] ?? '');
    return said === undefined ? [] : [{ answer, skew: answer.receivedAt - said }];
  });
  // One that replays an old answer with its Date says nothing about the clock.
  const [least] = skews.toSorted((one, other) => Math.abs(one.skew) - Math.abs(other.skew));
  if (least === undefined || Math.abs(least.skew) < SKEW_MILLISECONDS) return undefined;
  const { answer, skew } = least;
  const minutes = Math.round(Math.abs(skew) / 60_000);
  return finding('tls-clock-skew', {
    scope: 'machine',
    title: `this machine's clock is ${minutes} minutes ${skew > 0 ? 'ahead' : 'behind'}`,
    explanation:
      'Certificates that are sound look expired or not yet valid here, and every TLS connection may fail.',
    severity: 'warning',
    confidence: 0.9,
    evidence: [
      {
        kind: 'response',
        text: `Date: ${answer.headers['date'] ?? ''}`,
        source: maskUrl(answer.url),
      },
    ],
    fix: 'set the clock, and let it be kept by NTP',
    command: 'timedatectl status',
  });
}

export function proxyNotFound(sample: Sample, urls: readonly string[]): ProbeFinding {
  return finding('proxy-not-found', {
    scope: sample.path,
    title: `no proxy of GOPROXY has ${sample.path}@${sample.version}`,
    explanation:
      'go.mod requires it, each proxy says that it does not exist, and GOPROXY does not end with direct.',
    evidence: urls.map((url) => ({
      kind: 'response',
      text: 'status 404 or 410',
      source: maskUrl(url),
    })),
    fix: 'if the module is private, name it in GOPRIVATE; else check its path and version in go.mod',
  });
}

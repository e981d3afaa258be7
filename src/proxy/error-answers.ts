import type { Answered } from './answered.ts';
import type { Exchange } from './exchange.ts';
import { endWith } from './exchange.ts';
import { CACHE_CONTROL, CONTENT_TYPES, renderErrorText } from './protocol/index.ts';
import type { CacheOutcome } from './protocol/index.ts';
import type { Reach } from './reach.ts';
import { adviseOn } from './upstream/index.ts';
import type { Failed } from './upstream/index.ts';

/** An answer of our own that is not a success. */
export interface Refusal {
  readonly status: number;
  /** One sentence. */
  readonly cause: string;
  /** Of an upstream's failure: the same for programs. */
  readonly reason?: Failed['reason'] | undefined;
  readonly tried?: readonly string[];
  /** What upstreams wrote beside their failures, by whom. */
  readonly said?: readonly Said[];
  readonly next: string;
  readonly retryAfterSeconds?: number | undefined;
  /** Alternating names and values. */
  readonly headers?: readonly string[];
}

interface Said {
  readonly by: string;
  readonly words: readonly string[];
}

/** The words of more upstreams than this are no help to anybody. */
const MAXIMUM_SPEAKERS = 2;
/** With its mark, a piece stands on one line of the answer; a longer line goes on in the next. */
const PIECE_CHARACTERS = 130;

/** What the record of requests keeps of a refusal. */
export function recordedOf(refusal: Refusal): Pick<Answered, 'cause' | 'reason'> {
  const { reason } = refusal;
  return { cause: recordedCause(refusal), ...(reason === undefined ? {} : { reason }) };
}

/** The cause as the log and the record of requests keep it: with the words that upstreams wrote. */
export function recordedCause({ cause, said = [] }: Refusal): string {
  const words = said.map(({ by, words: lines }) => `${by} said: ${lines.join(' / ')}`);
  return [cause, ...words].join('; ');
}

/** Each line is marked: nobody may take another machine's words for ours. */
function saidLines({ said = [] }: Refusal): readonly string[] {
  return said.flatMap(({ by, words }) =>
    words.flatMap((line) => piecesOf(line).map((piece) => `${by} said: ${piece}`)),
  );
}

function piecesOf(line: string): readonly string[] {
  const pieces: string[] = [];
  for (const word of line.split(' ')) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= PIECE_CHARACTERS) {
      pieces[pieces.length - 1] = `${last} ${word}`;
    } else {
      pieces.push(word);
    }
  }
  return pieces;
}

/** Writes it as the text that `go` prints in the developer's terminal. */
export function sendRefusal(exchange: Exchange, refusal: Refusal, trace: string): number {
  const body = renderErrorText({
    cause: refusal.cause,
    tried: [...(refusal.tried ?? []), ...saidLines(refusal)],
    next: refusal.next,
    trace,
  });
  const headers = [
    'Content-Type',
    CONTENT_TYPES.text,
    'Content-Length',
    String(body.length),
    // Trouble and misses are never to be remembered by anyone on the way.
    'Cache-Control',
    CACHE_CONTROL.none,
    'Cofferdam-Cache',
    'bypass',
    'Cofferdam-Trace',
    trace,
    ...(refusal.headers ?? []),
  ];
  if (refusal.retryAfterSeconds !== undefined) {
    headers.push('Retry-After', String(refusal.retryAfterSeconds));
  }
  if (refusal.status === 405) {
    headers.push('Allow', 'GET, HEAD');
  }
  exchange.reply.writeHead(refusal.status, headers);
  endWith(exchange, body);
  return refusal.status;
}

/** An upstream's own 404 or 410, byte for byte: clients and scripts rely on the text (P-36). */
export function sendAbsence(
  exchange: Exchange,
  absence: { readonly status: number; readonly contentType: string; readonly body: Buffer },
  facts: {
    readonly certain: boolean;
    readonly outcome: CacheOutcome;
    readonly headers?: readonly string[];
  },
  trace: string,
): number {
  exchange.reply.writeHead(absence.status, [
    'Content-Type',
    absence.contentType,
    'Content-Length',
    String(absence.body.length),
    'Cache-Control',
    facts.certain ? CACHE_CONTROL.absent : CACHE_CONTROL.none,
    'Cofferdam-Cache',
    facts.outcome,
    'Cofferdam-Trace',
    trace,
    ...(facts.headers ?? []),
  ]);
  endWith(exchange, absence.body);
  return absence.status;
}

/** What upstreams that failed amount to. Never 404: a failure is not an absence. */
export function describeFailures(what: string, failures: readonly Failed[]): Refusal {
  const offline = failures.some((failure) => failure.kind === 'offline');
  if (offline) {
    return missingOffline(what);
  }
  const refused = failures.find((failure) => failure.finding !== undefined);
  if (refused !== undefined) {
    return {
      // That nobody vouches is no failure of anybody: this server does not want such bytes.
      status: refused.finding === 'verification-required' ? 403 : 502,
      cause: `${what} was refused by verification: ${refused.finding ?? ''}`,
      reason: refused.reason,
      tried: failures.map((failure) => failure.message),
      next: 'nothing was served or stored; docs/errors.md describes this code, and the log says who sent what',
    };
  }
  const busy = failures.find((failure) => failure.status === 503 || failure.status === 429);
  const timedOut = failures.length > 0 && failures.every((failure) => failure.kind === 'timeout');
  const { failure: decisive, next } = adviseOn(failures);
  const others = failures.filter((failure) => failure !== decisive);
  return {
    status: timedOut ? 504 : busy === undefined ? 502 : 503,
    cause: `${what} could not be fetched: ${decisive?.message ?? 'no upstream is configured'}`,
    reason: decisive?.reason ?? 'nobody-to-ask',
    tried: others.map(({ upstream, message }) =>
      message.startsWith(upstream) ? `tried ${message}` : `tried ${upstream}: ${message}`,
    ),
    said: wordsOf([...(decisive === undefined ? [] : [decisive]), ...others]),
    next,
    retryAfterSeconds: busy?.retryAfterSeconds,
  };
}

/** The failure that the answer is about speaks first. */
function wordsOf(failures: readonly Failed[]): readonly Said[] {
  return failures
    .flatMap(({ speaker }) => speaker ?? [])
    .filter(({ words }) => words.length > 0)
    .slice(0, MAXIMUM_SPEAKERS)
    .map(({ name, words }) => ({ by: name, words }));
}

function missingOffline(what: string): Refusal {
  return {
    status: 503,
    cause: `${what} is not in the store, and this proxy runs with --offline`,
    reason: 'offline',
    next: 'start it without --offline once, or bring the module in with a bundle',
  };
}

/** What is not here, when the reach forbids to ask anybody. With 404 `go` goes on in its own list. */
export function missing(what: string, reach: Reach): Refusal {
  switch (reach) {
    case 'offline':
      return missingOffline(what);
    case 'private':
      return {
        status: 404,
        reason: 'not-stored',
        cause: `${what} is not in the store, and its path is private (--private): no upstream may be asked for it`,
        next: 'name who serves it with --private-upstream, or set GOPRIVATE and GOPROXY=…,direct where go runs',
      };
    case 'unserved':
      return {
        status: 404,
        reason: 'not-stored',
        cause: `${what} is not in the store, and --upstream names nobody who may be asked for it`,
        next: 'name an upstream with --upstream, or set GOPROXY=…,direct where go runs',
      };
    default:
      return {
        status: 404,
        reason: 'not-stored',
        cause: `${what} is not cached here, and this request asked for no fetch`,
        next: 'not asking is not knowing: ask the ordinary base of this proxy to have it fetched',
      };
  }
}

export function purged(what: string, reason: string): Refusal {
  return {
    status: 403,
    reason: 'purged',
    cause: `${what} was purged here and is blocked: ${reason}`,
    next: 'use another version, or ask whoever runs this proxy to lift the block',
  };
}

import type { ProgramError } from '../../platform/index.ts';
import { reasonOfError } from './failure-reason.ts';
import type { FailureReason } from './failure-reason.ts';

/**
 * What an upstream says. Absence and failure are different values all the way to the client: only
 * absence may become 404 or 410 there (mission, order of importance 4).
 */
export type UpstreamAnswer = Found | Absent | Failed;

export interface Found {
  readonly outcome: 'found';
  readonly upstream: string;
  /** Undefined when the upstream did not say. */
  readonly length: number | undefined;
  readonly lastModified: string | undefined;
  readonly body: AsyncIterable<Buffer>;
  discard(): void;
  /** What stands before the body: bytes that this upstream sent to an earlier process. */
  readonly begun?: Begun | undefined;
  /** There where the answer carries a strong validator, which alone lets a later range be joined to it. */
  readonly resume?: Resume | undefined;
}

/** The start of a body, which is here already. */
export interface Begun {
  /** The strong ETag that it came with. */
  readonly validator: string;
  /** Where the rest begins. */
  readonly position: number;
  /** Of the whole body. */
  readonly length: number;
  /** From the first byte up to the position. */
  read(): AsyncIterable<Buffer>;
}

export interface Resume {
  /** The strong ETag. */
  readonly validator: string;
  /** Asks the same upstream for the bytes from this position on. */
  ask(position: number): Promise<Rest | Found | Failed>;
}

/** The bytes that were missing. A `Found` instead means a body from its start, perhaps another one. */
export interface Rest {
  readonly outcome: 'rest';
  /** Of the whole body. */
  readonly length: number;
  readonly body: AsyncIterable<Buffer>;
  discard(): void;
}

export interface Absent {
  readonly outcome: 'absent';
  readonly upstream: string;
  readonly status: 404 | 410;
  /** The upstream's own text, byte for byte (clients and scripts rely on it). */
  readonly body: Buffer;
  readonly contentType: string;
  /** False when the text shows that the upstream itself could not reach its source: never remembered. */
  readonly certain: boolean;
}

export type FailureKind = 'unavailable' | 'timeout' | 'refused' | 'invalid' | 'offline';

export interface Failed {
  readonly outcome: 'failed';
  readonly upstream: string;
  readonly kind: FailureKind;
  readonly reason: FailureReason;
  /** One sentence for people, without secrets: `proxy.example.com answered 502 Bad Gateway`. */
  readonly message: string;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Set when a status came. */
  readonly speaker?: Speaker;
  /** What somebody must mend first, where that is known without a status. */
  readonly hint?: string;
  /** Set when the bytes came and verification refused them: its code in docs/errors.md. */
  readonly finding?: string;
  /** Set when the status said absence, but its text broke off: what is left to say when no try does better. */
  readonly brokenAbsence?: Absent;
}

/** Who sent a status that is no success, and what it wrote beside it. */
export interface Speaker {
  /** Host and port: the upstream's, or after a redirect those that it led to. */
  readonly name: string;
  readonly isRedirected: boolean;
  /** Printable lines without secrets; another machine's words, which prove nothing. */
  readonly words: readonly string[];
}

export function failed(
  upstream: string,
  { kind, reason, message }: Pick<Failed, 'kind' | 'reason' | 'message'>,
  status?: number,
  retryAfterSeconds?: number,
): Failed {
  return { outcome: 'failed', upstream, kind, reason, message, status, retryAfterSeconds };
}

/** What an error says about an upstream or the way to it. */
export function failedBy(upstream: string, kind: FailureKind, error: ProgramError): Failed {
  return failed(upstream, { kind, reason: reasonOfError(error), message: error.message });
}

/**
 * The default mirror answers 404 also when it gave up on a slow origin or could not connect to it
 * (golang/go#57185, #72146). Such a text moves a list along but proves nothing.
 */
export function isCertainAbsence(text: string): boolean {
  return !/fetch timed out|timed? ?out|timeout|connection re(?:fused|set)|no such host|temporary failure|TLS handshake|i\/o error|unexpected EOF|network is unreachable|no route to host|server misbehaving|context (?:deadline|canceled)|too many requests|rate limit|dial tcp|bad upstream/iu.test(
    text,
  );
}

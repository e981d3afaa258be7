import type { Absent, Failed } from '../upstream/index.ts';
import { failed } from '../upstream/index.ts';
import type { SecurityFinding } from './security-findings.ts';

/** What asking the database gave. */
export type FetchedResource =
  | { readonly outcome: 'found'; readonly bytes: Buffer; readonly upstream: string }
  | Absent
  | {
      readonly outcome: 'failed';
      readonly failures: readonly Failed[];
      /** Set when an answer came and was refused. */
      readonly finding?: SecurityFinding | undefined;
    };

/**
 * Looks at an answer as it comes: a problem makes that source one that failed, and the next is asked.
 * `too-large` stands for bytes that nobody kept.
 */
export type Inspect = (bytes: Buffer | 'too-large', upstream: string) => string | undefined;

/** Asks the database, through an upstream or itself, for `lookup/…`, `tile/…` or `latest`. */
export type FetchResource = (
  name: string,
  resource: string,
  signal: AbortSignal,
  inspect: Inspect,
) => Promise<FetchedResource>;

/** The same for one database. */
export type FetchOwn = (resource: string, inspect: Inspect) => Promise<FetchedResource>;

export interface RelayBytes {
  readonly kind: 'bytes';
  readonly body: Buffer;
  readonly contentType: string;
  /** Only what was proven to be in the pinned tree is immutable; an answer with a head is not. */
  readonly lifetime: 'immutable' | 'short';
  readonly source: 'hit' | 'fill' | 'joined';
  /** Of a lookup: the go.sum lines, once they were proven to be in the pinned tree. */
  readonly provenRecord?: Buffer;
}

export type RelayAnswer =
  | RelayBytes
  | ({ readonly kind: 'absent' } & Absent)
  | {
      readonly kind: 'failed';
      readonly failures: readonly Failed[];
      /** Set when an answer came and was refused. */
      readonly finding?: SecurityFinding;
    }
  /** It is not here, and nobody was asked. */
  | { readonly kind: 'not-stored' }
  | { readonly kind: 'unknown-database' }
  | { readonly kind: 'bad-request'; readonly problem: string };

export const TEXT = 'text/plain; charset=utf-8';
export const BINARY = 'application/octet-stream';

export function hit(
  body: Buffer,
  contentType: string,
  lifetime: RelayBytes['lifetime'],
): RelayBytes {
  return { kind: 'bytes', body, contentType, lifetime, source: 'hit' };
}

export function fill(
  body: Buffer,
  contentType: string,
  lifetime: RelayBytes['lifetime'],
): RelayBytes {
  return { kind: 'bytes', body, contentType, lifetime, source: 'fill' };
}

/** For an answer that came but cannot be believed. */
export function unbelievable(
  upstream: string,
  message: string,
  finding: SecurityFinding,
): RelayAnswer {
  const failure = failed(upstream, { kind: 'invalid', reason: finding, message });
  return { kind: 'failed', failures: [failure], finding };
}

export function missing(fetched: Exclude<FetchedResource, { outcome: 'found' }>): RelayAnswer {
  return fetched.outcome === 'absent'
    ? { kind: 'absent', ...fetched }
    : {
        kind: 'failed',
        failures: fetched.failures,
        ...(fetched.finding === undefined ? {} : { finding: fetched.finding }),
      };
}

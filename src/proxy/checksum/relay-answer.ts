import type { Absent, Failed } from '../upstream/index.ts';
import { failed } from '../upstream/index.ts';

/** What asking the database gave. */
export type FetchedResource =
  | { readonly outcome: 'found'; readonly bytes: Buffer; readonly upstream: string }
  | Absent
  | { readonly outcome: 'failed'; readonly failures: readonly Failed[] };

/** Asks the database, through an upstream or itself, for `lookup/…`, `tile/…` or `latest`. */
export type FetchResource = (
  name: string,
  resource: string,
  signal: AbortSignal,
) => Promise<FetchedResource>;

export interface RelayBytes {
  readonly kind: 'bytes';
  readonly body: Buffer;
  readonly contentType: string;
  /** Only what was proven to be in the pinned tree is immutable; an answer with a head is not. */
  readonly lifetime: 'immutable' | 'short';
  readonly source: 'hit' | 'fill' | 'joined';
}

export type RelayAnswer =
  | RelayBytes
  | ({ readonly kind: 'absent' } & Absent)
  | { readonly kind: 'failed'; readonly failures: readonly Failed[] }
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
export function unbelievable(database: string, message: string): RelayAnswer {
  return { kind: 'failed', failures: [failed(database, 'invalid', message)] };
}

export function missing(fetched: Exclude<FetchedResource, { outcome: 'found' }>): RelayAnswer {
  return fetched.outcome === 'absent'
    ? { kind: 'absent', ...fetched }
    : { kind: 'failed', failures: fetched.failures };
}

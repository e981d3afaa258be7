import type { Refusal } from './error-answers.ts';
import { headerOf } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { hasChanged, isNotModified, selectRange } from './protocol/index.ts';
import type { Validators } from './protocol/index.ts';

/** What of a resource goes out: all, a part, nothing but the status, or a refusal. */
export type Decision =
  | {
      readonly status: 200 | 206 | 304;
      readonly first: number;
      /** Below `first` when there is no body. */
      readonly last: number;
      /** Content-Length and Content-Range. */
      readonly headers: readonly string[];
    }
  | (Refusal & { readonly status: 412 | 416 });

/** Judges the conditions and the range of a request against a resource of known size (RFC 9110 13.2.2). */
export function decideRange(exchange: Exchange, size: number, validators: Validators): Decision {
  // Range has a meaning for GET only (RFC 9110 14.2).
  const range = exchange.method === 'GET' ? headerOf(exchange, 'range') : undefined;
  const ifMatch = headerOf(exchange, 'if-match');
  // Positions in coded bytes are others: a range is of the bytes as they are stored.
  const { codedEtag, ...plain } = validators;
  const current = range === undefined ? { ...plain, codedEtag } : plain;
  if (hasChanged(ifMatch, headerOf(exchange, 'if-unmodified-since'), current)) {
    return preconditionFailed(ifMatch === undefined ? 'If-Unmodified-Since' : 'If-Match');
  }
  if (
    isNotModified(
      headerOf(exchange, 'if-none-match'),
      headerOf(exchange, 'if-modified-since'),
      validators,
    )
  ) {
    return { status: 304, first: 0, last: -1, headers: [] };
  }
  const selection = selectRange(range, headerOf(exchange, 'if-range'), size, validators);
  if (selection.kind === 'unsatisfiable') {
    return {
      status: 416,
      cause: `the range asked for has none of the ${size} bytes that there are`,
      next: 'ask for a range that begins before the end, or without Range',
      headers: ['Content-Range', `bytes */${size}`],
    };
  }
  if (selection.kind === 'whole') {
    return { status: 200, first: 0, last: size - 1, headers: ['Content-Length', String(size)] };
  }
  const { first, last } = selection;
  const length = String(last - first + 1);
  const headers = ['Content-Range', `bytes ${first}-${last}/${size}`, 'Content-Length', length];
  return { status: 206, first, last, headers };
}

/** While a body is still arriving nobody knows its tag; its date is unknown too, and so no condition. */
export function refusesUnknown(exchange: Exchange): Refusal | undefined {
  const ifMatch = headerOf(exchange, 'if-match');
  return ifMatch === undefined || ifMatch.split(',').some((tag) => tag.trim() === '*')
    ? undefined
    : preconditionFailed('If-Match');
}

function preconditionFailed(condition: string): Refusal & { readonly status: 412 } {
  return {
    status: 412,
    cause: `what is here is not what ${condition} names`,
    next: `ask without ${condition} for what is here`,
  };
}

export function isRefusal(decision: Decision): decision is Extract<Decision, Refusal> {
  return decision.status === 412 || decision.status === 416;
}

import { headerOf } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { isNotModified, selectRange } from './protocol/index.ts';
import type { Validators } from './protocol/index.ts';

/** What of a resource goes out: all, a part, or nothing but the status. */
export interface Decision {
  readonly status: 200 | 206 | 304 | 416;
  readonly first: number;
  /** Below `first` when there is no body. */
  readonly last: number;
  /** Content-Length and Content-Range. */
  readonly headers: readonly string[];
}

/** Judges the conditions and the range of a request against a resource of known size. */
export function decideRange(exchange: Exchange, size: number, validators: Validators): Decision {
  if (
    isNotModified(
      headerOf(exchange, 'if-none-match'),
      headerOf(exchange, 'if-modified-since'),
      validators,
    )
  ) {
    return { status: 304, first: 0, last: -1, headers: [] };
  }
  // Range has a meaning for GET only (RFC 9110 14.2).
  const range = exchange.method === 'GET' ? headerOf(exchange, 'range') : undefined;
  const selection = selectRange(range, headerOf(exchange, 'if-range'), size, validators);
  if (selection.kind === 'unsatisfiable') {
    const headers = ['Content-Range', `bytes */${size}`, 'Content-Length', '0'];
    return { status: 416, first: 0, last: -1, headers };
  }
  if (selection.kind === 'whole') {
    return { status: 200, first: 0, last: size - 1, headers: ['Content-Length', String(size)] };
  }
  const { first, last } = selection;
  const length = String(last - first + 1);
  const headers = ['Content-Range', `bytes ${first}-${last}/${size}`, 'Content-Length', length];
  return { status: 206, first, last, headers };
}

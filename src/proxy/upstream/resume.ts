import type { HttpResponse } from '../../platform/http/index.ts';
import { failed } from './answer.ts';
import type { Failed, Rest } from './answer.ts';

export interface RestWish {
  readonly validator: string;
  readonly position: number;
  /** Of the whole body, where the first answer told it. */
  readonly length: number | undefined;
}

/** What must be asked to have the rest of a body, joined to what came only if it is still the same. */
export function restHeaders(wish: RestWish): Readonly<Record<string, string>> {
  return { range: `bytes=${wish.position}-`, 'if-range': wish.validator };
}

/**
 * The strong validator of an answer (RFC 9110 8.8.3, 13.1.5): a weak one says that two bodies mean the
 * same, not that they are the same bytes, and a date says even less.
 */
export function strongValidator(response: HttpResponse): string | undefined {
  const { headers, encoded } = response;
  const etag = headers['etag'];
  if (encoded || headers['accept-ranges']?.trim().toLowerCase() === 'none') {
    return undefined;
  }
  return etag !== undefined && /^"[\x21\x23-\x7e]{1,200}"$/u.test(etag) ? etag : undefined;
}

/** A 206 as the rest of the body; anything that does not fit it exactly is a failure. */
export function readRest(upstream: string, response: HttpResponse, wish: RestWish): Rest | Failed {
  const length = wholeLength(response, wish);
  if (typeof length === 'string') {
    response.discard();
    const message = `${upstream} ${length}`;
    return failed(upstream, { kind: 'unavailable', reason: 'body-changed', message });
  }
  return {
    outcome: 'rest',
    length,
    body: response.body,
    discard: () => {
      response.discard();
    },
  };
}

/** Or what is wrong with the range. */
function wholeLength(response: HttpResponse, wish: RestWish): number | string {
  const { headers } = response;
  if (response.encoded) {
    return 'sent a range with a content coding';
  }
  const etag = headers['etag'];
  if (etag !== undefined && etag !== wish.validator) {
    return 'sent a range of another body';
  }
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/u.exec(headers['content-range'] ?? '');
  if (match === null) {
    return 'sent a range without saying which';
  }
  const [first, last, total] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const fits =
    first === wish.position &&
    last === total - 1 &&
    (wish.length === undefined || total === wish.length);
  return fits ? total : 'sent another range than the one asked for';
}

/** The bytes of a stored artifact that a request wants (RFC 9110, section 14). */
export type Selection =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  | { readonly kind: 'unsatisfiable' };

export interface Validators {
  readonly etag: string;
  /** HTTP-date. */
  readonly lastModified: string;
  /** Of the same bytes with a content coding. */
  readonly codedEtag?: string | undefined;
}

/**
 * One range is honoured; several at once are answered whole, which RFC 9110 14.2 allows: no client of
 * a module proxy asks for them, and they are a known way to make a server work.
 */
export function selectRange(
  range: string | undefined,
  ifRange: string | undefined,
  size: number,
  validators: Validators,
): Selection {
  if (range === undefined) {
    return { kind: 'whole' };
  }
  // RFC 9110 13.1.5: only a strong match keeps the range.
  if (ifRange !== undefined && ifRange !== validators.etag && ifRange !== validators.lastModified) {
    return { kind: 'whole' };
  }
  // Units are named in either case (14.1).
  const match = /^bytes=(\d*)-(\d*)$/iu.exec(range.replaceAll(' ', ''));
  if (match === null) {
    return { kind: 'whole' };
  }
  const [, from = '', to = ''] = match;
  if (from === '') {
    const count = Number(to);
    if (to === '') {
      return { kind: 'whole' };
    }
    return count === 0 || size === 0
      ? { kind: 'unsatisfiable' }
      : { kind: 'part', first: Math.max(0, size - count), last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && isBelow(to, from)) {
    return { kind: 'whole' };
  }
  return first >= size ? { kind: 'unsatisfiable' } : { kind: 'part', first, last };
}

/** Compares positions of any length, where numbers would be rounded. */
function isBelow(one: string, other: string): boolean {
  const [left, right] = [one, other].map((digits) => digits.replace(/^0+/u, ''));
  if (left === undefined || right === undefined) return false;
  return left.length === right.length ? left < right : left.length < right.length;
}

/**
 * True when the client wants nothing but what it knows already, and this is something else (RFC 9110
 * 13.1.1, 13.1.4; 13.2.2: If-Match goes first). A weak tag never matches here.
 */
export function hasChanged(
  ifMatch: string | undefined,
  ifUnmodifiedSince: string | undefined,
  { etag, codedEtag, lastModified }: Validators,
): boolean {
  if (ifMatch !== undefined) {
    const current: readonly (string | undefined)[] = ['*', etag, codedEtag];
    return !ifMatch.split(',').some((tag) => current.includes(tag.trim()));
  }
  // 13.1.4: what is no date has no meaning.
  const since = ifUnmodifiedSince === undefined ? undefined : httpDateSeconds(ifUnmodifiedSince);
  const modified = httpDateSeconds(lastModified);
  return since !== undefined && modified !== undefined && modified > since;
}

/** True when the client's copy is still right (RFC 9110 13.2.2: If-None-Match goes first). */
export function isNotModified(
  ifNoneMatch: string | undefined,
  ifModifiedSince: string | undefined,
  validators: Validators,
): boolean {
  if (ifNoneMatch !== undefined) {
    return ifNoneMatch
      .split(',')
      .map((tag) => tag.trim().replace(/^W\//u, ''))
      .some((tag) => tag === '*' || tag === validators.etag);
  }
  if (ifModifiedSince === undefined) {
    return false;
  }
  const since = httpDateSeconds(ifModifiedSince);
  const modified = httpDateSeconds(validators.lastModified);
  return since !== undefined && modified !== undefined && modified <= since;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The preferred format of RFC 9110 5.6.7; the obsolete two are treated as absent. */
function httpDateSeconds(text: string): number | undefined {
  const match = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/u.exec(text);
  if (match === null) {
    return undefined;
  }
  const month = MONTHS.indexOf(match[2] ?? '') + 1;
  const [day, year, hour, minute, second] = [1, 3, 4, 5, 6].map((group) =>
    Number(match[group]),
  ) as [number, number, number, number, number];
  try {
    return (
      Temporal.ZonedDateTime.from(
        { timeZone: 'UTC', year, month, day, hour, minute, second },
        { overflow: 'reject' },
      ).epochMilliseconds / 1000
    );
  } catch {
    return undefined;
  }
}

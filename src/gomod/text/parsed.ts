/** What reading something from outside gives: the value, or one sentence in Go's own terms that says why not. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function refused<T>(problem: string): Parsed<T> {
  return { ok: false, problem };
}

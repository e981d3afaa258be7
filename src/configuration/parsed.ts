import { hideSecrets } from '../masking/index.ts';

/** A value read from text, or what is wrong with it as the end of a sentence that begins with the text. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

export function good<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function bad(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}

/** Longer values are cut where an error quotes them. */
const QUOTED_CHARACTERS = 120;

/** What the user wrote, safe to show: no secrets, no control characters, bounded. */
export function quote(text: string): string {
  const shown = JSON.stringify(hideSecrets(text));
  return shown.length > QUOTED_CHARACTERS ? `${shown.slice(0, QUOTED_CHARACTERS)}…"` : shown;
}

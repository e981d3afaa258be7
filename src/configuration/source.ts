import { ProgramError } from '../platform/index.ts';
import type { Values } from './settings.ts';

/** One value as somebody wrote it, and where. */
export interface Written {
  readonly name: keyof Values;
  readonly values: readonly string[];
  /** `--listen`, `COFFERDAM_LISTEN`, `cofferdam.yaml:3:9` or `GOPRIVATE`. */
  readonly origin: string;
  /** Relative paths count from here. */
  readonly directory: string;
}

/** One thing that is wrong. */
export interface Problem {
  readonly code: string;
  /** Where it stands: as `Written.origin`. */
  readonly where: string;
  /** A whole sentence that begins with where it stands. */
  readonly message: string;
  /** The next step. */
  readonly hint: string;
}

export function problem(where: string, what: string, hint: string): Problem {
  return { code: 'configuration-invalid', where, message: `${where}: ${what}`, hint };
}

/** Of what is promised: no value is wrong, and none would help. */
export function problemNotBuilt(where: string, what: string, hint: string): Problem {
  const message = `${where}: ${what} is not built yet`;
  return { ...problem(where, what, hint), code: 'not-built-yet', message };
}

const ORDER = new Intl.Collator('en', { numeric: true });

/** All that is wrong, in one error. */
export function configurationError(found: readonly [Problem, ...Problem[]]): ProgramError {
  const [{ code, hint }, ...more] = found;
  // As they stand in a file, from its first line to its last.
  const problems = found.toSorted((one, other) => ORDER.compare(one.where, other.where));
  const hints = new Set(problems.map((one) => `${one.where}: ${one.hint}`));
  return new ProgramError({
    code,
    kind: 'bad-input',
    message: problems.map(({ message }) => message).join('\nerror: '),
    hint: more.length === 0 ? hint : [...hints].join('\nhint: '),
    details: { problems },
  });
}

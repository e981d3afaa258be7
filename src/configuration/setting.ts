import { z } from 'zod';
import { type Parsed } from './parsed.ts';

/** What a default may depend on. */
export interface Surroundings {
  /** The user's cache directory, or undefined where there is no home. */
  readonly cacheDirectory: string | undefined;
  /** What the container or the machine allows. */
  readonly memoryBytes: number;
}

/** A command beside `serve` that has some of its flags. */
export type SettingCommand =
  | 'run'
  /** All that work on the store. */
  | 'store'
  | 'store stats'
  | 'store verify'
  | 'store gc'
  | 'store refresh';

/** One row of the table: how a value is written, read, shown and defaulted. */
export interface Setting<T> {
  readonly description: string;
  /** What stands behind the flag in the help; a switch has none. */
  readonly placeholder: string | undefined;
  /** A Go variable that is taken where nothing else says anything. */
  readonly fallback?: string;
  /** The flag may be given several times, and the file may have a list. */
  readonly repeatable?: boolean;
  /** The commands that have the flag beside `serve`. */
  readonly alsoFor: readonly SettingCommand[];
  /** Relative paths count from the directory that holds the value's source. */
  readonly isPath?: (text: string) => boolean;
  readonly schema: z.ZodType<T, readonly string[]>;
  defaultValue(surroundings: Surroundings): T;
  show(value: T): string;
}

/** A setting with one value, as text. */
export function single<T>(parse: (text: string) => Parsed<T>): z.ZodType<T, readonly string[]> {
  return z.array(z.string()).transform((values, context) => {
    const outcome = parse(values.at(-1) ?? '');
    if (outcome.ok) return outcome.value;
    context.addIssue(outcome.problem);
    return z.NEVER;
  });
}

/** A setting that is a list: several flags, a list in the file, or commas in one text. */
export function several<T>(
  parse: (text: string) => Parsed<T>,
): z.ZodType<readonly T[], readonly string[]> {
  return z.array(z.string()).transform((values, context) => {
    const parsed: T[] = [];
    for (const text of values.flatMap((value) => value.split(','))) {
      const outcome = parse(text.trim());
      if (outcome.ok) parsed.push(outcome.value);
      else context.addIssue(outcome.problem);
    }
    return parsed;
  });
}

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

/** What is wrong, each as a whole sentence that begins with where it stands. */
export function configurationError(problems: readonly string[], hint?: string): ProgramError {
  const [first = 'the configuration is invalid', ...more] = problems;
  return new ProgramError({
    code: 'configuration-invalid',
    kind: 'bad-input',
    message: [first, ...more].join('\nerror: '),
    ...(hint === undefined ? {} : { hint }),
    details: { problems: [first, ...more] },
  });
}

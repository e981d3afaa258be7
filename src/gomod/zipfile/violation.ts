/**
 * `size`: beyond the limits. `prefix`: an entry outside `module@version/`. `name`: an entry whose name `go` refuses, a
 * collision, or a misplaced go.mod. A zip that breaks only name rules is no danger to whoever passes it on.
 */
export type ViolationClass = 'size' | 'prefix' | 'name';

export interface Violation {
  readonly class: ViolationClass;
  /** The entry's full name; absent when the rule concerns the zip as a whole. */
  readonly entry?: string;
  /** In Go's words. */
  readonly problem: string;
}

/** The violations as `go` reports them: the size of the whole alone, else one entry a line; undefined without any. */
export function describeViolations(violations: readonly Violation[]): string | undefined {
  const whole = violations.find(({ entry }) => entry === undefined);
  if (whole !== undefined) return whole.problem;
  if (violations.length === 0) return undefined;
  return violations.map(({ entry, problem }) => `${entry ?? ''}: ${problem}`).join('\n');
}

import { isProgramError } from '../platform/index.ts';
import type { GuardNeeds, GuardOptions } from './needs.ts';
import { formatRunSummary } from './run-summary.ts';
import type { RunSummary } from './run-summary.ts';

export function report(
  needs: Pick<GuardNeeds, 'write'>,
  options: GuardOptions,
  summary: RunSummary,
): void {
  if (options.quiet !== true && summary.engine !== undefined) {
    say(needs, formatRunSummary(summary.engine, summary.durationMilliseconds, summary.phases));
  }
}

export function sayFailure(needs: GuardNeeds, what: string, error: unknown): void {
  const causes: string[] = [];
  let current: unknown = error;
  // Four levels hold every chain of ours; a cycle must not hang the end of a build.
  for (let level = 0; level < 4 && current instanceof Error; level += 1) {
    causes.push(current.message);
    current = current.cause;
  }
  say(needs, `error: ${[what, ...causes].join(': ')}`);
  if (isProgramError(error) && error.hint !== undefined) say(needs, `hint: ${error.hint}`);
}

export function say(needs: Pick<GuardNeeds, 'write'>, text: string): void {
  needs.write(`cofferdam: ${text}\n`);
}

import { dirname, isAbsolute, join } from 'node:path';
import { isProgramError } from '../platform/index.ts';
import type { GuardNeeds, GuardOptions } from './needs.ts';
import { formatRunSummary, formatRunSummaryJson } from './run-summary.ts';
import type { RunSummary } from './run-summary.ts';

export async function report(
  needs: GuardNeeds,
  options: GuardOptions,
  summary: RunSummary,
): Promise<void> {
  if (options.quiet !== true && summary.engine !== undefined) {
    say(needs, formatRunSummary(summary.engine, summary.durationMilliseconds, summary.phases));
  }
  if (options.summaryFile === undefined) return;
  const file = isAbsolute(options.summaryFile)
    ? options.summaryFile
    : join(options.directory, options.summaryFile);
  try {
    await needs.files.writeAtomically(
      file,
      Buffer.from(formatRunSummaryJson(summary)),
      dirname(file),
    );
  } catch (error) {
    // The child's own result matters more than our file about it.
    sayFailure(needs, 'the summary file was not written', error);
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

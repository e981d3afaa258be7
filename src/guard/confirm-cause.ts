import type { Finding } from '../finding/index.ts';
import { toldCause } from '../finding/index.ts';
import { withDeadline } from '../platform/index.ts';
import { directoryOf } from './download/index.ts';
import type { RunContext, RunEnding } from './run-context.ts';

/** What was seen when the cause of a failure was looked at again, right after it. */
export interface Confirmation {
  readonly id: string;
  /** `not-seen`: what failed works now, so it was there for a moment only. */
  readonly state: 'confirmed' | 'not-seen';
  /** One line. */
  readonly proof: string;
  /** That the look took, which no phase of the command has in it. */
  readonly milliseconds: number;
}

/** Looks at one cause in a directory and in the environment that the command would have without us. */
export type LookAgain = (
  finding: Finding,
  directory: string,
  signal: AbortSignal,
) => Promise<Pick<Confirmation, 'state' | 'proof'> | undefined>;

/**
 * Somebody waits for the end of a build that has failed already. A resolver or a server that is silent shows as such
 * within this time, with one repetition; what takes longer is for `cofferdam doctor --confirm`.
 */
const LIMIT_MILLISECONDS = 5000;

/** Undefined where nobody looks, nothing cheap can tell, or somebody wants the run to end. */
export async function confirmCause(
  { needs, options, command, inbox, limits, record }: RunContext,
  ending: RunEnding,
): Promise<Confirmation | undefined> {
  const [root] = ending.report?.findings ?? [];
  const { lookAgain, clock } = needs;
  const wanted = ending.isOwn && ending.stopAsked !== true && limits.passed === undefined;
  if (root === undefined || lookAgain === undefined || !wanted || inbox.stopped.aborted) {
    return undefined;
  }
  const left = (options.timeoutMilliseconds ?? Infinity) - record.elapsed();
  const milliseconds = Math.min(LIMIT_MILLISECONDS, left);
  if (milliseconds <= 0) return undefined;
  const began = clock.monotonicMilliseconds();
  const directory = directoryOf(command, options.directory);
  try {
    const seen = await withDeadline(
      clock,
      milliseconds,
      async (signal) => unlessAborted(lookAgain(root, directory, signal), signal),
      inbox.stopped,
    );
    const spent = Math.round(clock.monotonicMilliseconds() - began);
    return seen && { id: root.code, state: seen.state, proof: seen.proof, milliseconds: spent };
  } catch (error) {
    // The diagnosis stands without it.
    needs.logger.debug('the cause was not looked at again', { error: toldCause(error) });
    return undefined;
  }
}

/** Whatever does not listen to the signal must not hold up the end of a build. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const leave = (): void => resolve(undefined);
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** As people read it, everywhere. */
export function tellConfirmation({ state, proof }: Confirmation): string {
  return `${state === 'confirmed' ? 'confirmed now' : 'not seen any more'}: ${proof}`;
}

/** The root as it stands after the look. */
export function withCheck(
  findings: readonly Finding[],
  confirmation: Confirmation | undefined,
): readonly Finding[] {
  if (confirmation === undefined) return findings;
  const checked = confirmation.state === 'confirmed' ? 'yes' : 'no';
  return findings.map((finding, index) => (index === 0 ? { ...finding, checked } : finding));
}

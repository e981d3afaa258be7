import { toldCause } from '../finding/index.ts';
import { withDeadline } from '../platform/index.ts';
import type { Confirmation } from './confirmation.ts';
import { directoryOf } from './download/index.ts';
import type { RunContext, RunEnding } from './run-context.ts';

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

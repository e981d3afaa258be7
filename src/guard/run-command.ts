import { isProgramError } from '../platform/index.ts';
import { childStreams } from './child-streams.ts';
import { exitCodes, isStop } from './exit-codes.ts';
import { mayRead } from './failure-reader.ts';
import type { FailureReader } from './failure-reader.ts';
import { say } from './report.ts';
import { isTransient, retryWait } from './retry-plan.ts';
import { endedEarly } from './run-context.ts';
import type { RunContext, RunEnding } from './run-context.ts';
import type { PhaseOutcome } from './run-events.ts';
import { defaultStopLimits, supervise } from './supervise.ts';
import type { StopLimits, Supervised } from './supervise.ts';

/**
 * Runs the command, and again only where that was asked for and the cause of its failure may pass: what a
 * command changes twice nobody but its author knows.
 */
export async function runCommand(
  run: RunContext,
  environment: Readonly<Record<string, string>>,
): Promise<RunEnding> {
  const { needs, options, record, stopped } = run;
  const retries = options.retryCommand ?? 0;
  if (retries > 0 && !mayDiagnose(run)) {
    run.notice('--retry-command has no effect: nothing reads why the command fails');
  }
  for (let attempt = 1; ; attempt += 1) {
    const early = endedEarly(run);
    if (early !== undefined) return early;
    const reader = mayDiagnose(run) ? needs.readFailure() : undefined;
    const end = record.begin('command', attempt);
    const { exitCode, stopAsked } = await startAndWait(run, environment, reader);
    const report = isFailure(exitCode) ? reader?.end(run.limits.passed?.waiting) : undefined;
    const because = report?.findings[0]?.code;
    end(outcomeOf(exitCode), because);
    const mayRetry = exitCode !== 0 && !stopAsked && isTransient(report);
    if (!mayRetry || attempt > retries) {
      return { exitCode, isOwn: exitCode !== exitCodes.timedOut, report, stopAsked };
    }
    const waitMilliseconds = retryWait(needs.random, attempt);
    record.retry({ phase: 'command', attempt, waitMilliseconds, because: because ?? 'unknown' });
    // Whatever ends the wait is seen at the top.
    await needs.clock.sleep(waitMilliseconds, stopped).catch(() => undefined);
  }
}

function mayDiagnose({ command, options }: RunContext): boolean {
  return options.noDiagnosis !== true && mayRead(command, options.stderrIsTerminal === true);
}

/** Whoever stopped it knows why it ended; who was killed for his memory does not. */
function isFailure(exitCode: number): boolean {
  return exitCode !== 0 && !isStop(exitCode);
}

export function outcomeOf(exitCode: number): PhaseOutcome {
  if (exitCode === 0) return 'done';
  if (exitCode === exitCodes.timedOut) return 'timed-out';
  return isStop(exitCode) ? 'stopped' : 'failed';
}

async function startAndWait(
  { needs, settings, command, options, inbox, limits }: RunContext,
  environment: Readonly<Record<string, string>>,
  reader: FailureReader | undefined,
): Promise<Supervised> {
  try {
    const { prefix = [], variables } = options.child ?? {};
    const { streams, end } = childStreams(reader, options);
    const request = {
      command: [...prefix, ...command],
      directory: options.directory,
      environment: { ...environment, ...variables },
      terminalOnStdin: options.terminalOnStdin,
      overtime: limits.signal,
      limits: stopLimits(options.killAfterMilliseconds, settings.stopLimits),
      streams,
    };
    const supervised = await supervise(needs, request, inbox);
    end();
    return supervised;
  } catch (error) {
    const name = command[0] ?? '';
    if (isProgramError(error) && error.code === 'command-not-found') {
      say(
        needs,
        `error: there is no command "${name}" (looked in PATH and in ${options.directory})`,
      );
      return { exitCode: exitCodes.notFound, stopAsked: false };
    }
    if (isProgramError(error) && error.code === 'command-not-executable') {
      say(needs, `error: "${name}" cannot be executed: it is not a program or lacks the right`);
      return { exitCode: exitCodes.notExecutable, stopAsked: false };
    }
    throw error;
  }
}

function stopLimits(killAfter: number | undefined, given = defaultStopLimits): StopLimits {
  return killAfter === undefined ? given : { ...given, graceMilliseconds: killAfter };
}

import { isProgramError } from '../platform/index.ts';
import type { Engine } from './engine.ts';
import { exitCodeOfSignal, exitCodes } from './exit-codes.ts';
import { mayRead } from './failure-reader.ts';
import type { FailureReader } from './failure-reader.ts';
import type { GuardNeeds, GuardOptions, GuardSettings } from './needs.ts';
import { prepare } from './prepare.ts';
import { report, say, sayFailure } from './report.ts';
import { createRunRecord } from './run-events.ts';
import type { PhaseOutcome } from './run-events.ts';
import type { RunSummary } from './run-summary.ts';
import { openSignalInbox } from './stop-requests.ts';
import type { SignalInbox } from './stop-requests.ts';
import { defaultStopLimits, supervise } from './supervise.ts';

/** The child has ended and nobody reads from the engine any more. */
const engineStopMilliseconds = 5000;

const STOPPED: ReadonlySet<number> = new Set(
  ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'].map(exitCodeOfSignal),
);

/** Runs a command with a proxy engine of its own. */
export interface Guard {
  /** Never rejects: what goes wrong is said on stderr and told by the exit code. */
  run(command: readonly string[], options: GuardOptions): Promise<RunSummary>;
}

export function createGuard(needs: GuardNeeds, settings: GuardSettings): Guard {
  return { run: (command, options) => runGuarded(needs, settings, command, options) };
}

async function runGuarded(
  needs: GuardNeeds,
  settings: GuardSettings,
  command: readonly string[],
  options: GuardOptions,
): Promise<RunSummary> {
  const record = createRunRecord(needs.clock, (event) => needs.observe?.(event));
  const inbox = openSignalInbox(needs.signals);
  const notices: string[] = [];
  const reader = mayDiagnose(command, options) ? needs.readFailure() : undefined;
  let engine: Engine | undefined;
  let exitCode: number;
  let end = record.begin('prepare');
  function notice(text: string): void {
    notices.push(text);
    if (options.quiet !== true) say(needs, text);
  }
  try {
    const prepared = await prepare(needs, settings, options, inbox, notice);
    engine = prepared.engine;
    if (inbox.stoppedBy === undefined) {
      end('done');
      end = record.begin('command');
      const work = { command, options, reader };
      exitCode = await startAndWait(needs, settings, work, prepared.environment, inbox);
      end(outcomeOf(exitCode));
    } else {
      exitCode = exitCodeOfSignal(inbox.stoppedBy);
    }
  } catch (error) {
    exitCode =
      inbox.stoppedBy === undefined ? exitCodes.guardFailed : exitCodeOfSignal(inbox.stoppedBy);
    if (inbox.stoppedBy === undefined) sayFailure(needs, 'the command was not started', error);
  }
  end(outcomeOf(exitCode));
  end = record.begin('finish');
  const failure = isFailure(exitCode) ? reader?.end() : undefined;
  if (engine !== undefined) await stopEngine(needs, engine);
  inbox.close();
  end('done');
  const summary = {
    exitCode: (options.classifyExit === true ? failure?.exitCode : undefined) ?? exitCode,
    durationMilliseconds: record.elapsed(),
    engine: engine?.summary(),
    notices,
    diagnosis: failure?.findings ?? [],
    ...record.history(),
  };
  if (exitCode === exitCodes.timedOut && options.timeoutMilliseconds !== undefined) {
    say(needs, `stopped after ${options.timeoutMilliseconds / 1000} s (--timeout)`);
  }
  await report(needs, options, summary);
  if (options.quiet !== true && failure !== undefined && failure.text !== '') {
    needs.write(`\n${failure.text}`);
  }
  return summary;
}

function mayDiagnose(command: readonly string[], options: GuardOptions): boolean {
  return options.noDiagnosis !== true && mayRead(command, options.stderrIsTerminal === true);
}

function outcomeOf(exitCode: number): PhaseOutcome {
  if (exitCode === 0) return 'done';
  if (exitCode === exitCodes.timedOut) return 'timed-out';
  return STOPPED.has(exitCode) ? 'stopped' : 'failed';
}

/** Whoever stopped it knows why it ended; who was killed for his memory does not. */
function isFailure(exitCode: number): boolean {
  return exitCode !== 0 && !STOPPED.has(exitCode);
}

interface Work {
  readonly command: readonly string[];
  readonly options: GuardOptions;
  readonly reader: FailureReader | undefined;
}

async function startAndWait(
  needs: GuardNeeds,
  settings: GuardSettings,
  { command, options, reader }: Work,
  environment: Readonly<Record<string, string>>,
  inbox: SignalInbox,
): Promise<number> {
  try {
    const request = {
      command,
      directory: options.directory,
      environment,
      terminalOnStdin: options.terminalOnStdin,
      timeoutMilliseconds: options.timeoutMilliseconds,
      limits: settings.stopLimits ?? defaultStopLimits,
      copyStderr: reader?.write,
    };
    return await supervise(needs, request, inbox);
  } catch (error) {
    const name = command[0] ?? '';
    if (isProgramError(error) && error.code === 'command-not-found') {
      say(
        needs,
        `error: there is no command "${name}" (looked in PATH and in ${options.directory})`,
      );
      return exitCodes.notFound;
    }
    if (isProgramError(error) && error.code === 'command-not-executable') {
      say(needs, `error: "${name}" cannot be executed: it is not a program or lacks the right`);
      return exitCodes.notExecutable;
    }
    throw error;
  }
}

async function stopEngine(needs: GuardNeeds, engine: Engine): Promise<void> {
  const limit = new AbortController();
  const stopping = engine.stop().catch((error: unknown) => {
    needs.logger.warn('The engine did not stop cleanly', { error: String(error) });
  });
  const tooLong = needs.clock.sleep(engineStopMilliseconds, limit.signal).catch(() => undefined);
  await Promise.race([stopping, tooLong]);
  limit.abort();
}

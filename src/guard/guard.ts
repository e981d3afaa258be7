import { dirname, isAbsolute, join } from 'node:path';
import { isProgramError } from '../platform/index.ts';
import type { Clock, Files, Logger, Processes, Random } from '../platform/index.ts';
import { readGoSettings, readGoSums } from '../gosettings/index.ts';
import type { GoSettings, GoSums } from '../gosettings/index.ts';
import type { KnownDatabase } from './checksum-setting.ts';
import { planChild } from './child-plan.ts';
import type { ChildPlan } from './child-plan.ts';
import type { Engine, EngineRequest } from './engine.ts';
import { readExpectedModules } from './expected-modules.ts';
import { mayRead } from './failure-reader.ts';
import type { FailureReader } from './failure-reader.ts';
import { exitCodeOfSignal, exitCodes } from './exit-codes.ts';
import { formatRunSummary, formatRunSummaryJson } from './run-summary.ts';
import type { RunSummary } from './run-summary.ts';
import { openSignalInbox } from './stop-requests.ts';
import type { SignalInbox, Signals } from './stop-requests.ts';
import { defaultStopLimits, supervise } from './supervise.ts';
import type { StopLimits } from './supervise.ts';

/** 128 bits: the path is the only secret between the child and the engine. */
const secretBytes = 16;

/** The child has ended and nobody reads from the engine any more. */
const engineStopMilliseconds = 5000;

const STOPPED: ReadonlySet<number> = new Set(
  ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'].map(exitCodeOfSignal),
);

export interface GuardNeeds {
  readonly processes: Processes;
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Pick<Files, 'readWhole' | 'status' | 'writeAtomically'>;
  readonly logger: Logger;
  readonly signals: Signals;
  /** The variables that the child would have without us. */
  readonly environment: Readonly<Record<string, string>>;
  readonly startEngine: (request: EngineRequest) => Promise<Engine>;
  /** Our own talk, to stderr; stdout belongs to the child. */
  readonly write: (text: string) => void;
  readonly readFailure: () => FailureReader;
}

export interface GuardSettings {
  /** What `go` uses where nobody says otherwise. */
  readonly goServices: { readonly mirror: string; readonly checksumDatabase: KnownDatabase };
  readonly stopLimits?: StopLimits;
}

export interface GuardOptions {
  readonly directory: string;
  readonly terminalOnStdin: boolean;
  /** Errors only. */
  readonly quiet?: boolean;
  /** Receives the summary as JSON. */
  readonly summaryFile?: string | undefined;
  readonly timeoutMilliseconds?: number | undefined;
  /** Leaves the child's stderr alone. */
  readonly noDiagnosis?: boolean;
  readonly stderrIsTerminal?: boolean;
  /** A failed child gives the code that its diagnosis calls for. */
  readonly classifyExit?: boolean;
}

/** Runs a command with a proxy engine of its own. */
export interface Guard {
  /** Never rejects: what goes wrong is said on stderr and told by the exit code. */
  run(command: readonly string[], options: GuardOptions): Promise<RunSummary>;
}

export function createGuard(needs: GuardNeeds, settings: GuardSettings): Guard {
  return { run: (command, options) => runGuarded(needs, settings, command, options) };
}

interface Prepared {
  readonly engine: Engine | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

async function runGuarded(
  needs: GuardNeeds,
  settings: GuardSettings,
  command: readonly string[],
  options: GuardOptions,
): Promise<RunSummary> {
  const began = needs.clock.monotonicMilliseconds();
  const inbox = openSignalInbox(needs.signals);
  const notices: string[] = [];
  const reader = mayDiagnose(command, options) ? needs.readFailure() : undefined;
  let engine: Engine | undefined;
  let exitCode: number;
  function notice(text: string): void {
    notices.push(text);
    if (options.quiet !== true) say(needs, text);
  }
  try {
    const prepared = await prepare(needs, settings, options, inbox, notice);
    engine = prepared.engine;
    exitCode =
      inbox.stoppedBy === undefined
        ? await startAndWait(
            needs,
            settings,
            { command, options, reader },
            prepared.environment,
            inbox,
          )
        : exitCodeOfSignal(inbox.stoppedBy);
  } catch (error) {
    exitCode =
      inbox.stoppedBy === undefined ? exitCodes.guardFailed : exitCodeOfSignal(inbox.stoppedBy);
    if (inbox.stoppedBy === undefined) sayFailure(needs, 'the command was not started', error);
  }
  const durationMilliseconds = Math.round(needs.clock.monotonicMilliseconds() - began);
  const failure = isFailure(exitCode) ? reader?.end() : undefined;
  const summary = {
    exitCode: (options.classifyExit === true ? failure?.exitCode : undefined) ?? exitCode,
    durationMilliseconds,
    engine: engine?.summary(),
    notices,
    diagnosis: failure?.findings ?? [],
  };
  if (engine !== undefined) await stopEngine(needs, engine);
  inbox.close();
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

/** Whoever stopped it knows why it ended; who was killed for his memory does not. */
function isFailure(exitCode: number): boolean {
  return exitCode !== 0 && !STOPPED.has(exitCode);
}

/** Settings, engine and environment of the child. Throws where the command must not be started. */
async function prepare(
  needs: GuardNeeds,
  settings: GuardSettings,
  options: GuardOptions,
  inbox: SignalInbox,
  notice: (text: string) => void,
): Promise<Prepared> {
  const { mirror, checksumDatabase } = settings.goServices;
  const go = await readGoSettings(
    needs.processes,
    options.directory,
    needs.environment,
    inbox.stopped,
    { GOPROXY: `${mirror},direct`, GOSUMDB: checksumDatabase.name },
  );
  if (go.guessedBecause !== undefined) {
    notice(`${go.guessedBecause}; taking Go's settings from the environment and its defaults`);
  }
  const plan = planChild(go.settings, checksumDatabase);
  if (plan.kind === 'unchanged') {
    notice(`running without the engine: ${plan.reason}, so it stays as it is`);
    return { engine: undefined, environment: needs.environment };
  }
  const goSums = readGoSums(needs.files, go.settings);
  const prepared = await startEngine(needs, options, plan, go.settings, goSums, inbox.stopped);
  const { problem } = await goSums;
  if (problem !== undefined) notice(`go.sum cannot tell right answers from wrong ones: ${problem}`);
  return prepared;
}

async function startEngine(
  needs: GuardNeeds,
  options: GuardOptions,
  plan: Extract<ChildPlan, { kind: 'engine' }>,
  settings: GoSettings,
  goSums: Promise<GoSums>,
  stopped: AbortSignal,
): Promise<Prepared> {
  const secretPath = `/-/run/${needs.random.bytes(secretBytes).toString('hex')}`;
  const { environment } = needs;
  const starting = goSums.then(async ({ hashes: expectedHashes }) =>
    needs.startEngine({
      upstream: plan.upstream,
      sumdb: plan.sumdb,
      noSumdbPatterns: settings.GONOSUMDB,
      noProxyPatterns: settings.GONOPROXY,
      secretPath,
      expectedHashes,
      credentials: { goauth: settings.GOAUTH, directory: options.directory, environment },
    }),
  );
  const expected = goSums.then(async (sums) => readExpectedModules(needs, settings, sums));
  // It may fail before anybody listens below.
  expected.catch(() => undefined);
  const engine = await unlessStopped(starting, stopped);
  // Nobody waits for this, and nothing depends on it.
  expected.then(engine.expect).catch((error: unknown) => {
    needs.logger.debug('go.sum could not be used to look ahead', { error: String(error) });
  });
  const variables = plan.variables(engine.address + secretPath);
  return { engine, environment: { ...environment, ...variables } };
}

/** An engine that hangs while it starts must not make us deaf to TERM. */
async function unlessStopped(starting: Promise<Engine>, stopped: AbortSignal): Promise<Engine> {
  const { promise: stop, reject } = Promise.withResolvers<never>();
  function leave(): void {
    reject(new Error('stopped'));
  }
  stopped.addEventListener('abort', leave, { once: true });
  if (stopped.aborted) leave();
  try {
    return await Promise.race([starting, stop]);
  } catch (error) {
    // Whoever starts after all must not stay behind.
    starting.then((late) => late.stop()).catch(() => undefined);
    throw error;
  } finally {
    stopped.removeEventListener('abort', leave);
  }
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

async function report(
  needs: GuardNeeds,
  options: GuardOptions,
  summary: RunSummary,
): Promise<void> {
  if (options.quiet !== true && summary.engine !== undefined) {
    say(needs, formatRunSummary(summary.engine, summary.durationMilliseconds));
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

function sayFailure(needs: GuardNeeds, what: string, error: unknown): void {
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

function say(needs: GuardNeeds, text: string): void {
  needs.write(`cofferdam: ${text}\n`);
}

import { confirmCause } from './confirm-cause.ts';
import { tellConfirmation, withCheck } from './confirmation.ts';
import type { Confirmation } from './confirmation.ts';
import { downloadFirst } from './download-first.ts';
import type { Engine, WaitingRequest } from './engine.ts';
import { exitCodes } from './exit-codes.ts';
import type { FailureReport } from './failure-reader.ts';
import type { GuardNeeds, GuardOptions, GuardSettings } from './needs.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import { report, say, sayFailure } from './report.ts';
import { outcomeOf, runCommand } from './run-command.ts';
import { endedEarly } from './run-context.ts';
import type { RunContext, RunEnding } from './run-context.ts';
import { createRunRecord } from './run-events.ts';
import type { RunEvent } from './run-events.ts';
import { openRunLimits } from './run-limits.ts';
import type { RunSummary } from './run-summary.ts';
import { sayEvent, sayLimit } from './say-event.ts';
import { watchStalls } from './stall-watch.ts';
import { openSignalInbox } from './stop-requests.ts';

/** The child has ended and nobody reads from the engine any more. */
const engineStopMilliseconds = 5000;

/** A healthy mirror answers within seconds; people begin to wonder after a quarter of a minute. */
const STALL_NOTICE_MILLISECONDS = 15_000;

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
  const isQuiet = options.quiet === true;
  function observe(event: RunEvent): void {
    if (!isQuiet) sayEvent(needs, event);
    needs.observe?.(event);
  }
  const record = createRunRecord(needs.clock, observe);
  const inbox = openSignalInbox(needs.signals);
  const notices: string[] = [];
  let engine: Engine | undefined;
  const waiting = (): readonly WaitingRequest[] => engine?.waiting() ?? [];
  const limits = openRunLimits(needs.clock, options.timeoutMilliseconds, waiting);
  const stopped = AbortSignal.any([inbox.stopped, limits.signal]);
  const notice = (text: string): void => {
    notices.push(text);
    if (!isQuiet) say(needs, text);
  };
  const run = { needs, settings, command, options, record, inbox, limits, stopped, notice };
  const stalls = watchStalls(
    { clock: needs.clock, waiting, ...stallVoice(run) },
    {
      noticeMilliseconds: options.stallNoticeMilliseconds ?? STALL_NOTICE_MILLISECONDS,
      limitMilliseconds: options.stallTimeoutMilliseconds,
    },
  );
  const ending = await work(run, (started) => {
    engine = started;
  });
  stalls.close();
  limits.close();
  const endFinish = record.begin('finish');
  const { exitCode, isOwn, report: failure } = withHang(run, ending);
  const [confirmation] = await Promise.all([
    confirmCause(run, ending),
    engine && stopEngine(needs, engine, limits.passed !== undefined),
  ]);
  inbox.close();
  endFinish('done');
  const classified = options.classifyExit === true && isOwn ? failure?.exitCode : undefined;
  const summary = {
    exitCode: classified ?? exitCode,
    durationMilliseconds: record.elapsed(),
    engine: engine?.summary(),
    notices,
    diagnosis: withCheck(failure?.findings ?? [], confirmation),
    confirmation,
    ...record.history(),
  };
  if (limits.passed !== undefined) sayLimit(needs, limits.passed);
  report(needs, options, summary);
  if (!isQuiet) sayWhy(needs, failure, confirmation);
  return summary;
}

function sayWhy(
  needs: GuardNeeds,
  failure: FailureReport | undefined,
  confirmation: Confirmation | undefined,
): void {
  if (failure !== undefined && failure.text !== '') needs.write(`\n${failure.text}`);
  if (confirmation !== undefined) say(needs, tellConfirmation(confirmation));
}

function stallVoice({
  record,
  limits,
  options,
}: RunContext): Pick<Parameters<typeof watchStalls>[0], 'tell' | 'giveUp'> {
  return {
    tell: ({ url, silentMilliseconds }, others) => {
      record.stall({ url, silentMilliseconds: Math.round(silentMilliseconds), others });
    },
    giveUp: (waiting) => {
      const milliseconds = options.stallTimeoutMilliseconds ?? 0;
      limits.pass({ flag: '--stall-timeout', milliseconds, waiting });
    },
  };
}

/** Preparation, download and command: what each says of the end. */
async function work(
  run: RunContext,
  started: (engine: Engine | undefined) => void,
): Promise<RunEnding> {
  try {
    const prepared = await prepareRun(run);
    if ('exitCode' in prepared) return prepared;
    started(prepared.engine);
    return (await downloadFirst(run, prepared)) ?? (await runCommand(run, prepared.environment));
  } catch (error) {
    const early = endedEarly(run);
    if (early !== undefined) return early;
    sayFailure(run.needs, 'the command was not started', error);
    return { exitCode: exitCodes.guardFailed, isOwn: false };
  }
}

async function prepareRun(run: RunContext): Promise<Prepared | RunEnding> {
  const end = run.record.begin('prepare');
  try {
    const prepared = await prepare(run);
    end('done');
    return prepared;
  } catch (error) {
    const early = endedEarly(run);
    end(early === undefined ? 'failed' : outcomeOf(early.exitCode));
    if (early !== undefined) return early;
    throw error;
  }
}

/** Where a limit ended it, the engine knows what was waited for, and no log does. */
function withHang({ needs, options, limits }: RunContext, ending: RunEnding): RunEnding {
  const waiting = limits.passed?.waiting;
  if (waiting === undefined || ending.report !== undefined || options.noDiagnosis === true) {
    return ending;
  }
  return { ...ending, report: needs.readFailure().end(waiting) };
}

async function stopEngine(needs: GuardNeeds, engine: Engine, isLate: boolean): Promise<void> {
  const limit = new AbortController();
  const stopping = engine.stop(isLate).catch((error: unknown) => {
    needs.logger.warn('The engine did not stop cleanly', { error: String(error) });
  });
  const tooLong = needs.clock.sleep(engineStopMilliseconds, limit.signal).catch(() => undefined);
  await Promise.race([stopping, tooLong]);
  limit.abort();
}

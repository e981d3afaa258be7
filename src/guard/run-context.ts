import { exitCodeOfSignal, exitCodes } from './exit-codes.ts';
import type { FailureReport } from './failure-reader.ts';
import type { GuardNeeds, GuardOptions, GuardSettings } from './needs.ts';
import type { RunRecord } from './run-events.ts';
import type { RunLimits } from './run-limits.ts';
import type { SignalInbox } from './stop-requests.ts';

/** One run, as each of its steps sees it. */
export interface RunContext {
  readonly needs: GuardNeeds;
  readonly settings: GuardSettings;
  readonly command: readonly string[];
  readonly options: GuardOptions;
  readonly record: RunRecord;
  readonly inbox: SignalInbox;
  readonly limits: RunLimits;
  /** Aborts at a signal that asks to stop before the command runs, and when a limit is passed. */
  readonly stopped: AbortSignal;
  /** Something that people should know; part of the summary. */
  readonly notice: (text: string) => void;
}

/** How a run ended. */
export interface RunEnding {
  readonly exitCode: number;
  /** The code is that of the command itself, or of the download in its place. */
  readonly isOwn: boolean;
  readonly report?: FailureReport | undefined;
  /** Somebody wanted the command to end, whatever it made of that. */
  readonly stopAsked?: boolean;
}

/** Where something was to begin, but the run is to end. */
export function endedEarly({ inbox, limits }: RunContext): RunEnding | undefined {
  if (limits.passed !== undefined) return { exitCode: exitCodes.timedOut, isOwn: false };
  const { stoppedBy } = inbox;
  return stoppedBy && { exitCode: exitCodeOfSignal(stoppedBy), isOwn: false };
}

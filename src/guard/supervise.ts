import type { Clock, Processes } from '../platform/index.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { asksToStop } from './stop-requests.ts';
import type { SignalInbox } from './stop-requests.ts';

/** What a started process may be asked to show. */
export type CopiedStreams = Exclude<Parameters<Processes['start']>[1]['streams'], 'inherit'>;

type RunningProcess = Awaited<ReturnType<Processes['start']>>;

export interface StopLimits {
  /** How long the command, and then what it left in its session, may take to end after the first request. */
  readonly graceMilliseconds: number;
  /** From a second request to stop until KILL: under the 2.5 s that CI runners leave before theirs. */
  readonly firmMilliseconds: number;
}

/** With what `run` itself has to tidy up it stays under the 7.5 s between the first two signals of common CI runners. */
export const defaultStopLimits: StopLimits = { graceMilliseconds: 6000, firmMilliseconds: 2000 };

/** How often a session that was asked to end is looked at. */
const lookMilliseconds = 50;

export interface SuperviseRequest {
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The child then stays in our process group: the terminal's own signals reach it by themselves. */
  readonly terminalOnStdin: boolean;
  /** Aborts when the time is over: the command is to end then. */
  readonly overtime: AbortSignal;
  readonly limits: StopLimits;
  /** Are shown what the child writes, which passes through us then. */
  readonly streams: CopiedStreams;
}

export interface Supervised {
  readonly exitCode: number;
  /** Somebody wanted it to end, whatever it made of that. */
  readonly stopAsked: boolean;
}

/** Starts the command, passes signals on and waits for its end. */
export async function supervise(
  needs: { readonly processes: Processes; readonly clock: Clock },
  request: SuperviseRequest,
  inbox: SignalInbox,
): Promise<Supervised> {
  const child = await needs.processes.start(request.command, {
    directory: request.directory,
    environment: request.environment,
    streams: request.streams,
    ownSession: !request.terminalOnStdin,
  });
  const requests = createStopRequests(needs.clock, child, request);
  const giveBack = inbox.takeOver((name) => requests.receive(name));
  const { overtime } = request;
  overtime.addEventListener('abort', requests.timeOut, { once: true });
  if (overtime.aborted) requests.timeOut();
  try {
    const ending = await child.exited;
    if (requests.asked()) await endLeftovers(needs.clock, child, request, requests.deadline());
    await child.drained;
    return {
      exitCode: requests.timedOut() ? exitCodes.timedOut : exitCodeOf(ending),
      stopAsked: requests.asked() || requests.interrupted(),
    };
  } finally {
    overtime.removeEventListener('abort', requests.timeOut);
    giveBack();
    requests.close();
  }
}

interface StopRequests {
  receive(name: NodeJS.Signals): void;
  timeOut(): void;
  asked(): boolean;
  /** On the monotonic clock: when what still runs is killed. */
  deadline(): number;
  timedOut(): boolean;
  /** By a key of the terminal, which told the child by itself. */
  interrupted(): boolean;
  close(): void;
}

/** The first request leaves the command the time to tidy up; a second one leaves little. */
function createStopRequests(
  clock: Clock,
  child: RunningProcess,
  request: SuperviseRequest,
): StopRequests {
  let count = 0;
  let late = false;
  let interrupted = false;
  let kill: { cancel(): void } | undefined;
  let deadline = Infinity;
  function killAfter(milliseconds: number): void {
    const wanted = clock.monotonicMilliseconds() + milliseconds;
    if (wanted >= deadline) return;
    deadline = wanted;
    kill?.cancel();
    kill = clock.after(milliseconds, () => child.send('SIGKILL'));
  }
  return {
    receive: (name) => {
      // Ctrl-C and Ctrl-\ went to the whole foreground group; a second copy would look like a
      // second key press, and how many a program needs is between it and the user.
      if (request.terminalOnStdin && (name === 'SIGINT' || name === 'SIGQUIT')) {
        interrupted = true;
        return;
      }
      child.send(name);
      if (!asksToStop(name)) return;
      count += 1;
      const { graceMilliseconds, firmMilliseconds } = request.limits;
      killAfter(count > 1 ? firmMilliseconds : graceMilliseconds);
    },
    timeOut: () => {
      late = true;
      child.send('SIGTERM');
      killAfter(request.limits.graceMilliseconds);
    },
    asked: () => count > 0 || late,
    deadline: () => deadline,
    timedOut: () => late,
    interrupted: () => interrupted,
    close: () => kill?.cancel(),
  };
}

/**
 * Whoever asked us to stop believes afterwards that everything has stopped, so what the child left
 * running in its session is asked too, then killed. Unasked, it is none of our business: commands
 * start daemons on purpose.
 */
async function endLeftovers(
  clock: Clock,
  child: RunningProcess,
  request: SuperviseRequest,
  end: number,
): Promise<void> {
  if (request.terminalOnStdin || !child.groupAlive()) return;
  child.send('SIGTERM');
  while (child.groupAlive()) {
    if (clock.monotonicMilliseconds() >= end) {
      child.send('SIGKILL');
      return;
    }
    await clock.sleep(lookMilliseconds);
  }
}

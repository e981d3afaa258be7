import type { Clock } from '../../platform/index.ts';

export interface HeartbeatNeeds {
  readonly clock: Pick<Clock, 'after' | 'monotonicMilliseconds'>;
  readonly say: (text: string) => void;
  /** What is going on beside the command, if anything: how many modules have come, what is waited for. */
  readonly news: () => string;
}

export interface HeartbeatSettings {
  readonly intervalMilliseconds: number;
  /** Whether all that the command writes is seen; else its silence is not known. */
  readonly seesAll: boolean;
}

/** A line now and then while a command is silent: build systems end silent jobs, and people see no hang. */
export interface Heartbeat {
  /** The command said something. */
  heard(): void;
  stop(): void;
}

export function startHeartbeat(
  { clock, say, news }: HeartbeatNeeds,
  { intervalMilliseconds, seesAll }: HeartbeatSettings,
): Heartbeat {
  const beganAt = clock.monotonicMilliseconds();
  let heardAt = beganAt;
  let saidAt = beganAt;
  let timer = wait(intervalMilliseconds);

  function wait(milliseconds: number): { cancel(): void } {
    // A new timer for each piece of output would cost more than the output.
    return clock.after(milliseconds, look);
  }

  function look(): void {
    const now = clock.monotonicMilliseconds();
    const last = Math.max(heardAt, saidAt);
    if (now - last >= intervalMilliseconds) {
      saidAt = now;
      const silence = seesAll ? `, nothing written for ${formatTime(now - heardAt)}` : '';
      const more = news();
      say(
        `still running after ${formatTime(now - beganAt)}${silence}${more === '' ? '' : `; ${more}`}`,
      );
    }
    const next = Math.max(heardAt, saidAt) + intervalMilliseconds - now;
    timer = wait(Math.max(next, 1));
  }

  return {
    heard() {
      heardAt = clock.monotonicMilliseconds();
    },
    stop() {
      timer.cancel();
    },
  };
}

function formatTime(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Time as a port, so that tests move it. Durations are milliseconds; instants are Temporal. */
export interface Clock {
  now(): Temporal.Instant;
  /** Milliseconds since the epoch, for hot paths and comparisons. */
  epochMilliseconds(): number;
  /** Milliseconds that never jump with the wall clock. */
  monotonicMilliseconds(): number;
  /** Resolves after the time; rejects with the signal's reason when it aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Runs once after the time, unless cancelled. Never keeps the process alive by itself. */
  after(milliseconds: number, run: () => void): { cancel(): void };
  /** A signal that aborts (with a `timeout` ProgramError) after the time or when `signal` does. */
  deadline(milliseconds: number, signal?: AbortSignal): AbortSignal;
}

import type { Clock } from '../../platform/index.ts';

/** What a fault may use while it handles one direction of one connection. */
export interface StageContext {
  readonly clock: Clock;
  /** Aborts when the connection is gone. */
  readonly gone: AbortSignal;
  /** Breaks both sides of the connection at once, with a TCP reset. */
  reset(): void;
}

/** One fault at work: bytes in, bytes out, in order and in its own time. */
export type Stage = (bytes: AsyncIterable<Buffer>, context: StageContext) => AsyncIterable<Buffer>;

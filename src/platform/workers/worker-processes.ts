import type { Socket } from 'node:net';

/** Further processes of this program that answer clients for it. */
export interface WorkerProcesses {
  /** Begins one. What it does it is told by messages. */
  start(): WorkerProcess;
}

export interface WorkerProcess {
  readonly pid: number;
  /** Plain data, in order. To one that has gone: nothing happens. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /**
   * Gives it a connection of which nothing was read. `taken`: it is the worker's, and the copy here has
   * closed. `gone`: the worker ended before it took it, so it is as it was, for somebody else to answer.
   */
  handOver(connection: Socket): Promise<'taken' | 'gone'>;
  /** Everything it said has been heard by then. */
  readonly exited: Promise<{
    readonly code: number | undefined;
    readonly signal: string | undefined;
  }>;
  /** At once. */
  kill(): void;
}

/** The other end: how a worker talks with the process that began it. */
export interface PrimaryChannel {
  /** Resolves when the message has left. */
  send(message: unknown): Promise<void>;
  onMessage(listener: (message: unknown) => void): void;
  /** The listener owns what it is called with. */
  onConnection(listener: (connection: Socket) => void): void;
  /** The primary has gone, however. */
  onGone(listener: () => void): void;
}

/** Goes with a connection to a worker. What else processes say to each other is an object. */
export const CONNECTION = 'connection';
/** What the worker says to it before it reads or writes the first byte. */
export const TAKEN = 'taken';

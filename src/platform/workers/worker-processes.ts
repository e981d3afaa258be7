/** Further processes of this program that share its listening sockets. */
export interface WorkerProcesses {
  /** Begins one. What it does it is told by messages. */
  start(): WorkerProcess;
}

export interface WorkerProcess {
  readonly pid: number;
  /** Plain data, in order. To one that has gone: nothing happens. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
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
  /** The primary has gone, however. */
  onGone(listener: () => void): void;
}

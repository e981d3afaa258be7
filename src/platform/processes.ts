/** Other programs as a port: run to the end with bounded output, or start and supervise. */
export interface Processes {
  /** Runs to the end. Never throws for an exit code; throws `command-not-found` (kind not-found), `command-not-executable` (kind denied), `command-timeout` (kind timeout), `command-output-too-large`. */
  run(command: readonly string[], options: RunOptions): Promise<RunResult>;
  start(command: readonly string[], options: StartOptions): Promise<RunningProcess>;
}

export interface RunOptions {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
  readonly timeoutMilliseconds: number;
  readonly maximumOutputBytes: number;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface StartOptions {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The child has our own stdin, stdout and stderr, byte for byte; what it writes may be read on its way. */
  readonly streams: 'inherit' | CopiedStreams;
  /** True: the child leads its own session and process group, so that all of it can be signalled. */
  readonly ownSession: boolean;
}

/** The child writes to a pipe of ours, and what it wrote goes on to our own stream at once. What is not read is inherited. */
export interface CopiedStreams {
  readonly stdout?: ((bytes: Uint8Array) => void) | undefined;
  readonly stderr?: ((bytes: Uint8Array) => void) | undefined;
  /**
   * In place of both where our own stdout and stderr are one and the same (`2>&1`, most build systems): the child then
   * has one pipe for both, because the order of what it wrote to two cannot be known.
   */
  readonly together?: ((bytes: Uint8Array) => void) | undefined;
}

export interface RunningProcess {
  readonly pid: number;
  readonly exited: Promise<{
    readonly code: number | undefined;
    readonly signal: string | undefined;
  }>;
  /**
   * Resolves when all that the child wrote to copied streams has gone on, or when only what it left
   * running still has the pipes. Never rejects.
   */
  readonly drained: Promise<void>;
  /** To the whole group when it leads its own session, else to the child alone. Gone is fine. */
  send(signal: NodeJS.Signals): void;
  /** True while any member of its group still runs (own session only). */
  groupAlive(): boolean;
}

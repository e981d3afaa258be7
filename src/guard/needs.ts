import type { Clock, Files, Logger, Processes, Random } from '../platform/index.ts';
import type { KnownDatabase } from './checksum-setting.ts';
import type { LookAgain } from './confirmation.ts';
import type { Engine, EngineRequest } from './engine.ts';
import type { FailureReader } from './failure-reader.ts';
import type { RunEvent } from './run-events.ts';
import type { Signals } from './stop-requests.ts';
import type { StopLimits } from './supervise.ts';

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
  /** Looks whether the cause of a failure is still there. */
  readonly lookAgain?: LookAgain | undefined;
  /** Told what happens, as it happens. */
  readonly observe?: ((event: RunEvent) => void) | undefined;
}

export interface GuardSettings {
  /** What `go` uses where nobody says otherwise. */
  readonly goServices: { readonly mirror: string; readonly checksumDatabase: KnownDatabase };
  readonly stopLimits?: StopLimits;
}

/** How the command itself is started, and no other program. */
export interface ChildOptions {
  /** Stands before it. */
  readonly prefix?: readonly string[] | undefined;
  /** Instead of what it would have. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Is shown what it writes there, which passes through us then. */
  readonly seeStdout?: ((bytes: Uint8Array) => void) | undefined;
  readonly seeStderr?: ((bytes: Uint8Array) => void) | undefined;
}

export interface GuardOptions {
  readonly directory: string;
  readonly terminalOnStdin: boolean;
  /** Errors only. */
  readonly quiet?: boolean;
  /** The engine opens no connection. */
  readonly offline?: boolean;
  readonly child?: ChildOptions | undefined;
  /** For the whole run, its download phase included. */
  readonly timeoutMilliseconds?: number | undefined;
  /** How long the command may go on once it was asked to stop. */
  readonly killAfterMilliseconds?: number | undefined;
  /** False: a go command downloads by itself. */
  readonly downloadFirst?: boolean;
  /** How often a command may be started again that failed by something that may pass. */
  readonly retryCommand?: number;
  /** From when on an upstream that is silent is named. */
  readonly stallNoticeMilliseconds?: number | undefined;
  /** For how long an upstream that is waited for may be silent. */
  readonly stallTimeoutMilliseconds?: number | undefined;
  /** Leaves the child's stderr alone. */
  readonly noDiagnosis?: boolean;
  readonly stderrIsTerminal?: boolean;
  /** The command says on stdout why it fails, as `go test` does, and nobody looks whether that is a terminal. */
  readonly readsStdout?: boolean;
  /** A failed child gives the code that its diagnosis calls for. */
  readonly classifyExit?: boolean;
}

import type { ProgramContext } from './program-context.ts';
import type { SystemSignals } from './system-signals.ts';

/** What `run` needs of the program, whatever it runs. */
export interface RunContext extends ProgramContext {
  readonly signals: SystemSignals;
  readonly terminalOnStdin: boolean;
  readonly terminalOnStdout: boolean;
  /** To stderr. */
  readonly write: (text: string) => void;
}

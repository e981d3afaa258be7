import type { RunningServer } from './child.ts';
import type { OriginProcess } from './origin-process.ts';

/** What each case gets. */
export interface Setting {
  readonly root: string;
  /** Removed at the end. */
  readonly scratch: string;
  readonly origin: OriginProcess;
  readonly others: readonly Other[];
  readonly quick: boolean;
  readonly rounds: number;
  /** The program to measure. */
  readonly cofferdam: readonly string[];
  /** A Cofferdam over this store, with the origin as its upstream; without a checksum database unless told. */
  startCofferdam(store: string, options?: readonly string[]): Promise<RunningServer>;
  /** Talk on stderr. */
  say(text: string): void;
}

/** Another running server whose upstream is the origin. */
export interface Other {
  readonly label: string;
  readonly url: string;
  /** Known when its memory is to be measured too. */
  readonly pid: number | undefined;
}

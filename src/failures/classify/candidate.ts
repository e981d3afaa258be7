import type { Failure, Form } from '../catalogue/index.ts';
import type { Statement } from '../statements/index.ts';
import type { Target } from './target.ts';

/** A line that names a cause. */
export interface Candidate {
  readonly failure: Failure;
  readonly form: Form;
  readonly statement: Statement;
  readonly target: Target;
  /** Steps of the log, counted by the tails that wrappers add. */
  readonly step: number;
  /** Somebody else than the go command may have said it. */
  readonly isWeak: boolean;
  /** The download that was going on when a limit ended the step. */
  readonly during: Statement | undefined;
  /** How often the same was said of the same target. */
  count: number;
}

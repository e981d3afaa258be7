import type { Absent, Failed, Found } from './answer.ts';

/**
 * Turns a found answer into the caller's result, or into a failure when the content is wrong: content
 * that cannot be true counts like any failure of that upstream and moves on as one.
 */
export type Accept<Result> = (found: Found) => Promise<Result | Failed>;

export type WalkAnswer<Result> =
  | { readonly outcome: 'found'; readonly result: Result; readonly failures: readonly Failed[] }
  | { readonly outcome: 'absent'; readonly absent: Absent; readonly failures: readonly Failed[] }
  | { readonly outcome: 'failed'; readonly failures: readonly Failed[] };

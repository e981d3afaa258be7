import { askUpstream } from './ask-upstream.ts';
import type { AskNeeds, AskSettings, Question } from './ask-upstream.ts';
import { failed } from './answer.ts';
import type { Absent, Failed, Found } from './answer.ts';
import type { UpstreamEntry, UpstreamList } from './upstream-list.ts';

export interface WalkSettings extends AskSettings {
  /** Further tries at one upstream after a failure that may pass. */
  readonly retries: number;
  /** Full jitter: each wait is a random share of this, doubled with each try. */
  readonly retryBaseMilliseconds: number;
}

/**
 * Turns a found answer into the caller's result, or into a failure when the content is wrong: content
 * that cannot be true counts like any failure of that upstream and moves on as one.
 */
export type Accept<Result> = (found: Found) => Promise<Result | Failed>;

export type WalkAnswer<Result> =
  | { readonly outcome: 'found'; readonly result: Result; readonly failures: readonly Failed[] }
  | { readonly outcome: 'absent'; readonly absent: Absent; readonly failures: readonly Failed[] }
  | { readonly outcome: 'failed'; readonly failures: readonly Failed[] };

interface Accepted<Result> {
  readonly outcome: 'found';
  readonly result: Result;
}

/**
 * Walks a GOPROXY list for one request (reference 1.7): after a comma only absence moves on, after a
 * pipe any failure does. As in cmd/go, a failure weighs more than an absence when nothing was found
 * (P-62), and of several absences the last one is told.
 */
export async function walkUpstreams<Result>(
  needs: AskNeeds,
  settings: WalkSettings,
  list: UpstreamList,
  question: Question,
  accept: Accept<Result>,
): Promise<WalkAnswer<Result>> {
  const failures: Failed[] = [];
  let absent: Absent | undefined;
  for (const entry of list.entries) {
    const answer = await askWithRetries(needs, settings, entry, question, accept);
    if (answer.outcome === 'found') {
      return { ...answer, failures };
    }
    if (answer.outcome === 'absent') {
      absent = answer;
      continue;
    }
    failures.push(answer);
    if (!entry.fallBackOnError) {
      break;
    }
  }
  return failures.length > 0 || absent === undefined
    ? { outcome: 'failed', failures }
    : { outcome: 'absent', absent, failures };
}

/** Trouble that a moment later may be over; anything else is the same on the next try. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

async function askWithRetries<Result>(
  needs: AskNeeds,
  settings: WalkSettings,
  entry: UpstreamEntry,
  question: Question,
  accept: Accept<Result>,
): Promise<Accepted<Result> | Absent | Failed> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await askAndAccept(needs, settings, entry, question, accept);
    if (outcome.outcome !== 'failed' || attempt >= settings.retries || !mayPass(outcome)) {
      return outcome;
    }
    if (question.signal.aborted) {
      return failed(entry.name, 'timeout', `${entry.name} was given up`);
    }
    needs.count(entry.name, 'retry');
    const wait = settings.retryBaseMilliseconds * 2 ** attempt * needs.random.fraction();
    await needs.clock.sleep(wait);
  }
}

async function askAndAccept<Result>(
  needs: AskNeeds,
  settings: AskSettings,
  entry: UpstreamEntry,
  question: Question,
  accept: Accept<Result>,
): Promise<Accepted<Result> | Absent | Failed> {
  const answer = await askUpstream(needs, settings, entry, question);
  if (answer.outcome !== 'found') {
    return answer;
  }
  const result = await accept(answer);
  return isFailed(result) ? result : { outcome: 'found', result };
}

function mayPass(failure: Failed): boolean {
  if (failure.status !== undefined) {
    return PASSING_STATUSES.has(failure.status);
  }
  return failure.kind === 'unavailable';
}

function isFailed(value: unknown): value is Failed {
  return (
    typeof value === 'object' && value !== null && 'outcome' in value && value.outcome === 'failed'
  );
}

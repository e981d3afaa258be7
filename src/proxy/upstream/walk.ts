import type { AskNeeds, Question } from './ask-upstream.ts';
import { newStanding } from './standing.ts';
import type { UpstreamList } from './upstream-list.ts';
import type { Accept, WalkAnswer } from './walk-answer.ts';
import { WalkRun } from './walk-run.ts';
import type { WalkSettings } from './walk-settings.ts';

/**
 * Walks a GOPROXY list for one request (reference 1.7): after a comma only absence moves on, after a
 * pipe any failure does. As in cmd/go, a failure weighs more than an absence when nothing was found
 * (P-62), and of several absences the last one is told. Failures that may pass are tried again, and
 * an upstream that stays silent is overtaken by the next one where any failure would move on.
 */
export async function walkUpstreams<Result>(
  needs: AskNeeds,
  settings: WalkSettings,
  list: UpstreamList,
  question: Question,
  accept: Accept<Result>,
): Promise<WalkAnswer<Result>> {
  const standings = list.entries.map((entry) => newStanding(entry, needs.health.of(entry.name)));
  return new WalkRun(needs, settings, standings, question, accept).run();
}

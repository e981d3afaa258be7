import type { AskNeeds, Question } from './ask-upstream.ts';
import { betterFirst, reorder } from './order.ts';
import { newStanding } from './standing.ts';
import type { Standing } from './standing.ts';
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
  const listed = list.entries.map((entry) => newStanding(entry, needs.health.of(entry.name)));
  const standings = await inGoodOrder(needs, listed, question);
  return new WalkRun(needs, settings, standings, question, accept).run();
}

async function inGoodOrder(
  needs: AskNeeds,
  standings: readonly Standing[],
  { key, mayCross }: Question,
): Promise<readonly Standing[]> {
  if (standings.length < 2 || mayCross === undefined) {
    return standings;
  }
  const first = betterFirst(standings, !key.endsWith('.zip'), needs.random);
  return first === undefined ? standings : reorder(needs.clock, standings, first, mayCross);
}

import type { LabelledLog } from '../labelled-logs.ts';
import type { Answer } from '../score/score.ts';

/** The last line that sounds like an error. It names no cause. */
export function lastErrorLine(log: string): Answer {
  const line = log.split(/\r?\n/u).findLast((one) => /error|fatal|failed/iu.test(one));
  return { id: undefined, evidence: line === undefined ? [] : [line], retry: undefined };
}

/** Two rules: what sounds like weather is transient, everything else is not. */
export function twoRules(log: string): Answer {
  const weather = /timeout|timed out|\bEOF\b|connection reset|\b50[0-4]\b/iu.test(log);
  return { id: undefined, evidence: [], retry: weather ? 'transient' : 'permanent' };
}

/** So many examples of each id are learnt from, as in the studies that the reference names. */
const SHOTS = 12;

/** TF-IDF over words, and the nearest of the examples by cosine. */
export function createNearestNeighbour(
  examples: readonly LabelledLog[],
  retryOf: (id: string) => string | undefined,
): (log: string) => Answer {
  const shots = new Map<string, number>();
  const chosen = examples.filter(({ truth }) => {
    const seen = shots.get(truth.id) ?? 0;
    shots.set(truth.id, seen + 1);
    return seen < SHOTS;
  });
  const bags = chosen.map(({ log }) => wordsOf(log));
  const documents = new Map<string, number>();
  for (const bag of bags)
    for (const word of bag.keys()) documents.set(word, (documents.get(word) ?? 0) + 1);
  const vectors = bags.map((bag) => weigh(bag, documents, chosen.length));
  return (log) => {
    const asked = weigh(wordsOf(log), documents, chosen.length);
    let best = -1;
    let nearest: LabelledLog | undefined;
    for (const [index, vector] of vectors.entries()) {
      const close = product(asked, vector);
      if (close > best) [best, nearest] = [close, chosen[index]];
    }
    const id = nearest?.truth.id;
    return { id, evidence: [], retry: id === undefined ? undefined : retryOf(id) };
  };
}

function wordsOf(log: string): ReadonlyMap<string, number> {
  const bag = new Map<string, number>();
  for (const word of log.toLowerCase().match(/[a-z][a-z_-]+/gu) ?? [])
    bag.set(word, (bag.get(word) ?? 0) + 1);
  return bag;
}

function weigh(
  bag: ReadonlyMap<string, number>,
  documents: ReadonlyMap<string, number>,
  all: number,
): ReadonlyMap<string, number> {
  const weights = [...bag].map(
    ([word, count]) =>
      [word, (1 + Math.log(count)) * Math.log(1 + all / (1 + (documents.get(word) ?? 0)))] as const,
  );
  const length = Math.sqrt(weights.reduce((sum, [, weight]) => sum + weight * weight, 0)) || 1;
  return new Map(weights.map(([word, weight]) => [word, weight / length]));
}

function product(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [word, weight] of one) sum += weight * (other.get(word) ?? 0);
  return sum;
}

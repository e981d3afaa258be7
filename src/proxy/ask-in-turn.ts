import type { Clock } from '../platform/index.ts';
import type { FetchedResource } from './checksum/index.ts';

export type AskOne = (leave: AbortSignal) => Promise<FetchedResource>;

/** Who has not answered by then gets company: ordinary answers take less, and asking twice costs little. */
const NEXT_MILLISECONDS = 700;
/**
 * A record that one source has not, another may have; signed answers make a liar harmless, but nothing
 * signs an absence. Others that are reachable answer within this.
 */
const ABSENCE_MILLISECONDS = 1500;

/**
 * Asks sources of signed answers one after the other, the next as soon as one failed or was silent for a
 * while. The first answer with bytes ends it; absence is what is left when nobody has any. Undefined
 * without sources.
 */
export async function askInTurn(
  clock: Clock,
  questions: readonly AskOne[],
  signal: AbortSignal | undefined,
): Promise<FetchedResource | undefined> {
  const leaving = new AbortController();
  const leave = signal === undefined ? leaving.signal : AbortSignal.any([leaving.signal, signal]);
  const settled = Promise.withResolvers<FetchedResource | undefined>();
  const others: FetchedResource[] = [];
  let next = 0;
  let timer: { cancel(): void } | undefined;

  function conclude(): void {
    const absence = others.find(({ outcome }) => outcome === 'absent');
    const finding = others.find((answer) => answer.outcome === 'failed' && answer.finding);
    const failures = others.flatMap((answer) =>
      answer.outcome === 'failed' ? answer.failures : [],
    );
    const failure: FetchedResource = { outcome: 'failed', failures };
    settled.resolve(finding ?? absence ?? (questions.length === 0 ? undefined : failure));
  }

  function take(answer: FetchedResource): void {
    if (answer.outcome === 'found') {
      settled.resolve(answer);
      return;
    }
    others.push(answer);
    if (others.length === questions.length) {
      conclude();
    } else if (answer.outcome === 'absent') {
      startNext();
      clock.after(ABSENCE_MILLISECONDS, conclude);
    } else {
      startNext();
    }
  }

  function startNext(): void {
    timer?.cancel();
    const ask = questions[next];
    if (ask === undefined) return;
    next += 1;
    ask(leave).then(take, settled.reject);
    timer = clock.after(NEXT_MILLISECONDS, startNext);
  }

  if (questions.length === 0) return undefined;
  startNext();
  try {
    return await settled.promise;
  } finally {
    timer?.cancel();
    leaving.abort(new Error('another source answered'));
  }
}

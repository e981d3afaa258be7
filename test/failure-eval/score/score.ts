import type { LabelledLog } from '../labelled-logs.ts';

/** What a classifier said of a log. */
export interface Answer {
  /** undefined: it does not know. */
  readonly id: string | undefined;
  readonly evidence: readonly string[];
  readonly retry: string | undefined;
}

export interface Scored {
  readonly log: LabelledLog;
  readonly answer: Answer;
  readonly right: boolean;
  readonly evidenceRight: boolean;
  readonly expectedRetry: string | undefined;
}

/** What the catalogue says of the ids: the class and the verdict where the log's truth has none of its own. */
export interface Expectations {
  classOf(id: string): string | undefined;
  retryOf(id: string): string | undefined;
}

export interface Figures {
  readonly logs: number;
  /** Share of all logs whose id is right. */
  readonly top1: number;
  readonly macroF1: number;
  /** The same over ids instead of classes. */
  readonly macroF1OfIds: number;
  readonly evidence: number;
  readonly coverage: number;
  readonly precision: number;
  readonly retry: number;
  readonly retryRecall: Readonly<Record<string, number>>;
  /** Share of the permanent logs that are called transient. */
  readonly falseTransient: number;
}

export function scoreLog(log: LabelledLog, answer: Answer, expect: Expectations): Scored {
  const ids = [log.truth.id, ...(log.truth.also ?? [])];
  return {
    log,
    answer,
    right: answer.id !== undefined && ids.includes(answer.id),
    evidenceRight: hasEvidence(log, answer),
    expectedRetry: expectedRetry(log, ids, expect),
  };
}

/** undefined where the ids that count as right disagree: such a log has not one verdict. */
function expectedRetry(
  log: LabelledLog,
  ids: readonly string[],
  expect: Expectations,
): string | undefined {
  if (log.truth.retry !== undefined) return log.truth.retry;
  const verdicts = new Set(ids.map((id) => expect.retryOf(id)));
  return verdicts.size === 1 ? [...verdicts][0] : undefined;
}

/** What `diagnose` puts in the place of secrets. */
const MASK = '[hidden]';
/** A shorter text would be part of many lines. */
const LEAST_SHOWN = 16;

function hasEvidence(log: LabelledLog, answer: Answer): boolean {
  const wanted = log.truth.evidence.map(plainly);
  // Only the line that is shown first: that is what a person reads.
  const shown = plainly(answer.evidence[0] ?? '');
  const masked = shown.includes(MASK) ? unmask(shown, plainly(log.log)) : undefined;
  if (masked !== undefined && wanted.some((one) => masked.includes(one))) return true;
  return wanted.length === 0
    ? answer.evidence.length > 0
    : wanted.some(
        (one) => shown.includes(one) || (shown.length >= LEAST_SHOWN && one.includes(shown)),
      );
}

/** What the log has in the place of a line whose secrets were hidden: the line is still the right one. */
function unmask(shown: string, log: string): string | undefined {
  const pieces = shown.split(MASK).map((piece) => RegExp.escape(piece));
  return new RegExp(pieces.join(String.raw`\S+?`), 'u').exec(log)?.[0];
}

/** Without what escaping, colours and other white space change. */
function plainly(text: string): string {
  return text
    .replaceAll(/\u001B\[[0-9;]*m/gu, '')
    .replaceAll(/\\+(["'\\])/gu, '$1')
    .replaceAll(/\\[nrt]/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

export function figuresOf(scored: readonly Scored[], expect: Expectations): Figures {
  const answered = scored.filter(({ answer }) => answer.id !== undefined);
  const withVerdict = scored.filter(({ expectedRetry }) => expectedRetry !== undefined);
  const permanent = withVerdict.filter(({ expectedRetry }) => expectedRetry === 'permanent');
  const verdicts = [
    ...new Set(withVerdict.map(({ expectedRetry }) => expectedRetry as string)),
  ].toSorted();
  return {
    logs: scored.length,
    top1: share(scored, ({ right }) => right),
    macroF1: macroF1(scored, (id) => expect.classOf(id) ?? 'no such id'),
    macroF1OfIds: macroF1(scored, (id) => id),
    evidence: share(scored, ({ evidenceRight }) => evidenceRight),
    coverage: scored.length === 0 ? 0 : answered.length / scored.length,
    precision: share(answered, ({ right }) => right),
    retry: share(withVerdict, ({ answer, expectedRetry }) => answer.retry === expectedRetry),
    retryRecall: Object.fromEntries(
      verdicts.map((verdict) => [
        verdict,
        share(
          withVerdict.filter(({ expectedRetry }) => expectedRetry === verdict),
          ({ answer }) => answer.retry === verdict,
        ),
      ]),
    ),
    falseTransient:
      permanent.length === 0 ? 0 : share(permanent, ({ answer }) => answer.retry === 'transient'),
  };
}

function share<T>(all: readonly T[], holds: (one: T) => boolean): number {
  return all.length === 0 ? 0 : all.filter(holds).length / all.length;
}

/** The mean of F1 over the groups that occur in the truth; a right second id counts as the first. */
function macroF1(scored: readonly Scored[], groupOf: (id: string) => string): number {
  const hits = new Map<string, number>();
  const said = new Map<string, number>();
  const real = new Map<string, number>();
  const count = (map: Map<string, number>, key: string): unknown =>
    map.set(key, (map.get(key) ?? 0) + 1);
  for (const { log, answer, right } of scored) {
    const truth = groupOf(log.truth.id);
    count(real, truth);
    if (answer.id === undefined) continue;
    const group = right ? truth : groupOf(answer.id);
    count(said, group);
    if (group === truth) count(hits, truth);
  }
  const scores = [...real].map(([group, all]) => {
    const hit = hits.get(group) ?? 0;
    return (2 * hit) / (all + (said.get(group) ?? 0));
  });
  return scores.length === 0 ? 0 : scores.reduce((sum, one) => sum + one, 0) / scores.length;
}

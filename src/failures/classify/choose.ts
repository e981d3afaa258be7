import type { FailureClass } from '../catalogue/index.ts';
import type { Candidate } from './candidate.ts';

/**
 * How basic each class is (reference B3.2): a fault lower down produces the texts of those higher up,
 * not the other way round.
 */
const depths: Readonly<Record<FailureClass, number>> = {
  machine: 10,
  tls: 20,
  'forward-proxy': 22,
  dns: 25,
  tcp: 30,
  transfer: 33,
  surroundings: 36,
  'module-proxy': 40,
  'checksum-database': 42,
  toolchain: 45,
  'version-control': 50,
  versions: 55,
  'own-files': 60,
  'go-sum': 65,
  'hand-over': 80,
};

export interface Choice {
  readonly root: Candidate;
  /** What is left, one for each cause and target, the most basic first. */
  readonly others: readonly Candidate[];
}

/** Trouble above this depth is an end without a cause: whoever only watched says it. */
const WITHOUT_CAUSE = 85;

function depthOf({ failure }: Candidate): number {
  return failure.depth ?? depths[failure.class];
}

/**
 * One root: among what the last failed step said the most basic. Earlier steps were survived, or
 * their failure was said again.
 */
export function choose(candidates: readonly Candidate[]): Choice | undefined {
  const strong = candidates.filter((candidate) => !candidate.isWeak);
  const considered = strong.length > 0 ? strong : candidates;
  const withCause = considered.filter((candidate) => depthOf(candidate) < WITHOUT_CAUSE);
  const pool = withCause.length > 0 ? withCause : considered;
  const lastStep = Math.max(...pool.map(({ step }) => step));
  const last = pool.filter(({ step }) => step === lastStep);
  const [root] = last.toSorted(byDepth);
  if (root === undefined) return undefined;
  const others = considered
    // The head of a block says in general what a line below it says exactly.
    .filter(({ statement }) => statement.number !== root.statement.headNumber)
    .filter(
      ({ failure, statement }) =>
        failure.id !== root.failure.id || statement.headNumber !== root.statement.number,
    )
    .filter((candidate) => candidate !== root)
    .toSorted(byDepth);
  return { root, others: unique(root, others) };
}

function byDepth(one: Candidate, other: Candidate): number {
  return (
    depthOf(one) - depthOf(other) ||
    (other.form.weight ?? 2) - (one.form.weight ?? 2) ||
    one.statement.number - other.statement.number
  );
}

function unique(root: Candidate, others: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set([nameOf(root)]);
  return others.filter((candidate) => {
    const name = nameOf(candidate);
    const isNew = !seen.has(name);
    seen.add(name);
    return isNew;
  });
}

function nameOf({ failure, target }: Candidate): string {
  return `${failure.id} ${target.module ?? target.host ?? ''}`;
}

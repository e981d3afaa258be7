import type { Finding } from '../../finding/index.ts';
import { catalogue } from '../catalogue/index.ts';
import type { Candidate } from './candidate.ts';
import { isLimit, type Seen } from './candidates.ts';
import { choose } from './choose.ts';
import { goThatBrought } from './standard-library.ts';
import { retryVerdict } from './retry-verdict.ts';
import { readTarget } from './target.ts';
import { toFinding } from './to-finding.ts';

export interface DiagnosisSettings {
  /** How the log is called in evidence. */
  readonly source?: string | undefined;
  /** `1.26.8`, where the log does not say it. */
  readonly goVersion?: string | undefined;
  /** Ids that the previous run of the same commit ended with: what failed alike before stays. */
  readonly previousIds?: readonly string[] | undefined;
}

export interface Verdict {
  /** `unknown-failure`: something failed, and what it was is not known. */
  readonly outcome: 'diagnosed' | 'unknown-failure' | 'no-failure';
  /** The root first; the rest depend on it. */
  readonly findings: readonly Finding[];
  /** Where a failure that is not known became visible. */
  readonly failedAtLine: number | undefined;
  readonly goVersion: string | undefined;
  /** Where the build system stopped writing, so that the cause may be missing. */
  readonly clippedAtLine: number | undefined;
}

/** Below it a guess would be worth less than none. */
const LEAST_CONFIDENCE = 0.4;
/** More consequences than anybody reads. */
const MOST_CONSEQUENCES = 20;
const byWeight = [0, 0.6, 0.9, 0.95, 0.97] as const;

/** One root, the rest as its consequences, or nothing where the evidence is thin. */
export function conclude(seen: Seen, settings: DiagnosisSettings): Verdict {
  const goVersion = settings.goVersion ?? seen.goVersion;
  const shared = {
    goVersion,
    failedAtLine: seen.failedAt?.number,
    clippedAtLine: seen.clippedAt?.number,
  };
  const choice = choose(seen.candidates.map(orHang(seen)));
  const confidence = choice === undefined ? 0 : confidenceOf(choice.root, seen, goVersion);
  if (choice === undefined || confidence < LEAST_CONFIDENCE) {
    const outcome = seen.failedAt === undefined ? 'no-failure' : 'unknown-failure';
    return { ...shared, outcome, findings: [] };
  }
  const { root, others } = choice;
  const facts = { previousIds: settings.previousIds ?? [] };
  const finding = (candidate: Candidate, dependsOn: readonly string[]): Finding =>
    toFinding(candidate, {
      source: settings.source,
      retry: retryVerdict(candidate, seen.candidates, facts),
      confidence: confidenceOf(candidate, seen, goVersion),
      dependsOn,
      note: doubtOf(candidate, goVersion) ?? noteOn(candidate),
    });
  return {
    ...shared,
    outcome: 'diagnosed',
    findings: [
      finding(root, []),
      ...others.slice(0, MOST_CONSEQUENCES).map((other) => finding(other, [root.failure.id])),
    ],
  };
}

/** A limit that ended a download says nothing of its cause; that a download was the last thing does. */
function orHang({ candidates }: Seen): (candidate: Candidate) => Candidate {
  const hang = catalogue.find(({ id }) => id === 'net-hang');
  const isOnlyLimit = candidates.every(({ failure, isWeak }) => isWeak || isLimit(failure));
  if (hang === undefined || !isOnlyLimit) return (same) => same;
  return (candidate) => {
    const { statement, during } = candidate;
    if (during === undefined) return candidate;
    const head = { head: during.text, headNumber: during.number };
    const target = readTarget(during.text);
    return { ...candidate, failure: hang, target, statement: { ...statement, ...head } };
  };
}

function confidenceOf(candidate: Candidate, seen: Seen, goVersion: string | undefined): number {
  const base = byWeight[candidate.form.weight ?? 2];
  if (doubtOf(candidate, goVersion) !== undefined) return 0.6;
  if (!candidate.isWeak) return base;
  return seen.isAboutGo ? base * 0.6 : base * 0.35;
}

/** What the line itself tells beyond its words. */
function noteOn({ failure, statement, count }: Candidate): string | undefined {
  const go = failure.id === 'import-std-missing' ? goThatBrought(statement.text) : undefined;
  if (go !== undefined) return `It is in the standard library since Go ${go}, so this Go is older.`;
  return count > 1 ? `It is said ${count} times.` : undefined;
}

/** Go up to 1.15 says "unknown revision" for every failure of git (reference A0.4). */
function doubtOf(
  { failure, statement }: Candidate,
  goVersion: string | undefined,
): string | undefined {
  if (failure.id !== 'version-unknown-revision') return undefined;
  if (!/go\.mod at revision \S+: unknown revision/.test(statement.text)) return undefined;
  const minor = Number(/^1\.(\d+)/.exec(goVersion ?? '')?.[1] ?? Number.NaN);
  if (minor >= 16) return undefined;
  return 'Go up to 1.15 says this for every failure of git: refused credentials, DNS, TLS or a missing tag. "GIT_TERMINAL_PROMPT=0 git ls-remote" of the repository tells which.';
}

import { matchesPatterns } from '../../gomod/path/index.ts';
import { isProgramError } from '../../platform/index.ts';
import type { ArtifactSight } from '../facts/index.ts';
import { weigh, type Evidence } from './evidence.ts';
import type { ExpectedHash, RecallExpected } from './expected-hashes.ts';
import type { BookAnswer, ModuleVersion, RecordBook } from './record-book.ts';
import type { UpstreamQuarantine } from './upstream-quarantine.ts';
import type { SecurityFinding } from '../checksum/index.ts';
import type { VerificationFinding, VerificationReports } from './verification-findings.ts';

/** A file of a module version that has a hash in go.sum. */
export interface HashedArtifact extends ModuleVersion {
  readonly key: string;
  readonly kind: 'mod' | 'zip';
}

export type Judgement =
  | { readonly kind: 'verified'; readonly state: 'verified' | 'first-seen' }
  /** May be served as such, and must stay out of the tree. */
  | { readonly kind: 'pending' }
  /** Right for who expects it, but the store has other bytes under this name, which must stay. */
  | { readonly kind: 'chosen' }
  | Refused;

export interface Refused {
  readonly kind: 'refused';
  readonly finding: VerificationFinding;
  /** What a database did, where that is the cause. */
  readonly because?: SecurityFinding;
  readonly problem: string;
  /** False when no upstream could do better. */
  readonly isUpstreamsFault: boolean;
}

/** What can be said before the bytes are here. */
export type Outlook = { readonly kind: 'decidable' } | { readonly kind: 'pending' } | Refused;

/** One artifact, from the start of its fetch. */
export interface Verification {
  outlook(): Promise<Outlook>;
  /** True when somebody said what its hash must be, so that another try may do better. */
  readonly isExpected: boolean;
  /** `h1` is undefined for a zip that nobody can hash: it is not what anybody vouches for. */
  judge(h1: string | undefined, upstream: string): Promise<Judgement>;
}

export interface Verifier {
  /** Begins to look up what the artifact must be, so that it costs no time of its own. */
  begin(artifact: HashedArtifact): Verification;
  /** What is known by now, for artifacts that are here already. */
  evidence(artifact: HashedArtifact): Promise<Evidence>;
  /** True when a proven record decides what the files of this version are. */
  hasVerifiedRecord(path: string, version: string): Promise<boolean>;
}

export interface VerifierNeeds {
  readonly records: RecordBook;
  readonly quarantine: UpstreamQuarantine;
  readonly reports: VerificationReports;
  readonly recallSight: (key: string) => Promise<ArtifactSight | undefined>;
  readonly recallExpected: RecallExpected;
  /** Whether the store has, or keeps pending, what bytes of this hash must not replace. */
  readonly isTaken: (key: string, h1: string) => Promise<boolean>;
}

export interface VerifierSettings {
  /** Go's glob list: these are never named to a checksum database. */
  readonly noLookupPatterns: string;
  /** Refuse new bytes that no checksum database vouches for. */
  readonly requireVerification: boolean;
}

/** Go hashes no zip with a line break in a name, so no record and no first sight is of one. */
const NOT_HASHABLE = 'a zip with names that no h1 covers';

export function createVerifier(needs: VerifierNeeds, settings: VerifierSettings): Verifier {
  const { records, quarantine, reports } = needs;
  const { noLookupPatterns, requireVerification } = settings;

  function isExcluded(path: string): boolean {
    return noLookupPatterns !== '' && matchesPatterns(noLookupPatterns, path);
  }

  async function weighed(
    artifact: HashedArtifact,
    answer: BookAnswer | 'excluded',
  ): Promise<Evidence> {
    const isDecided = answer !== 'excluded' && answer.kind === 'record';
    try {
      const sight = isDecided ? undefined : await needs.recallSight(artifact.key);
      return weigh(artifact.kind, answer, sight);
    } catch (error) {
      // Whether other bytes were seen first cannot be known now: they wait like those of a silent database.
      const problem = isProgramError(error) ? error.message : String(error);
      return { kind: 'unknown', problem: `the first-seen memory cannot be read: ${problem}` };
    }
  }

  async function evidence(artifact: HashedArtifact): Promise<Evidence> {
    return weighed(artifact, isExcluded(artifact.path) ? 'excluded' : await records.soon(artifact));
  }

  function mismatch(
    artifact: HashedArtifact,
    known: Extract<Evidence, { readonly hash: string }>,
    got: string,
    upstream: string,
  ): Refused {
    const source =
      known.kind === 'record' ? known.database : `the first sight (${known.when}, ${known.from})`;
    const finding = known.kind === 'record' ? 'module-hash-mismatch' : 'module-changed';
    const problem = `${upstream} sent ${got}, but ${source} has ${known.hash} (${finding})`;
    const { key } = artifact;
    reports.refused({ finding, key, upstream, problem, source, expected: known.hash, got });
    quarantine.put(upstream, artifact, problem);
    return { kind: 'refused', finding, problem, isUpstreamsFault: true };
  }

  function judgeKnown(
    artifact: HashedArtifact,
    known: Extract<Evidence, { readonly hash: string }>,
    h1: string | undefined,
    upstream: string,
  ): Judgement {
    if (h1 !== known.hash) {
      return mismatch(artifact, known, h1 ?? NOT_HASHABLE, upstream);
    }
    quarantine.release(upstream, artifact);
    const isRecord = known.kind === 'record';
    reports.judged(isRecord ? 'database' : 'first-seen');
    return { kind: 'verified', state: isRecord ? 'verified' : 'first-seen' };
  }

  /** What `go.sum` chooses where no checksum database has ever spoken; undefined leaves it to the rest. */
  async function judgeExpected(
    { key }: HashedArtifact,
    known: Exclude<Evidence, { readonly kind: 'record' | 'contradicted' }>,
    wanted: ExpectedHash,
    h1: string | undefined,
    upstream: string,
  ): Promise<Refused | { readonly kind: 'chosen' } | undefined> {
    const { hash: expected, place: source } = wanted;
    if (h1 !== expected) {
      const finding = 'go-sum-mismatch';
      const got = h1 ?? 'what has no hash';
      const problem = `${upstream} sent ${got}, but ${source} has ${expected} (${finding})`;
      // No quarantine: it outlives this client, and go.sum speaks for this one alone.
      reports.refused({ finding, key, upstream, problem, source, expected, got });
      return { kind: 'refused', finding, problem, isUpstreamsFault: true };
    }
    const isOther = 'hash' in known ? known.hash !== h1 : await needs.isTaken(key, h1);
    if (!isOther) {
      return undefined;
    }
    reports.judged('go.sum');
    return { kind: 'chosen' };
  }

  /** What nobody can vouch for yet: the same before and after the bytes are here. */
  function judgeNew(artifact: HashedArtifact, known: Unvouched): Refused | 'take' | 'pending' {
    if (known.kind === 'contradicted') {
      const finding = 'checksum-database-contradicted';
      const problem = `nothing vouches for it: ${known.problem} (${known.finding})`;
      reports.refused({ finding, key: artifact.key, upstream: 'none', problem });
      const because = known.finding;
      return { kind: 'refused', finding, because, problem, isUpstreamsFault: false };
    }
    if (known.kind === 'new' && (known.isExcluded || !requireVerification)) {
      return 'take';
    }
    if (requireVerification) {
      const finding = 'verification-required';
      const problem = `${known.problem}, and --require-verification is set (${finding})`;
      reports.refused({ finding, key: artifact.key, upstream: 'none', problem });
      return { kind: 'refused', finding, problem, isUpstreamsFault: false };
    }
    return 'pending';
  }

  return {
    begin(artifact) {
      // Nobody waits for it yet, and a failure is told to who asks for the evidence.
      if (!isExcluded(artifact.path)) void records.find(artifact);
      const wanted = needs.recallExpected(artifact);
      return {
        isExpected: wanted !== undefined,
        async outlook() {
          const known = await evidence(artifact);
          if (known.kind === 'record' || known.kind === 'seen') {
            return { kind: 'decidable' };
          }
          const judged = judgeNew(artifact, known);
          return typeof judged === 'object'
            ? judged
            : { kind: judged === 'pending' ? 'pending' : 'decidable' };
        },
        async judge(h1, upstream) {
          const known = await evidence(artifact);
          if (wanted !== undefined && leavesChoice(known)) {
            const judged = await judgeExpected(artifact, known, wanted, h1, upstream);
            if (judged !== undefined) return judged;
          }
          if (known.kind === 'record' || known.kind === 'seen') {
            return judgeKnown(artifact, known, h1, upstream);
          }
          const judged = judgeNew(artifact, known);
          if (typeof judged === 'object') {
            return judged;
          }
          reports.judged(judged === 'take' ? 'nobody' : 'pending');
          return judged === 'take'
            ? { kind: 'verified', state: 'first-seen' }
            : { kind: 'pending' };
        },
      };
    },
    evidence,
    async hasVerifiedRecord(path, version) {
      return !isExcluded(path) && (await records.soon({ path, version })).kind === 'record';
    },
  };
}

type Unvouched = Exclude<Evidence, { readonly hash: string }>;

/** Whether `go.sum` may choose: not where a checksum database speaks, spoke, or cannot be believed. */
function leavesChoice(
  known: Evidence,
): known is Exclude<Evidence, { readonly kind: 'record' | 'contradicted' }> {
  return known.kind === 'seen'
    ? !known.isVerified
    : known.kind === 'new' || known.kind === 'unknown';
}

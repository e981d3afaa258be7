import type { ArtifactSight, PendingFact } from '../facts/index.ts';
import type { Admission } from './admission.ts';
import type { ExpectedHash, RecallExpected } from './expected-hashes.ts';
import type { VerificationReports } from './verification-findings.ts';
import type { HashedArtifact, Verifier } from './verifier.ts';

/**
 * Whether what the store has is what this client's go.sum expects. The store is others' too and stays
 * as it is: a wrong first sight costs this client a fetch, and a wrong go.sum costs the others nothing.
 */
export interface StoredChoice {
  /** False when the stored artifact must not be served here. */
  fits(artifact: HashedArtifact): Promise<boolean>;
  /** The same for what waits for a database, which did not answer once more. */
  fitsPending(fact: PendingFact): boolean;
  /** Why it was not, when it was looked at last. */
  problem(key: string): string | undefined;
}

export interface StoredChoiceNeeds {
  readonly recallExpected: RecallExpected;
  readonly recallSight: (key: string) => Promise<ArtifactSight | undefined>;
  readonly verifier: Pick<Verifier, 'evidence'>;
  readonly admission: Pick<Admission, 'judgeAgain'>;
  readonly reports: VerificationReports;
  /** Hash of the stored file as go.sum has it; undefined when it is not sound. */
  readonly hash: (artifact: HashedArtifact) => Promise<string | undefined>;
}

export function createStoredChoice(needs: StoredChoiceNeeds): StoredChoice {
  const comparing = new Map<string, Promise<boolean>>();
  /** No more than there are lines in go.sum. */
  const problems = new Map<string, string>();

  async function recall(key: string): Promise<ArtifactSight | undefined> {
    try {
      return await needs.recallSight(key);
    } catch {
      // Then the file itself tells.
      return undefined;
    }
  }

  async function compare(artifact: HashedArtifact, wanted: ExpectedHash): Promise<boolean> {
    const { key } = artifact;
    problems.delete(key);
    const sight = await recall(key);
    if (sight?.h1 === wanted.hash) {
      return true;
    }
    const got = await needs.hash(artifact);
    if (got === wanted.hash) {
      return true;
    }
    const known = await needs.verifier.evidence(artifact);
    if (known.kind === 'record') {
      // The database decides: it clears what is stored, or proves it wrong for everybody.
      return needs.admission.judgeAgain(artifact);
    }
    if (known.kind === 'seen' && known.isVerified) {
      return true;
    }
    refuse(key, wanted, got ?? 'what is not sound', sight?.upstream);
    return false;
  }

  function refuse(key: string, wanted: ExpectedHash, got: string, from: string | undefined): void {
    const finding = 'stored-go-sum-mismatch';
    const { hash: expected, place: source } = wanted;
    const origin = from === undefined ? '' : ` from ${from}`;
    const problem = `the store has ${got}${origin}, but ${source} has ${expected} (${finding})`;
    problems.set(key, problem);
    const upstream = 'the store';
    needs.reports.refused({ finding, key, upstream, problem, source, expected, got });
  }

  return {
    async fits(artifact) {
      const wanted = needs.recallExpected(artifact);
      if (wanted === undefined) return true;
      const present = comparing.get(artifact.key);
      if (present !== undefined) return present;
      const compared = compare(artifact, wanted).finally(() => comparing.delete(artifact.key));
      comparing.set(artifact.key, compared);
      return compared;
    },
    fitsPending(fact) {
      const wanted = needs.recallExpected(fact);
      if (wanted === undefined || wanted.hash === fact.h1) return true;
      refuse(fact.key, wanted, fact.h1, fact.upstream);
      return false;
    },
    problem: (key) => problems.get(key),
  };
}

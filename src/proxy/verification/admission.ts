import type { Files, Logger, Random } from '../../platform/index.ts';
import type { VerificationFacts } from '../facts/index.ts';
import type { VerificationReports } from './verification-findings.ts';
import type { HashedArtifact, Verifier } from './verifier.ts';

/**
 * Artifacts that were stored before anything verified them are verified before their next use, once.
 * Costs nothing where there are none: a look into a set when an artifact comes from the disk.
 */
export interface Admission {
  /** False when the artifact was taken out of the tree, because it is not what it should be. */
  admit(artifact: HashedArtifact): Promise<boolean>;
  /** The same for one that was admitted before and is in doubt now. */
  judgeAgain(artifact: HashedArtifact): Promise<boolean>;
}

export interface AdmissionNeeds {
  readonly files: Files;
  readonly random: Random;
  readonly logger: Logger;
  readonly facts: VerificationFacts;
  readonly verifier: Verifier;
  readonly reports: VerificationReports;
  /** Hash of the stored file as go.sum has it; undefined when it is not sound. */
  readonly hash: (artifact: HashedArtifact, file: string) => Promise<string | undefined>;
}

export function createAdmission(
  needs: AdmissionNeeds,
  settings: { readonly tree: string; readonly refused: string; readonly unverified: number },
): Admission {
  const { facts, files, logger } = needs;
  const judging = new Map<string, Promise<boolean>>();
  const known = load();

  /** The keys, or how to ask for each when they are too many. */
  async function load(): Promise<Set<string> | 'ask'> {
    try {
      const keys = await facts.unverified(settings.unverified);
      return keys === undefined ? 'ask' : new Set(keys);
    } catch (error) {
      logger.warn('unverified artifacts could not be counted', { error: String(error) });
      return 'ask';
    }
  }

  async function isUnverified(key: string): Promise<boolean> {
    const keys = await known;
    if (keys !== 'ask') return keys.has(key);
    try {
      return await facts.isUnverified(key);
    } catch {
      // Whether it is cannot be known without the facts: then it is treated as if it were.
      return true;
    }
  }

  async function remember(key: string, state: 'verified' | 'first-seen'): Promise<void> {
    await facts.judged(key, state);
    const keys = await known;
    if (keys !== 'ask') keys.delete(key);
  }

  async function judge(artifact: HashedArtifact): Promise<boolean> {
    const { key } = artifact;
    const evidence = await needs.verifier.evidence(artifact);
    if (evidence.kind !== 'record') {
      // Bytes that were stored are what was first seen; whether that was right nobody can say now.
      if (evidence.kind === 'new') await remember(key, 'first-seen');
      return true;
    }
    const file = `${settings.tree}/${key}`;
    const got = await needs.hash(artifact, file);
    if (got === evidence.hash) {
      await remember(key, 'verified');
      return true;
    }
    const { hash: expected, database: source } = evidence;
    const keptAt = `${settings.refused}/${key}.${needs.random.bytes(6).toString('hex')}`;
    const problem = `the store has ${got ?? 'what is not sound'}, but ${source} has ${expected} (stored-hash-mismatch)`;
    const finding = 'stored-hash-mismatch';
    needs.reports.refused({ finding, key, upstream: 'the store', problem, source, expected });
    await files.rename(file, keptAt);
    await facts.withdrawn(key);
    const keys = await known;
    if (keys !== 'ask') keys.delete(key);
    return false;
  }

  async function judgeAgain(artifact: HashedArtifact): Promise<boolean> {
    const { key } = artifact;
    const present = judging.get(key);
    if (present !== undefined) return present;
    const judged = judge(artifact).finally(() => judging.delete(key));
    judging.set(key, judged);
    return judged;
  }

  return {
    admit: async (artifact) => !(await isUnverified(artifact.key)) || judgeAgain(artifact),
    judgeAgain,
  };
}

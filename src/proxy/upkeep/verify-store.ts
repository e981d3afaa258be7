import { createHash } from 'node:crypto';
import type { Finding } from '../../finding/index.ts';
import { isProgramError } from '../../platform/index.ts';
import type { Damage, Storage } from '../storage/index.ts';
import { damageFinding } from './damage-finding.ts';
import type { LastUses } from './last-uses.ts';
import { listVersions } from './list-versions.ts';
import type { Pace } from './pace.ts';

export interface VerifyReport {
  readonly dryRun: boolean;
  readonly artifacts: number;
  readonly bytes: number;
  /** How many were not what was stored: taken out of the tree, unless it was a dry run. */
  readonly damaged: number;
  /** Of these, what upstreams gave again. */
  readonly repaired: number;
  /** False when it was asked to stop before the end. */
  readonly isComplete: boolean;
  /** One for each that is damaged; of very many the first. */
  readonly findings: readonly Finding[];
}

/** How far a look at the whole store has come. */
export interface UpkeepProgress {
  readonly versions: number;
  readonly bytes: number;
}

export interface VerifyNeeds {
  readonly storage: Storage;
  readonly uses: LastUses;
  /** Fetches an artifact again; false when no upstream may be asked or none gave the same bytes. */
  readonly refetch: (key: string) => Promise<boolean>;
  /** What was found wrong with it lately. */
  readonly damageOf: (key: string) => Damage | undefined;
}

export interface VerifyOptions {
  /** For the words of the findings: damage is left where it is. */
  readonly dryRun: boolean;
  readonly pace: Pace | undefined;
  readonly progress: ((progress: UpkeepProgress) => void) | undefined;
  readonly signal: AbortSignal;
}

/** Of one read. */
const PIECE_BYTES = 1024 * 1024;
/** A report is read by people; more damage than this is a dead disk. */
const MAXIMUM_FINDINGS = 1000;

/** Reads and hashes every artifact; what is damaged leaves the tree and is fetched again where possible. */
export async function verifyStore(
  needs: VerifyNeeds,
  { dryRun, pace, progress, signal }: VerifyOptions,
): Promise<VerifyReport> {
  const findings: Finding[] = [];
  const sum = { versions: 0, artifacts: 0, bytes: 0, damaged: 0, repaired: 0 };
  for await (const { path, version, files } of listVersions(needs, signal)) {
    for (const { key, size } of files) {
      if (signal.aborted) break;
      const problem = await problemOf(needs, key);
      await pace?.spend(size);
      sum.artifacts += 1;
      sum.bytes += size;
      if (problem === undefined) continue;
      const isRepaired = !dryRun && (await needs.refetch(key));
      sum.damaged += 1;
      sum.repaired += isRepaired ? 1 : 0;
      if (findings.length >= MAXIMUM_FINDINGS) continue;
      const { keptAt } = needs.damageOf(key) ?? {};
      const fate = dryRun ? 'left' : isRepaired ? 'repaired' : 'removed';
      findings.push(damageFinding({ path, version, key, problem, fate, keptAt }));
    }
    sum.versions += 1;
    progress?.({ versions: sum.versions, bytes: sum.bytes });
  }
  const { versions: _, ...counts } = sum;
  return { dryRun, ...counts, isComplete: !signal.aborted, findings };
}

/** What is wrong with a stored artifact; what somebody removed meanwhile is right. */
async function problemOf(needs: VerifyNeeds, key: string): Promise<string | undefined> {
  try {
    const stored = await needs.storage.open(key);
    if (stored === undefined) {
      return needs.damageOf(key)?.problem;
    }
    try {
      const hash = createHash('sha256');
      const buffer = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, Math.max(stored.size, 1)));
      for (let position = 0; position < stored.size;) {
        const count = await stored.read(buffer, position);
        hash.update(buffer.subarray(0, count));
        position += count;
      }
      if (hash.digest('hex') === stored.sha256) return undefined;
      await stored.accuse(NOT_WHOLE);
      return NOT_WHOLE;
    } finally {
      await stored.close();
    }
  } catch (error) {
    // A disk that cannot read it, too: the other artifacts are looked at all the same.
    if (isProgramError(error)) return needs.damageOf(key)?.problem ?? error.message;
    throw error;
  }
}

const NOT_WHOLE = 'the whole is not what was stored';

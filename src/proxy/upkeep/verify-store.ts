import { createHash } from 'node:crypto';
import { isProgramError } from '../../platform/index.ts';
import type { Storage } from '../storage/index.ts';
import type { LastUses } from './last-uses.ts';
import { listVersions } from './list-versions.ts';
import type { Pace } from './pace.ts';

export interface VerifyReport {
  readonly artifacts: number;
  readonly bytes: number;
  /** Keys that were found damaged: taken out of the tree. */
  readonly damaged: readonly string[];
  /** Of these, what upstreams gave again. */
  readonly repaired: readonly string[];
  /** False when it was asked to stop before the end. */
  readonly isComplete: boolean;
}

export interface VerifyNeeds {
  readonly storage: Storage;
  readonly uses: LastUses;
  /** Fetches an artifact again; false when no upstream may be asked or none gave the same bytes. */
  readonly refetch: (key: string) => Promise<boolean>;
  /** Lately, and taken out of the tree for it. */
  readonly wasDamaged: (key: string) => boolean;
}

/** Of one read. */
const PIECE_BYTES = 1024 * 1024;
/** A report is read by people; more damage than this is a dead disk. */
const MAXIMUM_NAMED = 10_000;

/** Reads and hashes every artifact; what is damaged leaves the tree and is fetched again where possible. */
export async function verifyStore(
  needs: VerifyNeeds,
  pace: Pace | undefined,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const damaged: string[] = [];
  const repaired: string[] = [];
  let artifacts = 0;
  let bytes = 0;
  for await (const { files } of listVersions(needs, signal)) {
    for (const { key, size } of files) {
      if (signal.aborted) break;
      artifacts += 1;
      bytes += size;
      const isRight = await readWhole(needs, key);
      await pace?.spend(size);
      if (isRight || damaged.length >= MAXIMUM_NAMED) continue;
      damaged.push(key);
      if (await needs.refetch(key)) repaired.push(key);
    }
  }
  return { artifacts, bytes, damaged, repaired, isComplete: !signal.aborted };
}

/** False when it was taken out of the tree; what somebody removed meanwhile is right. */
async function readWhole(needs: VerifyNeeds, key: string): Promise<boolean> {
  const stored = await needs.storage.open(key);
  if (stored === undefined) {
    return !needs.wasDamaged(key);
  }
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, Math.max(stored.size, 1)));
    for (let position = 0; position < stored.size;) {
      const count = await stored.read(buffer, position);
      hash.update(buffer.subarray(0, count));
      position += count;
    }
    if (hash.digest('hex') === stored.sha256) return true;
    await stored.accuse('the whole is not what was stored');
    return false;
  } catch (error) {
    if (isProgramError(error)) return false;
    throw error;
  } finally {
    await stored.close();
  }
}

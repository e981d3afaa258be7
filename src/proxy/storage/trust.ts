import { createHash } from 'node:crypto';
import type { Logger } from '../../platform/index.ts';
import { BLOCK_BYTES, createBlockSummer, findDamage } from './block-sums.ts';
import type { BlockSums } from './block-sums.ts';
import type { SumsFiles } from './sums-files.ts';

export interface Checked {
  readonly sums: BlockSums;
  /** Undefined when the bytes are what was stored. */
  readonly problem: string | undefined;
}

/** Judges artifacts of which no sums are recorded, or of which the record was lost. */
export interface Trust {
  /** Records the sums of the whole file, unless what was first seen says something else. */
  adopt(key: string, read: BlockSums): Promise<Checked>;
}

export function createTrust(needs: {
  readonly sums: SumsFiles;
  readonly logger: Logger;
  readonly recall: (key: string) => Promise<string | undefined>;
}): Trust {
  return {
    async adopt(key, read) {
      const known = await needs.recall(key);
      if (known !== undefined && known !== read.sha256) {
        return { sums: read, problem: 'the whole is not what was first seen' };
      }
      try {
        await needs.sums.append(key, read);
      } catch (error) {
        // A disk that takes no change: the next read begins anew.
        needs.logger.debug('sums were not recorded', { key, error: String(error) });
      }
      return { sums: read, problem: undefined };
    },
  };
}

export function sumBytes(bytes: Uint8Array): BlockSums {
  const summer = createBlockSummer();
  summer.update(bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { size: bytes.length, sha256, blocks: summer.blocks() };
}

/** Why these are not the bytes that were summed, or undefined. */
export function problemOf(sums: BlockSums, bytes: Uint8Array): string | undefined {
  const wrongSize = problemOfSize(sums, bytes.length);
  if (wrongSize !== undefined) {
    return wrongSize;
  }
  const block = findDamage(sums, bytes);
  return block === undefined
    ? undefined
    : `the 64 KiB from ${block * BLOCK_BYTES} on are not what was stored`;
}

export function problemOfSize(sums: BlockSums, size: number): string | undefined {
  return size === sums.size ? undefined : `it has ${size} bytes instead of ${sums.size}`;
}

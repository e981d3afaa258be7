import { createHash } from 'node:crypto';
import type { Files, GrowingFile } from '../../platform/index.ts';
import { createBlockSummer } from './block-sums.ts';
import type { BlockSums } from './block-sums.ts';
import type { Draft } from './storage.ts';
import type { SumsFiles } from './sums-files.ts';

export interface DraftNeeds {
  readonly files: Files;
  readonly sums: SumsFiles;
  readonly pathOf: (key: string) => string;
  /** Told after each commit. */
  readonly committed: (key: string) => void;
}

/** Of the file when it has to be read again. */
const PIECE_BYTES = 1024 * 1024;

/** A file that grows in the scratch directory, summed while it does. */
export function createStoredDraft(needs: DraftNeeds, file: GrowingFile): Draft {
  const { files, sums } = needs;
  const summer = createBlockSummer();
  let isCommitted = false;
  let isReleased = false;

  async function sumsOf(sha256: string | undefined): Promise<BlockSums> {
    const size = (await files.status(file.path))?.size;
    // What others wrote into the file, before us or beside us, has not been summed.
    if (sha256 !== undefined && size === summer.size) {
      return { size, sha256, blocks: summer.blocks() };
    }
    return readSums(file);
  }

  return {
    file: {
      ...file,
      async write(bytes) {
        summer.update(bytes);
        await file.write(bytes);
      },
    },
    async commit(key, sha256) {
      await file.sync();
      await sums.append(key, await sumsOf(sha256));
      await files.rename(file.path, needs.pathOf(key));
      isCommitted = true;
      needs.committed(key);
    },
    async release() {
      if (isReleased) {
        return;
      }
      isReleased = true;
      await file.close();
      if (!isCommitted) {
        await files.remove(file.path);
      }
    },
  };
}

/** The sums of a file as it is now. */
export async function readSums(file: {
  read(buffer: Uint8Array, position: number): Promise<number>;
}): Promise<BlockSums> {
  const summer = createBlockSummer();
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  for (;;) {
    const piece = buffer.subarray(0, await file.read(buffer, summer.size));
    if (piece.length === 0) {
      return { size: summer.size, sha256: hash.digest('hex'), blocks: summer.blocks() };
    }
    summer.update(piece);
    hash.update(piece);
  }
}

import { ProgramError } from '../../platform/index.ts';
import type { ReadableFile } from '../../platform/index.ts';
import { BLOCK_BYTES, isBlockRight } from './block-sums.ts';
import type { BlockSums } from './block-sums.ts';
import type { StoredArtifact } from './storage.ts';

/** Says that a block is not what was stored, and takes the artifact out of the tree. */
export type Accuse = (problem: string) => Promise<void>;

/** A large artifact of which no byte is given out before its block was compared with the recorded sum. */
export function createCheckedArtifact(
  file: ReadableFile,
  sums: BlockSums,
  accuse: Accuse,
): StoredArtifact {
  const { size } = sums;

  async function readBlocks(into: Uint8Array, first: number): Promise<void> {
    const count = await file.read(into, first * BLOCK_BYTES);
    for (let offset = 0; offset < into.length; offset += BLOCK_BYTES) {
      const block = first + offset / BLOCK_BYTES;
      if (!isBlockRight(sums, block, into.subarray(offset, count))) {
        const problem = `the 64 KiB from ${block * BLOCK_BYTES} on are not what was stored`;
        await accuse(problem);
        throw damaged(problem);
      }
    }
  }

  return {
    size,
    modifiedMilliseconds: file.status.modifiedMilliseconds,
    sha256: sums.sha256,
    accuse,
    async read(buffer, position) {
      const end = Math.min(position + buffer.length, size);
      if (end <= position) {
        return 0;
      }
      const first = Math.floor(position / BLOCK_BYTES);
      const last = Math.ceil(end / BLOCK_BYTES);
      const start = first * BLOCK_BYTES;
      const whole = Math.min(last * BLOCK_BYTES, size) - start;
      if (start === position && whole === end - position) {
        await readBlocks(buffer.subarray(0, whole), first);
      } else {
        // The blocks at the edges are read whole, because only a whole block can be compared.
        const blocks = Buffer.allocUnsafeSlow(whole);
        await readBlocks(blocks, first);
        buffer.set(blocks.subarray(position - start, end - start));
      }
      return end - position;
    },
    close: async () => file.close(),
  };
}

function damaged(problem: string): ProgramError {
  return new ProgramError({
    code: 'artifact-damaged',
    kind: 'verification-failed',
    message: `a stored artifact is damaged: ${problem}`,
    hint: 'it was taken out of the store and is fetched again when somebody asks; see whether the disk is failing',
  });
}

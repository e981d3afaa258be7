import { createCipheriv } from 'node:crypto';
import { seedNumber } from '../seeded-random.ts';
import type { Body } from './body.ts';

/** Larger than any compressor's usual window, so that the repeats do not compress. */
const BLOCK_BYTES = 1 << 20;
/** What one write hands to the socket: large enough to be cheap, small enough to pace. */
const PIECE_BYTES = 256 << 10;

/** Incompressible bytes of any length without holding them: one block, read round and round. */
export interface Noise {
  /** The same name gives the same bytes. */
  body(name: string, length: number): Body;
}

export function createNoise(): Noise {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16));
  const block = cipher.update(Buffer.alloc(BLOCK_BYTES));
  return {
    body(name, length) {
      const phase = seedNumber(name) % BLOCK_BYTES;
      return { length, pieces: (start, end) => pieces(block, phase, start, Math.min(end, length)) };
    },
  };
}

function* pieces(block: Buffer, phase: number, start: number, end: number): Generator<Buffer> {
  let position = start;
  while (position < end) {
    const from = (phase + position) % BLOCK_BYTES;
    const size = Math.min(PIECE_BYTES, BLOCK_BYTES - from, end - position);
    yield block.subarray(from, from + size);
    position += size;
  }
}

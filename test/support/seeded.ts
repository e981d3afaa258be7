import { createHash } from 'node:crypto';

/** Numbers that are the same for the same seed on every machine. */
export interface SeededRandom {
  fraction(): number;
  /** A whole number from 0 up to, not including, `below`. */
  whole(below: number): number;
}

export function createSeeded(seed: string): SeededRandom {
  let state = createHash('sha256').update(seed).digest().readUInt32BE(0);
  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  return { fraction, whole: (below) => Math.floor(fraction() * below) };
}

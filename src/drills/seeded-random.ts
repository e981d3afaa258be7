import { createHash } from 'node:crypto';

/** Numbers that are the same for the same seed on every machine. Not for secrets. */
export interface SeededRandom {
  /** From 0 up to, not including, 1. */
  fraction(): number;
  /** A whole number from 0 up to, not including, `below`. */
  whole(below: number): number;
  /** Standard normal. */
  normal(): number;
}

/** A small linear congruence over 32 bits (mulberry32): quick, and good enough to spread test data. */
export function createSeededRandom(seed: string): SeededRandom {
  let state = seedNumber(seed);
  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  return {
    fraction,
    whole: (below) => Math.floor(fraction() * below),
    // Box and Muller; 1 - fraction() is never 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction()),
  };
}

/** 32 bits of the seed's hash. */
export function seedNumber(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE(0);
}

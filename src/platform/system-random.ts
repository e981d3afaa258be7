import { randomBytes } from 'node:crypto';
import type { Random } from './random.ts';

export function createSystemRandom(): Random {
  return {
    fraction: () => Math.random(),
    bytes: (count) => randomBytes(count),
  };
}

import type { Scenario } from './scenario.ts';

/**
 * Which logs the author of the rules may look at. Seeds with an odd number are `train`, the others `held-out`; of an
 * id with several scenarios every second one is held out whole, so that a way to fail is new there and not only its names.
 */
export function splitOf(
  scenarios: readonly Scenario[],
  index: number,
  seed: string,
): 'train' | 'held-out' | 'none' {
  const scenario = scenarios[index];
  const before = scenarios.slice(0, index).filter((one) => one.id === scenario?.id).length;
  if (Number(seed) % 2 === 0) return 'held-out';
  return before % 2 === 1 ? 'none' : 'train';
}

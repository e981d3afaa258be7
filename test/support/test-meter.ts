import type { Meter } from '../../src/platform/index.ts';

/** A meter whose values a test can read: `name{label values}`. */
export interface TestMeter extends Meter {
  value(name: string, ...labels: readonly string[]): number;
}

export function createTestMeter(): TestMeter {
  const values = new Map<string, number>();
  const keyOf = (name: string, labels: readonly string[]): string => `${name}{${labels.join()}}`;
  function bind(name: string): (...labels: readonly string[]) => {
    set(value: number): void;
    add(amount?: number): void;
    record(): void;
  } {
    return (...labels) => {
      const key = keyOf(name, labels);
      const add = (amount = 1): void => void values.set(key, (values.get(key) ?? 0) + amount);
      return { set: (value) => void values.set(key, value), add, record: () => add() };
    };
  }
  return {
    counter: (name) => ({ with: bind(name) }),
    gauge: (name) => ({ with: bind(name) }),
    observe: () => undefined,
    histogram: (name) => ({ with: bind(name) }),
    value: (name, ...labels) => values.get(keyOf(name, labels)) ?? 0,
  };
}

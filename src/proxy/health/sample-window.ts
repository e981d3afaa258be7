import type { Clock } from '../../platform/index.ts';

/** Successes and failures of the last while, in slices that fall out one by one. */
export interface SampleWindow {
  add(isFailure: boolean): void;
  read(): { readonly count: number; readonly failures: number };
  clear(): void;
}

/** Ten: a tenth of the window is forgotten at a time. */
const SLICES = 10;

interface Slice {
  readonly number: number;
  count: number;
  failures: number;
}

export function createSampleWindow(clock: Clock, milliseconds: number): SampleWindow {
  let slices: Slice[] = [];

  function current(): number {
    return Math.floor(clock.monotonicMilliseconds() / (milliseconds / SLICES));
  }

  return {
    add(isFailure) {
      const number = current();
      let slice = slices.at(-1);
      if (slice?.number !== number) {
        slice = { number, count: 0, failures: 0 };
        slices = slices.filter((one) => one.number > number - SLICES);
        slices.push(slice);
      }
      slice.count += 1;
      slice.failures += isFailure ? 1 : 0;
    },
    read() {
      const oldest = current() - SLICES;
      let count = 0;
      let failures = 0;
      for (const slice of slices) {
        if (slice.number > oldest) {
          count += slice.count;
          failures += slice.failures;
        }
      }
      return { count, failures };
    },
    clear() {
      slices = [];
    },
  };
}

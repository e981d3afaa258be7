import type { Logger, Meter } from '../platform/index.ts';
import type { Damage } from './storage/index.ts';

/** Says that a stored artifact was damaged: to people in the log, to alarms as a counter. */
export interface DamageReports {
  report(damage: Damage): void;
  /** Since the start, as far as it is remembered. */
  wasDamaged(key: string): boolean;
}

/** More damage than this is a dead disk. */
const MAXIMUM_REMEMBERED = 10_000;

export function createDamageReports(needs: {
  readonly logger: Logger;
  readonly meter: Meter;
}): DamageReports {
  const counter = needs.meter.counter(
    'cofferdam_store_damaged_total',
    'Stored artifacts that were found damaged, taken out of the tree and never served.',
  );
  const keys = new Set<string>();
  return {
    report({ key, problem, keptAt }) {
      if (keys.size >= MAXIMUM_REMEMBERED) keys.clear();
      keys.add(key);
      counter.with().add();
      needs.logger.error('a stored artifact is damaged', {
        finding: 'artifact-damaged',
        key,
        problem,
        keptAt: keptAt ?? 'still in the tree, which takes no change',
      });
    },
    wasDamaged: (key) => keys.has(key),
  };
}

import type { Logger, Meter } from '../platform/index.ts';
import type { Damage } from './storage/index.ts';

/** Says that a stored artifact was damaged: to people in the log, to alarms as a counter. */
export interface DamageReports {
  report(damage: Damage): void;
  /** The last since the start, as far as it is remembered. */
  damageOf(key: string): Damage | undefined;
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
  const known = new Map<string, Damage>();
  return {
    report(damage) {
      const { key, problem, keptAt } = damage;
      if (known.size >= MAXIMUM_REMEMBERED) known.clear();
      known.set(key, damage);
      counter.with().add();
      needs.logger.error('a stored artifact is damaged', {
        finding: 'artifact-damaged',
        key,
        problem,
        keptAt: keptAt ?? 'still in the tree, which takes no change',
      });
    },
    damageOf: (key) => known.get(key),
  };
}

import type { Logger, Meter } from '../platform/index.ts';
import type { Damage } from './storage/index.ts';

/** Says that a stored artifact was damaged: to people in the log, to alarms as a counter. */
export function createDamageReports(needs: {
  readonly logger: Logger;
  readonly meter: Meter;
}): (damage: Damage) => void {
  const counter = needs.meter.counter(
    'cofferdam_store_damaged_total',
    'Stored artifacts that were found damaged, taken out of the tree and never served.',
  );
  return ({ key, problem, keptAt }) => {
    counter.with().add();
    needs.logger.error('a stored artifact is damaged', {
      finding: 'artifact-damaged',
      key,
      problem,
      keptAt: keptAt ?? 'still in the tree, which takes no change',
    });
  };
}

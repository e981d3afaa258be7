import type { Clock, Meter } from '../../platform/index.ts';
import type { RequestRecord } from '../requests/index.ts';

/** Hits that wait to be told to the engine, which keeps the record of requests. */
export interface HitRecords {
  add(record: RequestRecord): void;
  /** Those since the last time. */
  take(): readonly RequestRecord[];
}

export interface HitRecordsSettings {
  /** As many at once as the engine would record of a whole build. */
  readonly burst: number;
  /** After that. */
  readonly perSecond: number;
}

export function createHitRecords(
  needs: { readonly clock: Clock; readonly meter: Pick<Meter, 'counter'> },
  settings: HitRecordsSettings,
): HitRecords {
  const { clock } = needs;
  const dropped = needs.meter
    .counter(
      'cofferdam_request_records_dropped_total',
      'Answered requests that were not recorded: hits above the limit, and what the database did not take.',
      ['reason'],
    )
    .with('limit');
  let waiting: RequestRecord[] = [];
  let left = settings.burst;
  let refilled = clock.monotonicMilliseconds();
  return {
    add(record) {
      if (left < 1) {
        dropped.add();
        return;
      }
      left -= 1;
      waiting.push(record);
    },
    take() {
      const now = clock.monotonicMilliseconds();
      left = Math.min(settings.burst, left + ((now - refilled) / 1000) * settings.perSecond);
      refilled = now;
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}

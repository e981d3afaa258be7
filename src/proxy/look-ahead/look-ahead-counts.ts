import type { Meter } from '../../platform/index.ts';

export type AheadOutcome = 'useful' | 'wasted' | 'absent' | 'failed' | 'cancelled';

export interface LookAheadCounts {
  told(kind: string, outcome: AheadOutcome, bytes?: number): void;
  received(bytes: number): void;
}

/** Waste must be seen: what is fetched ahead is somebody's traffic. */
export function createLookAheadCounts(meter: Meter, pending: () => number): LookAheadCounts {
  const artifacts = meter.counter(
    'cofferdam_look_ahead_total',
    'Artifacts fetched before a client asked, by kind and by what became of them.',
    ['kind', 'outcome'],
  );
  const bytesReceived = meter.counter(
    'cofferdam_look_ahead_bytes_total',
    'Bytes of artifacts fetched before a client asked.',
  );
  const bytesWasted = meter.counter(
    'cofferdam_look_ahead_wasted_bytes_total',
    'Bytes of artifacts fetched ahead that no client asked for in time.',
  );
  meter.observe(
    'cofferdam_look_ahead_pending',
    'Artifacts fetched or being fetched ahead that no client has asked for yet.',
    pending,
  );
  return {
    told(kind, outcome, bytes = 0) {
      artifacts.with(kind, outcome).add();
      if (outcome === 'wasted') {
        bytesWasted.with().add(bytes);
      }
    },
    received(bytes) {
      bytesReceived.with().add(bytes);
    },
  };
}

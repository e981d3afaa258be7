import type { FaultRule, Hop, HopRule, Origin } from '../../src/drills/index.ts';

/** What the first upstream suffers for a while; the second one has its own small troubles. */
interface Weather {
  readonly name: string;
  readonly faults?: readonly FaultRule[];
  readonly hop?: readonly HopRule[];
  readonly down?: boolean;
}

const SHARE = 0.1;

const WEATHERS: readonly Weather[] = [
  { name: 'fair' },
  { name: '503', faults: [{ share: SHARE, fault: { kind: 'status', status: 503 } }] },
  { name: '429', faults: [{ share: SHARE, fault: { kind: 'status', status: 429 } }] },
  { name: 'resets', faults: [{ share: SHARE, fault: { kind: 'reset', afterBytes: 500 } }] },
  {
    name: 'cut bodies',
    faults: [{ share: SHARE, fault: { kind: 'cut', afterBytes: 500, framing: 'length' } }],
  },
  {
    name: 'bodies that look whole',
    faults: [
      {
        share: SHARE,
        kinds: ['zip'],
        fault: { kind: 'cut', afterBytes: 500, framing: 'chunked-whole' },
      },
    ],
  },
  { name: 'HTML', faults: [{ share: SHARE, fault: { kind: 'html' } }] },
  {
    name: 'altered',
    faults: [{ share: SHARE, kinds: ['mod', 'zip'], fault: { kind: 'altered' } }],
  },
  { name: 'stalls', faults: [{ share: 0.02, fault: { kind: 'stall', afterBytes: 300 } }] },
  { name: 'late', hop: [{ fault: { kind: 'latency', milliseconds: 200 } }] },
  { name: 'narrow', hop: [{ fault: { kind: 'bandwidth', bytesPerSecond: 200_000 } }] },
  { name: 'sliced', hop: [{ fault: { kind: 'slicing', bytes: 500, pauseMilliseconds: 1 } }] },
  { name: 'broken lines', hop: [{ share: 0.3, fault: { kind: 'reset', afterBytes: 20_000 } }] },
  { name: 'silence', hop: [{ share: 0.3, fault: { kind: 'silence', afterBytes: 10_000 } }] },
  { name: 'down', down: true },
];

export interface Sky {
  /** The next kind of trouble, in a fixed order. */
  change(): Promise<string>;
}

export function createSky(origin: Origin, hop: Hop): Sky {
  let number = 0;
  let isDown = false;
  return {
    async change() {
      const weather = WEATHERS[number % WEATHERS.length];
      number += 1;
      if (weather === undefined) return '';
      if (isDown) await hop.comeUp();
      isDown = weather.down === true;
      if (isDown) await hop.goDown();
      origin.setFaults(weather.faults ?? []);
      hop.setFaults(weather.hop ?? []);
      return weather.name;
    },
  };
}

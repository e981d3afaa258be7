import { createSeededRandom } from '../seeded-random.ts';
import { bandwidth } from './bandwidth.ts';
import { latency } from './latency.ts';
import { reset } from './reset.ts';
import { silence } from './silence.ts';
import { slicing } from './slicing.ts';
import type { BandwidthSettings } from './bandwidth.ts';
import type { LatencySettings } from './latency.ts';
import type { ResetSettings } from './reset.ts';
import type { SilenceSettings } from './silence.ts';
import type { SlicingSettings } from './slicing.ts';
import type { Stage } from './stage.ts';

/** What goes wrong with a connection: plain data, so that scripts can send it. */
export type HopFault =
  | BandwidthSettings
  | LatencySettings
  | ResetSettings
  | SilenceSettings
  | SlicingSettings;

/** Which connections a fault meets; every rule that fits takes part, in order. */
export interface HopRule {
  /** Under which it is counted; the fault's kind when left out. */
  readonly name?: string;
  /** `down` is towards the client, and the default. */
  readonly direction?: 'down' | 'up';
  /** Meets this share of the connections, by the hop's seed. */
  readonly share?: number;
  /** Lets the first connections pass. */
  readonly skip?: number;
  /** Ends after so many connections. */
  readonly times?: number;
  /** Ends so long after the first connection. */
  readonly forMilliseconds?: number;
  readonly fault: HopFault;
}

export interface ChosenStages {
  readonly down: readonly Stage[];
  readonly up: readonly Stage[];
}

export interface HopRules {
  set(rules: readonly HopRule[]): void;
  /** For one new connection; counts it. */
  choose(): ChosenStages;
  /** Connections met so far, by the rule's name. */
  met(): Readonly<Record<string, number>>;
}

export function createHopRules(seed: string, now: () => number): HopRules {
  let entries: { readonly rule: HopRule; seen: number; met: number; firstSeen: number }[] = [];
  let random = createSeededRandom(seed);
  return {
    set(rules) {
      random = createSeededRandom(seed);
      entries = rules.map((rule) => ({ rule, seen: 0, met: 0, firstSeen: 0 }));
    },
    choose() {
      const chosen = entries.filter((entry) => {
        const { rule } = entry;
        if (entry.seen === 0) entry.firstSeen = now();
        entry.seen++;
        if (entry.seen <= (rule.skip ?? 0) || entry.met >= (rule.times ?? Infinity)) return false;
        if (now() - entry.firstSeen >= (rule.forMilliseconds ?? Infinity)) return false;
        if (rule.share !== undefined && random.fraction() >= rule.share) return false;
        entry.met++;
        return true;
      });
      const up = chosen.filter(({ rule }) => rule.direction === 'up');
      const down = chosen.filter(({ rule }) => rule.direction !== 'up');
      return {
        up: up.map(({ rule }) => stageOf(rule.fault)),
        down: down.map(({ rule }) => stageOf(rule.fault)),
      };
    },
    met() {
      const counts: Record<string, number> = {};
      for (const { rule, met } of entries) {
        const name = rule.name ?? rule.fault.kind;
        counts[name] = (counts[name] ?? 0) + met;
      }
      return counts;
    },
  };
}

function stageOf(fault: HopFault): Stage {
  switch (fault.kind) {
    case 'bandwidth':
      return bandwidth(fault);
    case 'latency':
      return latency(fault);
    case 'reset':
      return reset(fault);
    case 'silence':
      return silence(fault);
    default:
      return slicing(fault);
  }
}

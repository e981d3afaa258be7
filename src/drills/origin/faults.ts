import { createSeededRandom } from './seeded-random.ts';
import type { RequestKind, Route } from './route.ts';

/** What goes wrong with an answer: plain data, so that scripts can send it. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** A page of a captive portal, with 200. */
  | { readonly kind: 'html' }
  /**
   * The body ends early. `length`: the full Content-Length was promised, then the connection
   * closes. `chunked`: chunks without the last one. `none`: no length at all, so that the short
   * body looks whole.
   */
  | {
      readonly kind: 'cut';
      readonly afterBytes: number;
      readonly framing: 'length' | 'chunked' | 'none';
    }
  /** Silence until the client goes away; without `afterBytes` not even headers come. */
  | { readonly kind: 'stall'; readonly afterBytes?: number }
  /** TCP reset; without `afterBytes` before the headers. */
  | { readonly kind: 'reset'; readonly afterBytes?: number }
  /** One byte changed; a negative offset counts from the end. */
  | { readonly kind: 'flip'; readonly offset: number }
  /** A zip whose entries stand under another module's prefix. */
  | { readonly kind: 'wrong-prefix'; readonly prefix?: string }
  | { readonly kind: 'zip-bomb'; readonly unpackedBytes: number; readonly honest: boolean }
  | {
      readonly kind: 'redirect';
      readonly to: string;
      readonly status?: 301 | 302 | 303 | 307 | 308;
    }
  /** `.info` (or latest) of another version. */
  | { readonly kind: 'wrong-info'; readonly version: string }
  /** Content-Encoding: gzip though nobody asked. */
  | { readonly kind: 'gzip' }
  /** The right answer, late. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The right answer, at this speed. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** Any other bytes with 200. */
  | { readonly kind: 'replace'; readonly body: string };

/** Which requests a fault meets. The first rule that fits wins. */
export interface FaultRule {
  /** A path with `*` for any characters; all paths when left out. */
  readonly path?: string;
  readonly kinds?: readonly RequestKind[];
  /** Lets the first requests that fit pass. */
  readonly skip?: number;
  /** Ends after so many. */
  readonly times?: number;
  /** Meets this share of the requests that fit, by the origin's seed. */
  readonly share?: number;
  readonly fault: Fault;
}

export interface Faults {
  set(rules: readonly FaultRule[]): void;
  /** Counts the request for its rule. */
  choose(route: Route): Fault | undefined;
}

export function createFaults(seed: string): Faults {
  let rules: {
    readonly rule: FaultRule;
    readonly path: RegExp | undefined;
    seen: number;
    met: number;
  }[] = [];
  let random = createSeededRandom(seed);
  return {
    set(next) {
      random = createSeededRandom(seed);
      rules = next.map((rule) => ({ rule, path: compile(rule.path), seen: 0, met: 0 }));
    },
    choose(route) {
      for (const entry of rules) {
        const { rule, path } = entry;
        if (rule.kinds !== undefined && !rule.kinds.includes(route.kind)) continue;
        if (path !== undefined && !path.test(route.path)) continue;
        entry.seen++;
        if (entry.seen <= (rule.skip ?? 0)) continue;
        if (entry.met >= (rule.times ?? Infinity)) continue;
        if (rule.share !== undefined && random.fraction() >= rule.share) continue;
        entry.met++;
        return rule.fault;
      }
      return undefined;
    },
  };
}

function compile(pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined) return undefined;
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => RegExp.escape(part))
      .join('.*')}$`,
  );
}

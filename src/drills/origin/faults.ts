import { createSeededRandom } from '../seeded-random.ts';
import type { DatabaseLie } from './lying-database.ts';
import type { RequestKind, Route } from './route.ts';

/** What goes wrong with an answer: plain data, so that scripts can send it. */
export type Fault = CommonFault | HostileFault;

/** What networks, mirrors and gateways do by accident. */
export type CommonFault =
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
   * closes. `chunked`: chunks without the last one. `chunked-whole`: with the last one, so that the
   * short body looks whole. `none`: no length at all, and it looks whole as well.
   */
  | {
      readonly kind: 'cut';
      readonly afterBytes: number;
      readonly framing: Framing;
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
  | { readonly kind: 'replace'; readonly body: string }
  /** Well-formed and wrong: a valid zip with other content, a go.mod or a `.info` with another line. */
  | { readonly kind: 'altered' };

/** What only somebody who means harm sends. */
export type HostileFault =
  /** Bytes without end, until the client goes away. */
  | { readonly kind: 'endless' }
  | { readonly kind: 'header-flood'; readonly headers: number; readonly bytesEach: number }
  /** Every answer redirects to itself. */
  | { readonly kind: 'redirect-loop' }
  /** Content-Encoding: gzip, and zeros behind it. */
  | { readonly kind: 'gzip-bomb'; readonly unpackedBytes: number }
  /** The Content-Length is wrong by so many bytes; what is missing never comes. */
  | { readonly kind: 'wrong-length'; readonly by: number }
  /** A list of so many versions. */
  | { readonly kind: 'long-list'; readonly lines: number }
  /** Bytes that are no text in front of the right ones. */
  | { readonly kind: 'invalid-utf8' }
  /** What the checksum database answers is a lie; `lines` of go.sum are what it wants believed. */
  | { readonly kind: 'database-lie'; readonly lie: DatabaseLie; readonly lines?: string };

export type Framing = 'length' | 'chunked' | 'chunked-whole' | 'none';

/** Which requests a fault meets. The first rule that fits wins. */
export interface FaultRule {
  /** Under which it is counted; the fault's kind when left out. */
  readonly name?: string;
  /** A path with `*` for any characters; all paths when left out. */
  readonly path?: string;
  readonly kinds?: readonly RequestKind[];
  /** Lets the first requests that fit pass. */
  readonly skip?: number;
  /** Ends after so many. */
  readonly times?: number;
  /** Meets only the first so many requests of each path. */
  readonly timesPerPath?: number;
  /** Ends so long after the first request that fits. */
  readonly forMilliseconds?: number;
  /** Meets this share of the requests that fit, by the origin's seed. */
  readonly share?: number;
  readonly fault: Fault;
}

/** So that a drill with random paths cannot fill the memory. */
const MAXIMUM_PATHS = 100_000;

export interface Faults {
  set(rules: readonly FaultRule[]): void;
  /** Counts the request for its rule. */
  choose(route: Route): Fault | undefined;
  /** Requests met so far, by the rule's name. */
  met(): Readonly<Record<string, number>>;
}

interface Entry {
  readonly rule: FaultRule;
  readonly path: RegExp | undefined;
  readonly paths: Map<string, number>;
  seen: number;
  met: number;
  firstSeen: number;
}

export function createFaults(seed: string, now: () => number): Faults {
  let entries: readonly Entry[] = [];
  let random = createSeededRandom(seed);

  function meets(entry: Entry, route: Route): boolean {
    const { rule } = entry;
    if (rule.kinds !== undefined && !rule.kinds.includes(route.kind)) return false;
    if (entry.path !== undefined && !entry.path.test(route.path)) return false;
    if (entry.seen === 0) entry.firstSeen = now();
    entry.seen++;
    if (entry.seen <= (rule.skip ?? 0)) return false;
    if (entry.met >= (rule.times ?? Infinity)) return false;
    if (now() - entry.firstSeen >= (rule.forMilliseconds ?? Infinity)) return false;
    if (rule.timesPerPath !== undefined && countPath(entry, route.path) > rule.timesPerPath)
      return false;
    return rule.share === undefined || random.fraction() < rule.share;
  }

  return {
    set(rules) {
      random = createSeededRandom(seed);
      entries = rules.map((rule) => ({
        rule,
        path: compile(rule.path),
        paths: new Map(),
        seen: 0,
        met: 0,
        firstSeen: 0,
      }));
    },
    choose(route) {
      const entry = entries.find((one) => meets(one, route));
      if (entry === undefined) return undefined;
      entry.met++;
      return entry.rule.fault;
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

function countPath(entry: Entry, path: string): number {
  const count = (entry.paths.get(path) ?? 0) + 1;
  if (count > 1 || entry.paths.size < MAXIMUM_PATHS) entry.paths.set(path, count);
  return count;
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

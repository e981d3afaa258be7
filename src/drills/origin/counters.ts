import type { Route } from './route.ts';

/** So that a test with random paths cannot fill the memory. */
const MAXIMUM_PATHS = 100_000;

export interface Count {
  readonly requests: number;
  /** Body bytes handed to the socket. */
  readonly bytes: number;
  /** Requests being answered now. */
  readonly concurrent: number;
  readonly concurrentMaximum: number;
  /** Requests whose client went away, or that a fault broke, before the end. */
  readonly broken: number;
}

export interface Counts {
  readonly total: Count;
  readonly kinds: Readonly<Record<string, Count>>;
  readonly paths: Readonly<Record<string, Count>>;
  /** Requests that a fault met since the rules were set, by the rule's name. */
  readonly faults: Readonly<Record<string, number>>;
}

export interface Counters {
  begin(route: Route): RequestCounter;
  read(): Omit<Counts, 'faults'>;
  reset(): void;
}

export interface RequestCounter {
  sent(bytes: number): void;
  end(broken: boolean): void;
}

type Tally = { -readonly [Name in keyof Count]: Count[Name] };

export function createCounters(): Counters {
  let total = zero();
  let kinds = new Map<string, Tally>();
  let paths = new Map<string, Tally>();
  return {
    begin(route) {
      const tallies = [total, entry(kinds, route.kind), entry(paths, route.path)];
      for (const tally of tallies) {
        tally.requests++;
        tally.concurrent++;
        tally.concurrentMaximum = Math.max(tally.concurrentMaximum, tally.concurrent);
      }
      return {
        sent(bytes) {
          for (const tally of tallies) tally.bytes += bytes;
        },
        end(broken) {
          for (const tally of tallies) {
            tally.concurrent--;
            if (broken) tally.broken++;
          }
        },
      };
    },
    read: () =>
      structuredClone({
        total,
        kinds: Object.fromEntries(kinds),
        paths: Object.fromEntries(paths),
      }),
    reset() {
      total = zero();
      kinds = new Map();
      paths = new Map();
    },
  };
}

function zero(): Tally {
  return { requests: 0, bytes: 0, concurrent: 0, concurrentMaximum: 0, broken: 0 };
}

function entry(tallies: Map<string, Tally>, name: string): Tally {
  const found = tallies.get(name);
  if (found !== undefined) return found;
  const made = zero();
  if (tallies.size < MAXIMUM_PATHS) tallies.set(name, made);
  return made;
}

import type { Route } from './protocol/index.ts';

/** Says that a request failed: to people, or only to whoever looks closely. */
type Report = (level: 'warn' | 'debug') => void;

export interface ParentFailures {
  /** The result is called when the request has ended; without a report it did not fail. */
  begin(client: string | undefined, route: Route): (report?: Report) => void;
}

interface Open {
  readonly key: string;
  readonly parents: readonly string[];
  /** Failures above this path: this one speaks for them if it fails as well. */
  readonly held: Failure[];
  /** A path below has failed and said so. */
  isSpokenFor: boolean;
}

interface Failure {
  readonly of: Open;
  readonly report: Report;
}

/**
 * `go` does not know where in a package path the module ends, so it asks for every path above as well
 * (Go module reference, "Resolving a package to a module"). When upstreams fail all of these fail: for
 * people that is one event, and the longest path is what they wrote.
 */
export function createParentFailures(): ParentFailures {
  /** Those that have failed and are not told yet are among them. */
  const known = new Map<string, Set<Open>>();
  const openBelow = new Map<string, Set<Open>>();

  function tell(failure: Failure): void {
    const { of } = failure;
    const [below] = openBelow.get(of.key) ?? [];
    if (of.isSpokenFor) finish(failure, 'debug');
    else if (below !== undefined) below.held.push(failure);
    else {
      finish(failure, 'warn');
      for (const key of of.parents) {
        for (const parent of known.get(key) ?? []) parent.isSpokenFor = true;
      }
    }
  }

  function finish({ of, report }: Failure, level: 'warn' | 'debug'): void {
    remove(known, of.key, of);
    report(level);
  }

  return {
    begin(client, route) {
      const what = whatOf(route);
      if (what === undefined) return (report) => report?.('warn');
      const keyOf = (path: string): string => `${client ?? ''} ${what.asked} ${path}`;
      const parents = pathsAbove(what.path).map(keyOf);
      const one: Open = { key: keyOf(what.path), parents, held: [], isSpokenFor: false };
      add(known, one.key, one);
      for (const key of parents) add(openBelow, key, one);
      return (report) => {
        for (const key of parents) remove(openBelow, key, one);
        if (report === undefined) remove(known, one.key, one);
        else tell({ of: one, report });
        for (const failure of one.held.toSorted(longestFirst)) {
          if (report === undefined) tell(failure);
          else finish(failure, 'debug');
        }
      };
    },
  };
}

function longestFirst({ of: one }: Failure, { of: other }: Failure): number {
  return other.parents.length - one.parents.length;
}

/** Undefined for what is asked of one path alone. */
function whatOf(route: Route): { readonly path: string; readonly asked: string } | undefined {
  switch (route.kind) {
    case 'list':
    case 'latest':
      return { path: route.path, asked: route.kind };
    case 'query':
      return { path: route.path, asked: `query ${route.query}` };
    default:
      return undefined;
  }
}

/** `a.test/b` and `a.test` of `a.test/b/c`. */
function pathsAbove(path: string): readonly string[] {
  const elements = path.split('/').slice(0, -1);
  return elements.map((_, index) => elements.slice(0, index + 1).join('/'));
}

function add(sets: Map<string, Set<Open>>, key: string, one: Open): void {
  const present = sets.get(key);
  if (present === undefined) sets.set(key, new Set([one]));
  else present.add(one);
}

function remove(sets: Map<string, Set<Open>>, key: string, one: Open): void {
  const present = sets.get(key);
  present?.delete(one);
  if (present?.size === 0) sets.delete(key);
}

import type { Clock } from '../platform/index.ts';
import type { OpenRequest, OpenRequests } from './requests/index.ts';

/** An upstream from which nothing comes while a client waits for it. */
export type Waiting = OpenRequest;

export interface WaitingClients {
  /** One client's request is being answered, until the returned function is called. */
  begin(path: string): () => void;
  readonly count: number;
  /** What clients wait for, the longest silence first. */
  waiting(): readonly Waiting[];
}

interface Client {
  readonly path: string;
  readonly since: number;
}

/**
 * Which of the open requests to upstreams somebody waits for. What is fetched ahead has no client yet, and
 * one that hangs holds nobody up.
 */
export function createWaitingClients(
  clock: Pick<Clock, 'monotonicMilliseconds'>,
  open: Pick<OpenRequests, 'list'>,
): WaitingClients {
  const clients = new Set<Client>();
  return {
    begin(path) {
      const client = { path, since: clock.monotonicMilliseconds() };
      clients.add(client);
      return () => void clients.delete(client);
    },
    get count() {
      return clients.size;
    },
    waiting() {
      if (clients.size === 0) return [];
      const now = clock.monotonicMilliseconds();
      const requests = open.list();
      const found = new Map<string, number>();
      for (const { path, since } of clients) {
        const held = heldUpBy(path, requests);
        if (held === undefined) continue;
        const silent = Math.min(held.silentMilliseconds, now - since);
        found.set(held.url, Math.max(found.get(held.url) ?? 0, silent));
      }
      return [...found]
        .map(([url, silentMilliseconds]) => ({ url, silentMilliseconds }))
        .toSorted((one, other) => other.silentMilliseconds - one.silentMilliseconds);
    },
  };
}

/**
 * The same path below an upstream's base is what it waits for; where several are asked, a byte from any of
 * them is progress. Without one it waits for a checksum or for its turn, and then for whoever is silent
 * longest, unless something still comes.
 */
function heldUpBy(path: string, requests: readonly OpenRequest[]): OpenRequest | undefined {
  const same = requests.filter(({ url }) => url.endsWith(path));
  const candidates = same.length > 0 ? same : requests;
  const [first] = candidates;
  if (first === undefined) return undefined;
  const longest = candidates.reduce((a, b) =>
    b.silentMilliseconds > a.silentMilliseconds ? b : a,
  );
  const silentMilliseconds = Math.min(...candidates.map((one) => one.silentMilliseconds));
  return { url: longest.url, silentMilliseconds };
}

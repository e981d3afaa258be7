import { readBody } from './read-body.ts';
import type { Failed } from './upstream/index.ts';
import { failed, walkUpstreams } from './upstream/index.ts';
import type { Absent, AskNeeds, UpstreamList, WalkSettings } from './upstream/index.ts';

/** One database to relay, as GOSUMDB names it. */
export interface ChecksumDatabase {
  /** May contain a path (P-70). */
  readonly name: string;
  /** The verifier key `name+hash+base64`, when known. */
  readonly key: string | undefined;
  /** Where to ask it directly; undefined: through the upstreams that relay it, else https://NAME. */
  readonly url: string | undefined;
}

export type FetchedResource =
  | { readonly outcome: 'found'; readonly bytes: Buffer; readonly upstream: string }
  | Absent
  | { readonly outcome: 'failed'; readonly failures: readonly Failed[] };

/** Lookups and tiles are small; the largest is a data tile of 256 records. */
const MAXIMUM_RESOURCE_BYTES = 4 * 1024 * 1024;
/** A lookup of a brand-new version can take its database more than 15 s (P-77). */
const RESOURCE_MILLISECONDS = 120_000;
/** Which upstream relays a database hardly ever changes. */
const SUPPORT_MILLISECONDS = 10 * 60 * 1000;

/**
 * Finds where a checksum database can be asked, as `go` does (P-71): the first upstream whose
 * `supported` is 200, else the database itself. Every answer is signed or hashed, so an upstream that
 * fails may always be passed over.
 */
export function createChecksumSources(
  needs: AskNeeds,
  settings: { readonly upstreams: UpstreamList; readonly walk: WalkSettings },
): (
  database: ChecksumDatabase,
  resource: string,
  signal?: AbortSignal,
) => Promise<FetchedResource> {
  const sources = new Map<
    string,
    { readonly bases: Promise<readonly string[]>; readonly until: number }
  >();

  async function basesOf(database: ChecksumDatabase): Promise<readonly string[]> {
    if (database.url !== undefined) {
      return [database.url];
    }
    const now = needs.clock.monotonicMilliseconds();
    const known = sources.get(database.name);
    if (known !== undefined && known.until > now) {
      return known.bases;
    }
    const bases = findBases(database.name);
    sources.set(database.name, { bases, until: now + SUPPORT_MILLISECONDS });
    return bases;
  }

  async function findBases(name: string): Promise<readonly string[]> {
    const answers = await Promise.all(
      settings.upstreams.entries.map(async (entry) => {
        const base = `${entry.base}/sumdb/${name}`;
        return (await ask(base, 'supported')).outcome === 'found' ? base : undefined;
      }),
    );
    const relaying = answers.filter((base) => base !== undefined);
    // With `off` in the list nothing beyond it may be asked.
    return settings.upstreams.end === 'off' ? relaying : [...relaying, `https://${name}`];
  }

  async function ask(
    base: string,
    resource: string,
    signal?: AbortSignal,
  ): Promise<FetchedResource> {
    const kind = base.startsWith('/') ? 'file' : 'http';
    const entry = { kind, base, name: withoutUserInfo(base), fallBackOnError: false } as const;
    const deadline = needs.clock.deadline(RESOURCE_MILLISECONDS, signal);
    const question = { key: resource, signal: deadline, via: undefined };
    const list: UpstreamList = { entries: [entry], end: undefined };
    const answer = await walkUpstreams(needs, settings.walk, list, question, async (found) => {
      const bytes = await readBody(found, MAXIMUM_RESOURCE_BYTES);
      return Buffer.isBuffer(bytes) ? { bytes, upstream: found.upstream } : bytes;
    });
    if (answer.outcome === 'found') {
      return { outcome: 'found', ...answer.result };
    }
    return answer.outcome === 'absent'
      ? answer.absent
      : { outcome: 'failed', failures: answer.failures };
  }

  return async (database, resource, signal) => {
    const failures: Failed[] = [];
    for (const base of await basesOf(database)) {
      const answer = await ask(base, resource, signal);
      // An absence is the database's own word, as for `go`; only a failure moves on.
      if (answer.outcome !== 'failed') {
        return answer;
      }
      failures.push(...answer.failures);
    }
    return {
      outcome: 'failed',
      failures:
        failures.length > 0
          ? failures
          : [failed('the upstream list', 'unavailable', 'no upstream relays it')],
    };
  };
}

function withoutUserInfo(base: string): string {
  return base.replace(/^(https?:\/\/)[^/@]*@/u, '$1');
}

import { withDeadline } from '../platform/index.ts';
import { askInTurn } from './ask-in-turn.ts';
import type { FetchedResource, Inspect } from './checksum/index.ts';
import { readBody } from './read-body.ts';
import { failed, walkUpstreams } from './upstream/index.ts';
import type {
  AskNeeds,
  Failed,
  Found,
  UpstreamList,
  WalkAnswer,
  WalkSettings,
} from './upstream/index.ts';

/** One database to relay, as GOSUMDB names it. */
export interface ChecksumDatabase {
  /** May contain a path (P-70). */
  readonly name: string;
  /** The verifier key `name+hash+base64`, when known. */
  readonly key: string | undefined;
  /** Where to ask it directly; undefined: through the upstreams that relay it, else https://NAME. */
  readonly url: string | undefined;
}

/** Lookups and tiles are small; the largest is a data tile of 256 records. */
const MAXIMUM_RESOURCE_BYTES = 4 * 1024 * 1024;
/** A lookup of a brand-new version can take its database more than 15 s (P-77). */
const RESOURCE_MILLISECONDS = 120_000;
/**
 * What was cut or changed on its way comes right when it is asked again at once. This often, and not for
 * longer: a lie must be known before the bytes that wait for a record (2 s) go out as pending.
 */
const CONTENT_TRIES = 6;
const CONTENT_MILLISECONDS = 1000;
/** Which upstream relays a database hardly ever changes. */
const SUPPORT_MILLISECONDS = 10 * 60 * 1000;
/** An upstream that is silent now may be back soon. */
const UNSURE_SUPPORT_MILLISECONDS = 15_000;
/** `supported` is answered from settings; who needs longer is passed over, so that nobody waits for him. */
const SUPPORTED_MILLISECONDS = 1500;

/**
 * Finds where a checksum database can be asked, as `go` does (P-71): the first upstream whose
 * `supported` is 200, else the database itself. Every answer is signed or hashed, so an upstream that
 * fails, is silent or sends what cannot be true may always be passed over.
 */
export function createChecksumSources(
  needs: AskNeeds,
  settings: { readonly upstreams: UpstreamList; readonly walk: WalkSettings },
): (
  database: ChecksumDatabase,
  resource: string,
  inspect: Inspect,
  signal?: AbortSignal,
) => Promise<FetchedResource> {
  const sources = new Map<string, { readonly bases: Promise<readonly string[]>; until: number }>();

  async function basesOf(database: ChecksumDatabase): Promise<readonly string[]> {
    if (database.url !== undefined) {
      return [database.url];
    }
    const now = needs.clock.monotonicMilliseconds();
    const known = sources.get(database.name);
    if (known !== undefined && known.until > now) {
      return known.bases;
    }
    const source = { bases: findBases(database.name), until: now + SUPPORT_MILLISECONDS };
    sources.set(database.name, {
      bases: source.bases.then(({ bases }) => bases),
      until: source.until,
    });
    const { bases, isSure } = await source.bases;
    if (!isSure) {
      const until = needs.clock.monotonicMilliseconds() + UNSURE_SUPPORT_MILLISECONDS;
      sources.set(database.name, { bases: Promise.resolve(bases), until });
    }
    return bases;
  }

  async function findBases(
    name: string,
  ): Promise<{ readonly bases: readonly string[]; readonly isSure: boolean }> {
    const answers = await withDeadline(needs.clock, SUPPORTED_MILLISECONDS, async (signal) =>
      Promise.all(
        settings.upstreams.entries.map(async (entry) => {
          const base = `${entry.base}/sumdb/${name}`;
          const answer = await ask(base, 'supported', () => undefined, signal);
          return { base, outcome: answer.outcome };
        }),
      ),
    );
    const relaying = answers.filter(({ outcome }) => outcome === 'found').map(({ base }) => base);
    return {
      // With `off` in the list nothing beyond it may be asked.
      bases: settings.upstreams.end === 'off' ? relaying : [...relaying, `https://${name}`],
      isSure: answers.every(({ outcome }) => outcome !== 'failed'),
    };
  }

  async function ask(
    base: string,
    resource: string,
    inspect: Inspect,
    signal?: AbortSignal,
  ): Promise<FetchedResource> {
    const kind = base.startsWith('/') ? 'file' : 'http';
    const entry = { kind, base, name: withoutUserInfo(base), fallBackOnError: false } as const;
    const list: UpstreamList = { entries: [entry], end: undefined, isCutOff: false };
    const walk = async (leave: AbortSignal): Promise<WalkAnswer<Judged>> =>
      walkUpstreams(
        needs,
        settings.walk,
        list,
        { key: resource, signal: leave, via: undefined },
        async (found) => judge(found, inspect),
      );
    return withDeadline(
      needs.clock,
      RESOURCE_MILLISECONDS,
      async (leave) => {
        const last = needs.clock.monotonicMilliseconds() + CONTENT_MILLISECONDS;
        for (let tries = 1; ; tries++) {
          const answer = await walk(leave);
          if (answer.outcome === 'absent') return answer.absent;
          if (answer.outcome === 'failed') return { outcome: 'failed', failures: answer.failures };
          const { bytes, upstream, refusal } = answer.result;
          if (refusal === undefined) return { outcome: 'found', bytes, upstream };
          const isLate = needs.clock.monotonicMilliseconds() > last;
          if (refusal.isFinal || isLate || tries === CONTENT_TRIES) {
            return { outcome: 'failed', failures: [refusal.failure] };
          }
        }
      },
      signal,
    );
  }

  return async (database, resource, inspect, signal) => {
    const bases = await basesOf(database);
    const questions = bases.map(
      (base) => async (leave: AbortSignal) => ask(base, resource, inspect, leave),
    );
    const answer = await askInTurn(needs.clock, questions, signal);
    return (
      answer ?? {
        outcome: 'failed',
        failures: [
          failed('the upstream list', {
            kind: 'unavailable',
            reason: 'nobody-to-ask',
            message: 'no upstream relays it',
          }),
        ],
      }
    );
  };
}

/** An answer came, and it is judged: that it cannot be true says nothing about whether the source is well. */
interface Judged {
  readonly bytes: Buffer;
  readonly upstream: string;
  readonly refusal?: { readonly failure: Failed; readonly isFinal: boolean };
}

async function judge(found: Found, inspect: Inspect): Promise<Judged | Failed> {
  const { upstream } = found;
  const read = await readBody(found, MAXIMUM_RESOURCE_BYTES);
  const isTooLarge = !Buffer.isBuffer(read) && read.kind === 'invalid';
  if (!Buffer.isBuffer(read) && !isTooLarge) {
    return read;
  }
  const bytes = Buffer.isBuffer(read) ? read : Buffer.alloc(0);
  const problem = inspect(isTooLarge ? 'too-large' : bytes, upstream);
  if (problem === undefined) {
    return { bytes, upstream };
  }
  const message = `${upstream} ${problem}`;
  const failure = failed(upstream, { kind: 'invalid', reason: 'checksum-answer-wrong', message });
  return { bytes, upstream, refusal: { failure, isFinal: isTooLarge } };
}

function withoutUserInfo(base: string): string {
  return base.replace(/^(https?:\/\/)[^/@]*@/u, '$1');
}

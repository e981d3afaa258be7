import type { Clock } from '../platform/index.ts';
import { escapeVersion } from '../gomod/path/index.ts';
import type { AnswerMemory } from './answer-memory.ts';
import { MAXIMUM_BYTES, checkInfo, checkList, versionOfInfo } from './artifact-checks.ts';
import type { KnownAnswer } from './facts/index.ts';
import { CONTENT_TYPES } from './protocol/index.ts';
import type { CacheOutcome } from './protocol/index.ts';
import type { Reach } from './reach.ts';
import { readBody } from './read-body.ts';
import type { Storage } from './storage/index.ts';
import { failed } from './upstream/index.ts';
import type { Accept, Failed, Found, WalkAnswer } from './upstream/index.ts';
import { chooseLatest, joinVersions } from './version-list.ts';

/** A resource whose answer changes: `@v/list`, `@latest`, or the `.info` of a branch, tag or hash. */
export interface MutableResource {
  readonly kind: 'list' | 'latest' | 'query';
  readonly path: string;
  readonly key: string;
}

export type MutableAnswer =
  | {
      readonly kind: 'known';
      readonly answer: KnownAnswer;
      readonly outcome: CacheOutcome;
      /** False for an absence of which the upstream itself was not sure. */
      readonly certain: boolean;
    }
  | { readonly kind: 'failed'; readonly failures: readonly Failed[] }
  | { readonly kind: 'not-cached' };

export interface MutableAnswersNeeds {
  readonly clock: Clock;
  readonly memory: AnswerMemory;
  readonly storage: Storage;
  readonly walk: <Result>(
    resource: MutableResource,
    via: string | undefined,
    signal: AbortSignal,
    accept: Accept<Result>,
  ) => Promise<WalkAnswer<Result>>;
}

export interface MutableAnswers {
  answer(resource: MutableResource, reach: Reach, via: string | undefined): Promise<MutableAnswer>;
}

/** The default mirror itself gives up on an origin after about a minute (golang/go#57185). */
const REFRESH_MILLISECONDS = 120_000;

export function createMutableAnswers(needs: MutableAnswersNeeds): MutableAnswers {
  const refreshes = new Map<string, Promise<MutableAnswer>>();

  async function answer(
    resource: MutableResource,
    reach: Reach,
    via: string | undefined,
  ): Promise<MutableAnswer> {
    if (reach !== 'upstreams') {
      return fromStore(resource, reach);
    }
    const fresh = needs.memory.fresh(resource.key);
    if (fresh !== undefined) {
      return { kind: 'known', answer: fresh, outcome: 'hit', certain: true };
    }
    if (needs.memory.isHeldOff(resource.key)) {
      const stale = await staleAnswer(resource);
      if (stale !== undefined) {
        return stale;
      }
    }
    const running = refreshes.get(resource.key);
    if (running !== undefined) {
      const joined = await running;
      return joined.kind === 'known' && joined.outcome === 'fill'
        ? { ...joined, outcome: 'joined' }
        : joined;
    }
    const started = refresh(resource, via).finally(() => {
      refreshes.delete(resource.key);
    });
    refreshes.set(resource.key, started);
    return started;
  }

  async function refresh(
    resource: MutableResource,
    via: string | undefined,
  ): Promise<MutableAnswer> {
    const signal = needs.clock.deadline(REFRESH_MILLISECONDS);
    const walked = await needs.walk(resource, via, signal, async (found) =>
      readFound(resource, found),
    );
    if (walked.outcome === 'found') {
      const body =
        resource.kind === 'list'
          ? joinVersions(walked.result, await storedVersions(resource))
          : walked.result;
      const contentType = resource.kind === 'list' ? CONTENT_TYPES.text : CONTENT_TYPES.info;
      const known = needs.memory.remember(resource.key, { status: 200, contentType, body });
      return { kind: 'known', answer: known, outcome: 'fill', certain: true };
    }
    if (walked.outcome === 'absent') {
      // What was served once stays served: deleted upstream is not deleted here (reference 3.3, 35).
      const stored = await storedAnswer(resource);
      if (stored !== undefined) {
        return { kind: 'known', answer: stored, outcome: 'stale', certain: true };
      }
      const { status, body, contentType, certain } = walked.absent;
      const absence = { status, body, contentType };
      const known = certain
        ? needs.memory.remember(resource.key, absence)
        : { ...absence, fetchedMilliseconds: needs.clock.epochMilliseconds() };
      return { kind: 'known', answer: known, outcome: 'fill', certain };
    }
    const stale = await staleAnswer(resource);
    if (stale !== undefined) {
      needs.memory.holdOff(resource.key);
    }
    return stale ?? { kind: 'failed', failures: walked.failures };
  }

  async function staleAnswer(resource: MutableResource): Promise<MutableAnswer | undefined> {
    const remembered = await needs.memory.stale(resource.key);
    // An absence of some days ago says nothing against what is here now.
    const stale =
      remembered?.status === 200 ? remembered : ((await storedAnswer(resource)) ?? remembered);
    return stale === undefined
      ? undefined
      : {
          kind: 'known',
          answer: await withStored(resource, stale),
          outcome: 'stale',
          certain: true,
        };
  }

  /** A list that is old may lack what was stored since. */
  async function withStored(resource: MutableResource, answer: KnownAnswer): Promise<KnownAnswer> {
    return resource.kind === 'list' && answer.status === 200
      ? { ...answer, body: joinVersions(answer.body, await storedVersions(resource)) }
      : answer;
  }

  /** Nobody is asked: only versions whose three files are here are named, so each can be fetched. */
  async function fromStore(resource: MutableResource, reach: Reach): Promise<MutableAnswer> {
    const stored = await storedAnswer(resource);
    if (stored !== undefined) {
      const outcome = reach === 'offline' ? 'stale' : 'hit';
      return { kind: 'known', answer: stored, outcome, certain: true };
    }
    const stale = await needs.memory.stale(resource.key);
    if (stale === undefined || (stale.status === 200 && !(await canBeFetched(resource, stale)))) {
      return { kind: 'not-cached' };
    }
    if (stale.status === 200 || reach === 'offline') {
      return { kind: 'known', answer: stale, outcome: 'stale', certain: true };
    }
    return { kind: 'not-cached' };
  }

  /** Whether a remembered answer names nothing that is not here. */
  async function canBeFetched(resource: MutableResource, answer: KnownAnswer): Promise<boolean> {
    if (resource.kind === 'list') {
      return answer.body.toString('utf8').trim() === '';
    }
    if (resource.kind === 'query') {
      return true;
    }
    // `go` does not ask the `.info` of the version that `@latest` told it, so two files must do.
    const version = versionOfInfo(answer.body);
    const escaped = version === undefined ? undefined : escapeVersion(version);
    if (escaped?.ok !== true) {
      return false;
    }
    const base = `${escapedPathOf(resource)}/@v/${escaped.value}`;
    const [mod, zip] = await Promise.all(
      ['mod', 'zip'].map(async (kind) => needs.storage.has(`${base}.${kind}`)),
    );
    return mod === true && zip === true;
  }

  async function storedVersions(resource: MutableResource): Promise<readonly string[]> {
    return needs.storage.completeVersions(escapedPathOf(resource));
  }

  /** A list or latest made from the store alone; undefined when the store has no complete version. */
  async function storedAnswer(resource: MutableResource): Promise<KnownAnswer | undefined> {
    if (resource.kind === 'query') {
      return undefined;
    }
    const versions = await storedVersions(resource);
    if (versions.length === 0) {
      return undefined;
    }
    const fetchedMilliseconds = needs.clock.epochMilliseconds();
    if (resource.kind === 'list') {
      const body = joinVersions(Buffer.alloc(0), versions);
      return { status: 200, contentType: CONTENT_TYPES.text, body, fetchedMilliseconds };
    }
    const body = await readStoredInfo(resource, chooseLatest(versions));
    return body === undefined
      ? undefined
      : { status: 200, contentType: CONTENT_TYPES.info, body, fetchedMilliseconds };
  }

  async function readStoredInfo(
    resource: MutableResource,
    version: string,
  ): Promise<Buffer | undefined> {
    const escaped = escapeVersion(version);
    if (!escaped.ok) {
      return undefined;
    }
    const stored = await needs.storage.open(`${escapedPathOf(resource)}/@v/${escaped.value}.info`);
    if (stored === undefined) {
      return undefined;
    }
    try {
      const buffer = Buffer.alloc(Math.min(stored.size, MAXIMUM_BYTES.info));
      const count = await stored.read(buffer, 0);
      return buffer.subarray(0, count);
    } finally {
      await stored.close();
    }
  }

  return { answer };
}

function escapedPathOf(resource: MutableResource): string {
  const end = resource.kind === 'latest' ? '/@latest' : '/@v/';
  return resource.key.slice(0, resource.key.lastIndexOf(end));
}

async function readFound(resource: MutableResource, found: Found): Promise<Buffer | Failed> {
  const limit = resource.kind === 'list' ? MAXIMUM_BYTES.list : MAXIMUM_BYTES.info;
  const bytes = await readBody(found, limit);
  if (!Buffer.isBuffer(bytes)) {
    return bytes;
  }
  const problem = resource.kind === 'list' ? checkList(bytes) : checkInfo(bytes, undefined);
  return problem === undefined
    ? bytes
    : failed(found.upstream, 'invalid', `${found.upstream} ${problem}`);
}

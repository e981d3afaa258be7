import { withDeadline } from '../platform/index.ts';
import { MAXIMUM_BYTES, checkInfo, checkList } from './artifact-checks.ts';
import type { KnownAnswer } from './facts/index.ts';
import { CONTENT_TYPES } from './protocol/index.ts';
import type { CacheOutcome } from './protocol/index.ts';
import type { Reach } from './reach.ts';
import type { KnownWhileSilent } from './known-while-silent.ts';
import type { MutableResource } from './mutable-resource.ts';
import { readBody } from './read-body.ts';
import { createStoredMutable } from './stored-mutable.ts';
import type { StoredMutableNeeds, ToldOfModule } from './stored-mutable.ts';
import { failed } from './upstream/index.ts';
import type { Accept, Failed, Found, WalkAnswer } from './upstream/index.ts';

export type MutableAnswer =
  | {
      readonly kind: 'known';
      readonly answer: KnownAnswer;
      readonly outcome: CacheOutcome;
      /** False for an absence of which the upstream itself was not sure. */
      readonly certain: boolean;
    }
  | { readonly kind: 'failed'; readonly failures: readonly Failed[] }
  | { readonly kind: 'not-cached'; readonly told: ToldOfModule };

export interface MutableAnswersNeeds extends StoredMutableNeeds {
  readonly known: KnownWhileSilent;
  readonly walk: <Result>(
    resource: MutableResource,
    via: string | undefined,
    signal: AbortSignal,
    accept: Accept<Result>,
  ) => Promise<WalkAnswer<Result>>;
}

export interface MutableAnswers {
  answer(resource: MutableResource, reach: Reach, via: string | undefined): Promise<MutableAnswer>;
  /** Asks the upstreams now, whatever is known. */
  refresh(resource: MutableResource): Promise<MutableAnswer>;
}

/** The default mirror itself gives up on an origin after about a minute (golang/go#57185). */
const REFRESH_MILLISECONDS = 120_000;
/** So many answers are renewed at a time before they expire; the others are when they are asked again. */
const RENEWALS = 8;

export function createMutableAnswers(needs: MutableAnswersNeeds): MutableAnswers {
  const { memory, clock } = needs;
  const stored = createStoredMutable(needs);
  const refreshes = new Map<string, Promise<MutableAnswer>>();
  const { troubleOf, unlessLate } = needs.known;
  let renewals = 0;

  async function answer(
    resource: MutableResource,
    reach: Reach,
    via: string | undefined,
  ): Promise<MutableAnswer> {
    if (reach !== 'upstreams') {
      return withoutAsking(resource, reach);
    }
    const fresh = memory.fresh(resource.key);
    if (fresh !== undefined) {
      if (memory.isAgeing(fresh)) {
        renew(resource);
      }
      return { kind: 'known', answer: fresh, outcome: 'hit', certain: true };
    }
    const trouble = troubleOf(resource.path).state();
    if (trouble !== 'well' || memory.isHeldOff(resource.key)) {
      const stale = await staleAnswer(resource);
      if (stale !== undefined) {
        if (trouble === 'probe') {
          renew(resource);
        }
        return stale;
      }
    }
    const running = refreshes.get(resource.key);
    if (running === undefined) {
      return orKnown(resource, begin(resource, via));
    }
    const joined = await orKnown(resource, running);
    return joined.kind === 'known' && joined.outcome === 'fill'
      ? { ...joined, outcome: 'joined' }
      : joined;
  }

  function begin(resource: MutableResource, via: string | undefined): Promise<MutableAnswer> {
    const started = ask(resource, via).finally(() => {
      if (refreshes.get(resource.key) === started) {
        refreshes.delete(resource.key);
      }
    });
    refreshes.set(resource.key, started);
    return started;
  }

  /** While it is in use, an answer is asked again before it expires: nobody waits for that. */
  function renew(resource: MutableResource): void {
    if (renewals >= RENEWALS || refreshes.has(resource.key)) {
      return;
    }
    renewals += 1;
    // What fails here is told to nobody: the old answer holds a little longer.
    const over = (): void => {
      renewals -= 1;
    };
    begin(resource, undefined).then(over, over);
  }

  /** What was certain before, when the upstreams take longer than somebody should wait. */
  async function orKnown(
    resource: MutableResource,
    running: Promise<MutableAnswer>,
  ): Promise<MutableAnswer> {
    const { path, key } = resource;
    const said = await unlessLate(path, running, async () => memory.stale(key));
    if (said !== 'late') {
      return said;
    }
    memory.holdOff(key);
    troubleOf(path).failed(key);
    return (await staleAnswer(resource)) ?? running;
  }

  async function ask(resource: MutableResource, via: string | undefined): Promise<MutableAnswer> {
    const asked = clock.epochMilliseconds();
    const walked = await withDeadline(clock, REFRESH_MILLISECONDS, async (signal) =>
      needs.walk(resource, via, signal, async (found) => readFound(resource, found)),
    );
    const trouble = troubleOf(resource.path);
    if (walked.outcome === 'found') {
      trouble.answered();
      const body = await stored.join(resource, walked.result);
      const contentType = resource.kind === 'list' ? CONTENT_TYPES.text : CONTENT_TYPES.info;
      const known = memory.remember(resource.key, { status: 200, contentType, body }, asked);
      return { kind: 'known', answer: known, outcome: 'fill', certain: true };
    }
    if (walked.outcome === 'absent') {
      return absence(resource, walked.absent, asked);
    }
    if (walked.failures.every(isUnreachable)) {
      trouble.unreachable();
    } else if (!walked.failures.every(({ kind }) => kind === 'refused')) {
      // Who refuses modules by a policy answers at once, and says nothing about other modules.
      trouble.failed(resource.key);
    }
    const stale = await staleAnswer(resource);
    if (stale !== undefined) {
      memory.holdOff(resource.key);
    }
    return stale ?? { kind: 'failed', failures: walked.failures };
  }

  async function absence(
    resource: MutableResource,
    absent: Extract<WalkAnswer<Buffer>, { outcome: 'absent' }>['absent'],
    asked: number,
  ): Promise<MutableAnswer> {
    const { status, body, contentType, certain } = absent;
    if (certain) {
      troubleOf(resource.path).answered();
    }
    // What was served once stays served: deleted upstream is not deleted here (reference 3.3, 35); and
    // a 404 that only hides a failure says nothing against what was certain before.
    const kept = certain ? await stored.made(resource) : await stored.stale(resource);
    if (kept?.status === 200) {
      return { kind: 'known', answer: kept, outcome: 'stale', certain: true };
    }
    const said = { status, body, contentType };
    const known = certain
      ? memory.remember(resource.key, said, asked)
      : { ...said, fetchedMilliseconds: clock.epochMilliseconds() };
    return { kind: 'known', answer: known, outcome: 'fill', certain };
  }

  async function staleAnswer(resource: MutableResource): Promise<MutableAnswer | undefined> {
    const stale = await stored.stale(resource);
    return stale === undefined
      ? undefined
      : { kind: 'known', answer: stale, outcome: 'stale', certain: true };
  }

  /** Nobody is asked: only versions whose three files are here are named, so each can be fetched. */
  async function withoutAsking(resource: MutableResource, reach: Reach): Promise<MutableAnswer> {
    const made = await stored.made(resource);
    if (made !== undefined) {
      const outcome = reach === 'offline' ? 'stale' : 'hit';
      return { kind: 'known', answer: made, outcome, certain: true };
    }
    const old = await stored.complete(resource);
    return old !== undefined && (old.status === 200 || reach === 'offline')
      ? { kind: 'known', answer: old, outcome: 'stale', certain: true }
      : { kind: 'not-cached', told: await stored.told(resource) };
  }

  return { answer, refresh: async (resource) => begin(resource, undefined) };
}

function isUnreachable({ kind, status }: Failed): boolean {
  return (
    status === undefined && (kind === 'unavailable' || kind === 'timeout' || kind === 'offline')
  );
}

async function readFound(resource: MutableResource, found: Found): Promise<Buffer | Failed> {
  const limit = resource.kind === 'list' ? MAXIMUM_BYTES.list : MAXIMUM_BYTES.info;
  const bytes = await readBody(found, limit);
  if (!Buffer.isBuffer(bytes)) {
    return bytes;
  }
  const wrong = resource.kind === 'list' ? checkList(bytes) : checkInfo(bytes, undefined);
  if (wrong === undefined) return bytes;
  const { problem, reason } = wrong;
  const message = `${found.upstream} ${problem}`;
  return failed(found.upstream, { kind: 'invalid', reason, message });
}

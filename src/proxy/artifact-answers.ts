import type { Clock, ReadableFile } from '../platform/index.ts';
import type { AnswerMemory } from './answer-memory.ts';
import type { Answered } from './answered.ts';
import { nameOfArtifact } from './artifact.ts';
import type { Artifact } from './artifact.ts';
import { refusesUnknown } from './decide-range.ts';
import type { ArtifactRequest } from './artifact-request.ts';
import {
  describeFailures,
  missing,
  purged,
  recordedOf,
  sendAbsence,
  sendRefusal,
} from './error-answers.ts';
import type { Refusal } from './error-answers.ts';
import type { KnownAnswer } from './facts/index.ts';
import type { FetchOnce, Obtained } from './fetch-once.ts';
import type { FillResult } from './fill.ts';
import { createHotArtifacts, immutableHeaders, makeHotEntry } from './hot-artifacts.ts';
import { createPendingAnswers, pendingHeaders } from './pending-answers.ts';
import { failureOfRefusal } from './verify-artifact.ts';
import type { CacheOutcome } from './protocol/index.ts';
import type { KnownWhileSilent } from './known-while-silent.ts';
import type { LookAhead } from './look-ahead/index.ts';
import { sendGrowing } from './send-growing.ts';
import { sendHot } from './send-hot.ts';
import { ageSeconds, staleHeaders } from './stale-headers.ts';
import { createStoredAnswers } from './stored-answers.ts';
import type { Absent } from './upstream/index.ts';
import type { MemoryTier, Storage } from './storage/index.ts';
import { unitOf } from './store-keepers.ts';
import type { LastUses, Readers, Tombstones } from './upkeep/index.ts';

export interface ArtifactAnswersNeeds {
  readonly clock: Clock;
  readonly storage: Storage;
  readonly memory: MemoryTier;
  readonly answers: AnswerMemory;
  readonly fetchOnce: FetchOnce;
  readonly lookAhead: LookAhead;
  readonly uses: LastUses;
  readonly readers: Readers;
  readonly tombstones: Tombstones;
  readonly admit: (artifact: Artifact) => Promise<boolean>;
  /** Why what is stored was not admitted, when others may have it. */
  readonly storedProblem: (key: string) => string | undefined;
  readonly known: KnownWhileSilent;
  readonly openPending: (key: string) => Promise<ReadableFile | 'settled' | undefined>;
}

export interface ArtifactAnswers {
  answer(request: ArtifactRequest): Promise<Answered>;
}

/** A fill that ends just as we join it makes us look again; more than twice in a row is a bug. */
const MAXIMUM_LOOKS = 5;

/** Answers `.info`, `.mod` and `.zip`: from memory, from the store, or from the one shared fetch. */
export function createArtifactAnswers(needs: ArtifactAnswersNeeds): ArtifactAnswers {
  const hot = createHotArtifacts(needs);
  const fromStore = createStoredAnswers({ ...needs, hot });
  const fromPending = createPendingAnswers(needs);
  const { troubleOf, unlessLate } = needs.known;

  async function answer(request: ArtifactRequest): Promise<Answered> {
    const { path, version, key } = request.artifact;
    const reason = await needs.tombstones.reasonAgainst(path, version);
    if (reason !== undefined) {
      return refuse(request, purged(nameOfArtifact(request.artifact), reason));
    }
    needs.uses.used(unitOf(key));
    for (let look = 0; look < MAXIMUM_LOOKS; look += 1) {
      const stored = (await fromStore(request)) ?? (await fromPending(request));
      if (stored === 'settled') {
        continue;
      }
      if (stored !== undefined) {
        noteAsked(request, false);
        return stored;
      }
      const missed = (await withoutAsking(request)) ?? (await inTrouble(request));
      if (missed !== undefined) {
        return missed;
      }
      const { result, joined } = needs.fetchOnce.obtain(request.artifact, request.via);
      noteAsked(request, true);
      const settled = await unlessLate(path, result, async () => absenceBefore(key));
      if (settled === 'late') {
        const known = await staleAbsence(request);
        if (known !== undefined) {
          troubleOf(path).failed(key);
          leaveTo(request.artifact, result);
          return known;
        }
      }
      const filled = settled === 'late' ? await result : settled;
      if (filled.kind !== 'again') {
        return fromFill(request, filled, joined ? 'joined' : 'fill');
      }
    }
    return refuse(request, describeFailures(nameOfArtifact(request.artifact), []));
  }

  /** After the request's own fetch has begun, so that it goes first. */
  function noteAsked(request: ArtifactRequest, missed: boolean): void {
    if (request.reach === 'upstreams') {
      needs.lookAhead.asked(request.artifact, request.exchange.client, missed);
    }
  }

  /** The answers that need nobody: not asked, not allowed to ask, or known to be absent. */
  async function withoutAsking(request: ArtifactRequest): Promise<Answered | undefined> {
    const { artifact, reach } = request;
    if (reach !== 'upstreams') {
      const known = reach === 'offline' ? await staleAbsence(request) : undefined;
      return known ?? refuse(request, missing(nameOfArtifact(artifact), reach));
    }
    const absent = needs.answers.fresh(artifact.key);
    if (absent === undefined || absent.status === 200) {
      return undefined;
    }
    const facts = { certain: true, outcome: 'hit' } as const;
    return { status: sendAbsence(request.exchange, absent, facts, request.trace), outcome: 'hit' };
  }

  /** While upstreams are known to fail nobody waits for what was absent before; one in a while asks on. */
  async function inTrouble(request: ArtifactRequest): Promise<Answered | undefined> {
    const { artifact, via } = request;
    const trouble = troubleOf(artifact.path);
    const isKnown = !trouble.isWell() && (await absenceBefore(artifact.key)) !== undefined;
    const state = isKnown ? trouble.state() : 'well';
    if (state === 'probe') {
      leaveTo(artifact, needs.fetchOnce.obtain(artifact, via).result);
    }
    return state === 'well' ? undefined : staleAbsence(request);
  }

  /** Nobody waits for it any more; what it says is remembered all the same. */
  function leaveTo(artifact: Artifact, result: Promise<Obtained>): void {
    result.then(
      async (settled) => {
        if (settled.kind === 'growing') await settled.body.release();
        if (settled.kind === 'absent') rememberAbsence(artifact, settled.absent);
        if (settled.kind !== 'failed') troubleOf(artifact.path).answered();
      },
      // It is told to whoever asks next.
      () => undefined,
    );
  }

  function rememberAbsence({ key }: Artifact, absent: Absent): void {
    if (absent.certain) {
      const { status, contentType, body } = absent;
      needs.answers.remember(key, { status, contentType, body });
    }
  }

  async function absenceBefore(key: string): Promise<KnownAnswer | undefined> {
    const known = await needs.answers.stale(key);
    return known?.status === 200 ? undefined : known;
  }

  async function staleAbsence(request: ArtifactRequest): Promise<Answered | undefined> {
    const absent = await absenceBefore(request.artifact.key);
    if (absent === undefined) {
      return undefined;
    }
    const headers = staleHeaders(needs.clock, absent);
    const facts = { certain: false, outcome: 'stale', headers } as const;
    return {
      status: sendAbsence(request.exchange, absent, facts, request.trace),
      outcome: 'stale',
      staleSeconds: ageSeconds(needs.clock, absent),
    };
  }

  async function fromFill(
    request: ArtifactRequest,
    settled: FillResult,
    outcome: CacheOutcome,
  ): Promise<Answered> {
    const { exchange, artifact, trace } = request;
    if (settled.kind === 'bytes') {
      const content = {
        body: settled.body,
        modifiedMilliseconds: needs.clock.epochMilliseconds(),
        sha256: undefined,
      };
      const entry = settled.keep
        ? hot.keep(artifact, content)
        : makeHotEntry(
            artifact,
            content,
            settled.isPending ? pendingHeaders(artifact) : immutableHeaders(artifact),
          );
      const status = sendHot(exchange, entry, outcome, trace);
      if (artifact.kind === 'mod' && outcome === 'fill') {
        needs.lookAhead.arrived(artifact, settled.body, exchange.client);
      }
      return { status, outcome, bytes: entry.body.length };
    }
    if (settled.kind === 'growing') return fromGrowing(request, settled, outcome);
    if (settled.kind === 'absent') {
      const { absent } = settled;
      rememberAbsence(artifact, absent);
      const facts = { certain: absent.certain, outcome };
      return { status: sendAbsence(exchange, absent, facts, trace), outcome };
    }
    return (
      (await staleAbsence(request)) ??
      refuse(request, describeFailures(nameOfArtifact(artifact), settled.failures))
    );
  }

  async function fromGrowing(
    request: ArtifactRequest,
    settled: Extract<FillResult, { readonly kind: 'growing' }>,
    outcome: CacheOutcome,
  ): Promise<Answered> {
    const { exchange, artifact, trace } = request;
    try {
      const outlook = await settled.outlook();
      if (outlook.kind === 'refused') {
        const failures = [failureOfRefusal('cofferdam', outlook)];
        return refuse(request, describeFailures(nameOfArtifact(artifact), failures));
      }
      const refusal = refusesUnknown(exchange);
      if (refusal !== undefined) {
        return refuse(request, refusal);
      }
      const headers = [
        ...(outlook.kind === 'pending' ? pendingHeaders(artifact) : immutableHeaders(artifact)),
        ...traceHeaders(outcome, trace),
      ];
      if (!(await sendGrowing(exchange, settled.body, headers))) {
        return refuse(request, describeFailures(nameOfArtifact(artifact), settled.body.failures));
      }
      const { size, failures, state } = settled.body;
      const answered = { status: 200, outcome, bytes: size };
      return state === 'bad'
        ? { ...answered, ...recordedOf(describeFailures(nameOfArtifact(artifact), failures)) }
        : answered;
    } finally {
      await settled.body.release();
    }
  }

  function refuse(request: ArtifactRequest, refusal: Refusal): Answered {
    const stored = needs.storedProblem(request.artifact.key);
    const tried = [...(refusal.tried ?? []), ...(stored === undefined ? [] : [stored])];
    const status = sendRefusal(request.exchange, { ...refusal, tried }, request.trace);
    return { status, outcome: 'bypass', ...recordedOf(refusal) };
  }

  return { answer };
}

function traceHeaders(outcome: CacheOutcome, trace: string): string[] {
  return ['Cofferdam-Cache', outcome, 'Cofferdam-Trace', trace];
}

import { createHash } from 'node:crypto';
import type { Clock } from '../platform/index.ts';
import type { AnswerMemory } from './answer-memory.ts';
import {
  describeFailures,
  missingCached,
  missingOffline,
  sendAbsence,
  sendRefusal,
} from './error-answers.ts';
import type { Exchange } from './exchange.ts';
import type { Artifact } from './artifact.ts';
import type { FetchOnce } from './fetch-once.ts';
import type { FillResult } from './fill.ts';
import { CACHE_CONTROL, CONTENT_TYPES, formatHttpDate } from './protocol/index.ts';
import type { CacheOutcome } from './protocol/index.ts';
import { sendGrowing } from './send-growing.ts';
import { sendHot } from './send-hot.ts';
import { sendStored } from './send-stored.ts';
import { staleHeaders } from './stale-headers.ts';
import type { HotEntry, MemoryTier, Storage, StoredArtifact } from './storage/index.ts';

export interface ArtifactAnswersNeeds {
  readonly clock: Clock;
  readonly storage: Storage;
  readonly memory: MemoryTier;
  readonly answers: AnswerMemory;
  readonly fetchOnce: FetchOnce;
}

/** What was said to the client, for the counters. */
export interface Answered {
  readonly status: number;
  readonly outcome: CacheOutcome;
  /** Of the body, before any coding; absent for what is not a resource. */
  readonly bytes?: number;
}

export interface ArtifactRequest {
  readonly exchange: Exchange;
  readonly artifact: Artifact;
  readonly trace: string;
  readonly reach: 'upstreams' | 'cached-only' | 'offline';
  readonly via: string | undefined;
}

export interface ArtifactAnswers {
  answer(request: ArtifactRequest): Promise<Answered>;
}

/** A fill that ends just as we join it makes us look again; more than twice in a row is a bug. */
const MAXIMUM_LOOKS = 5;

/** Answers `.info`, `.mod` and `.zip`: from memory, from the store, or from the one shared fetch. */
export function createArtifactAnswers(needs: ArtifactAnswersNeeds): ArtifactAnswers {
  const loads = new Map<string, Promise<HotEntry | undefined>>();

  async function answer(request: ArtifactRequest): Promise<Answered> {
    for (let look = 0; look < MAXIMUM_LOOKS; look += 1) {
      const stored = await fromStore(request);
      if (stored !== undefined) {
        return stored;
      }
      const missed = await withoutAsking(request);
      if (missed !== undefined) {
        return missed;
      }
      const { result, joined } = needs.fetchOnce.obtain(request.artifact, request.via);
      const settled = await result;
      if (settled.kind !== 'again') {
        return fromFill(request, settled, joined ? 'joined' : 'fill');
      }
    }
    return refuse(request, describeFailures(nameOf(request.artifact), []));
  }

  async function fromStore(request: ArtifactRequest): Promise<Answered | undefined> {
    const { exchange, artifact, trace } = request;
    const hot = needs.memory.get(`/${artifact.key}`) ?? (await load(artifact));
    if (hot !== undefined) {
      return {
        status: sendHot(exchange, hot, 'hit', trace),
        outcome: 'hit',
        bytes: hot.body.length,
      };
    }
    const stored = await needs.storage.open(artifact.key);
    if (stored === undefined) {
      return undefined;
    }
    try {
      const modified = Math.trunc(stored.modifiedMilliseconds);
      const validators = {
        etag: `"${stored.sha256 ?? `${stored.size.toString(16)}-${modified.toString(16)}`}"`,
        lastModified: formatHttpDate(modified),
      };
      const headers = [...immutableHeaders(request.artifact), ...traceHeaders('hit', trace)];
      const status = await sendStored(exchange, stored, headers, validators);
      return { status, outcome: 'hit', bytes: stored.size };
    } finally {
      await stored.close();
    }
  }

  /** Reads a small artifact into the memory tier, once however many ask; undefined when absent or large. */
  async function load(artifact: Artifact): Promise<HotEntry | undefined> {
    const running = loads.get(artifact.key);
    if (running !== undefined) {
      return running;
    }
    const started = readWhole(artifact).finally(() => {
      loads.delete(artifact.key);
    });
    loads.set(artifact.key, started);
    return started;
  }

  async function readWhole(artifact: Artifact): Promise<HotEntry | undefined> {
    const stored = await needs.storage.open(artifact.key);
    if (stored === undefined) {
      return undefined;
    }
    try {
      if (stored.size > needs.memory.maximumEntryBytes) {
        return undefined;
      }
      const body = await readAll(stored);
      // A file that changed its length while it was read is not an artifact of ours.
      return body === undefined
        ? undefined
        : keep(artifact, body, stored.modifiedMilliseconds, stored.sha256);
    } finally {
      await stored.close();
    }
  }

  function keep(
    artifact: Artifact,
    body: Buffer,
    modifiedMilliseconds: number,
    sha256: string | undefined,
  ): HotEntry {
    const entry = makeEntry(artifact, body, modifiedMilliseconds, sha256);
    needs.memory.put(`/${artifact.key}`, entry);
    return entry;
  }

  /** The answers that need nobody: not asked, not allowed to ask, or known to be absent. */
  async function withoutAsking(request: ArtifactRequest): Promise<Answered | undefined> {
    const { artifact, reach } = request;
    if (reach === 'cached-only') {
      return refuse(request, missingCached(nameOf(artifact)));
    }
    if (reach === 'offline') {
      return (await staleAbsence(request)) ?? refuse(request, missingOffline(nameOf(artifact)));
    }
    const absent = needs.answers.fresh(artifact.key);
    if (absent === undefined || absent.status === 200) {
      return undefined;
    }
    const facts = { certain: true, outcome: 'hit' } as const;
    return { status: sendAbsence(request.exchange, absent, facts, request.trace), outcome: 'hit' };
  }

  async function staleAbsence(request: ArtifactRequest): Promise<Answered | undefined> {
    const absent = await needs.answers.stale(request.artifact.key);
    if (absent === undefined || absent.status === 200) {
      return undefined;
    }
    const headers = staleHeaders(needs.clock, absent);
    const facts = { certain: true, outcome: 'stale', headers } as const;
    return {
      status: sendAbsence(request.exchange, absent, facts, request.trace),
      outcome: 'stale',
    };
  }

  async function fromFill(
    request: ArtifactRequest,
    settled: FillResult,
    outcome: CacheOutcome,
  ): Promise<Answered> {
    const { exchange, artifact, trace } = request;
    if (settled.kind === 'bytes') {
      const now = needs.clock.epochMilliseconds();
      const entry = settled.keep
        ? (needs.memory.get(`/${artifact.key}`) ?? keep(artifact, settled.body, now, undefined))
        : makeEntry(artifact, settled.body, now, undefined);
      return {
        status: sendHot(exchange, entry, outcome, trace),
        outcome,
        bytes: entry.body.length,
      };
    }
    if (settled.kind === 'growing') {
      try {
        const headers = [...immutableHeaders(request.artifact), ...traceHeaders(outcome, trace)];
        if (!(await sendGrowing(exchange, settled.body, headers))) {
          return refuse(request, describeFailures(nameOf(artifact), settled.body.failures));
        }
        return { status: 200, outcome, bytes: settled.body.size };
      } finally {
        await settled.body.release();
      }
    }
    if (settled.kind === 'absent') {
      const { absent } = settled;
      if (absent.certain) {
        const { status, contentType, body } = absent;
        needs.answers.remember(artifact.key, { status, contentType, body });
      }
      const facts = { certain: absent.certain, outcome };
      return { status: sendAbsence(exchange, absent, facts, trace), outcome };
    }
    return (
      (await staleAbsence(request)) ??
      refuse(request, describeFailures(nameOf(artifact), settled.failures))
    );
  }

  function refuse(request: ArtifactRequest, refusal: Parameters<typeof sendRefusal>[1]): Answered {
    return { status: sendRefusal(request.exchange, refusal, request.trace), outcome: 'bypass' };
  }

  return { answer };
}

function makeEntry(
  artifact: Artifact,
  body: Buffer,
  modifiedMilliseconds: number,
  sha256: string | undefined,
): HotEntry {
  const digest = sha256 ?? createHash('sha256').update(body).digest('hex');
  const lastModified = formatHttpDate(modifiedMilliseconds);
  return {
    body,
    etag: `"${digest}"`,
    lastModified,
    kind: artifact.kind,
    module: `${artifact.path}@${artifact.version}`,
    isCompressible: artifact.kind !== 'zip',
    headers: [...immutableHeaders(artifact), 'Last-Modified', lastModified],
    gzip: undefined,
  };
}

function immutableHeaders(artifact: Artifact): string[] {
  const headers = [
    'Content-Type',
    CONTENT_TYPES[artifact.kind],
    'Cache-Control',
    artifact.isPrivate ? CACHE_CONTROL.privateImmutable : CACHE_CONTROL.immutable,
    'Accept-Ranges',
    'bytes',
  ];
  const varies = [
    ...(artifact.kind === 'zip' ? [] : ['Accept-Encoding']),
    ...(artifact.isPrivate ? ['Authorization'] : []),
  ];
  return varies.length === 0 ? headers : [...headers, 'Vary', varies.join(', ')];
}

function traceHeaders(outcome: CacheOutcome, trace: string): string[] {
  return ['Cofferdam-Cache', outcome, 'Cofferdam-Trace', trace];
}

async function readAll(stored: StoredArtifact): Promise<Buffer | undefined> {
  const body = Buffer.allocUnsafeSlow(stored.size);
  let position = 0;
  while (position < body.length) {
    const count = await stored.read(body.subarray(position), position);
    if (count === 0) {
      return undefined;
    }
    position += count;
  }
  return body;
}

function nameOf(artifact: Artifact): string {
  return `${artifact.path}@${artifact.version} (.${artifact.kind})`;
}

import { createHash } from 'node:crypto';
import type { Clock, Logger } from '../platform/index.ts';
import { MAXIMUM_BYTES, checkInfo, checkModStart } from './artifact-checks.ts';
import { createGrowingBody } from './growing-body.ts';
import type { GrowingBody, GrowingBodyWriter } from './growing-body.ts';
import type { ArtifactKind } from './protocol/index.ts';
import type { Draft, Storage } from './storage/index.ts';
import { failed } from './upstream/index.ts';
import type { Absent, Accept, Failed, Found, WalkAnswer } from './upstream/index.ts';
import type { ZipChecker, ZipVerdict } from './zip/index.ts';

/** One file of one module version. */
export interface Artifact {
  readonly key: string;
  readonly kind: ArtifactKind;
  readonly path: string;
  readonly version: string;
  /** Matches the private patterns: never sent to a public upstream, never shared by caches. */
  readonly isPrivate: boolean;
}

/** What a fill gives to everyone who waits for it. */
export type FillResult =
  | {
      readonly kind: 'bytes';
      readonly body: Buffer;
      /** False when the bytes are passed on but not kept (a zip that breaks only entry-name rules). */
      readonly keep: boolean;
      readonly lastModified: string | undefined;
    }
  /** Has been held once for each asker, who must release it. */
  | { readonly kind: 'growing'; readonly body: GrowingBody }
  | { readonly kind: 'absent'; readonly absent: Absent }
  | { readonly kind: 'failed'; readonly failures: readonly Failed[] }
  /** The fill was just ending: look into the store again. */
  | { readonly kind: 'again' };

export interface FetchOnce {
  /** Starts the one fetch of this artifact, or joins the one that runs. */
  obtain(
    artifact: Artifact,
    via: string | undefined,
  ): { readonly result: Promise<FillResult>; readonly joined: boolean };
  /** Resolves when no fill and no commit runs any more, or when the signal aborts. */
  idle(signal: AbortSignal): Promise<void>;
}

export interface FetchOnceNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly storage: Storage;
  readonly zips: ZipChecker;
  /** Walks the upstreams that may be asked for this artifact. */
  readonly walk: <Result>(
    artifact: Artifact,
    via: string | undefined,
    signal: AbortSignal,
    accept: Accept<Result>,
  ) => Promise<WalkAnswer<Result>>;
  /** Told after each commit, with what is known about the bytes. */
  readonly committed: (artifact: Artifact, facts: CommitFacts) => void;
  /** Told of each whole body that came. */
  readonly fetched: (bytes: number) => void;
  /** Told when the store could not take an artifact, which was served all the same. */
  readonly notStored: (artifact: Artifact, error: unknown) => void;
}

export interface CommitFacts {
  readonly size: number;
  readonly sha256: string;
  readonly h1: string | undefined;
  readonly upstream: string;
}

export interface FetchOnceSettings {
  /** Up to here an artifact is checked whole before its first byte is sent. */
  readonly wholeBytes: number;
  /** A fetch outlives its clients, but not without limit (reference 8.1, 10). */
  readonly fillMilliseconds: number;
  /** More fills wait: each may hold `wholeBytes` of memory. */
  readonly simultaneousFills: number;
}

interface Fill {
  readonly result: Promise<FillResult>;
  /** Set when followers read from the growing file. */
  growing: GrowingBody | undefined;
  /** Resolves when the fill is over and the store has what it will have. */
  finished: Promise<void>;
}

/**
 * One download per artifact, however many ask. The fill belongs to nobody: clients come and go, a
 * leader that disconnects stops nothing (Athens #1765, #1790 are what happens otherwise).
 */
export function createFetchOnce(needs: FetchOnceNeeds, settings: FetchOnceSettings): FetchOnce {
  const fills = new Map<string, Fill>();
  const running = new Set<Promise<void>>();
  const turns = createTurns(settings.simultaneousFills);

  function start(artifact: Artifact, via: string | undefined): Fill {
    const early = Promise.withResolvers<FillResult>();
    const fill: Fill = { result: early.promise, growing: undefined, finished: Promise.resolve() };
    fills.set(artifact.key, fill);
    const work = run(artifact, via, fill, early.resolve)
      .catch((error: unknown) => {
        needs.logger.error('a fill failed by our own fault', {
          key: artifact.key,
          error: String(error),
        });
        early.resolve({
          kind: 'failed',
          failures: [failed('cofferdam', 'unavailable', 'the fetch broke by a bug of ours')],
        });
      })
      .finally(() => {
        fills.delete(artifact.key);
        running.delete(work);
      });
    fill.finished = work;
    running.add(work);
    return fill;
  }

  async function run(
    artifact: Artifact,
    via: string | undefined,
    fill: Fill,
    settle: (result: FillResult) => void,
  ): Promise<void> {
    const leave = await turns.enter();
    const signal = needs.clock.deadline(settings.fillMilliseconds);
    try {
      const answer = await needs.walk(artifact, via, signal, async (found) =>
        take(artifact, found, fill, settle, signal),
      );
      if (answer.outcome === 'absent') {
        settle({ kind: 'absent', absent: answer.absent });
      } else if (answer.outcome === 'failed') {
        settle({ kind: 'failed', failures: answer.failures });
      } else {
        // Small artifacts: everybody has the bytes by now; the disk follows.
        await answer.result.commit();
      }
    } finally {
      leave();
    }
  }

  async function take(
    artifact: Artifact,
    found: Found,
    fill: Fill,
    settle: (result: FillResult) => void,
    signal: AbortSignal,
  ): Promise<{ commit(): Promise<void> } | Failed> {
    const limit = MAXIMUM_BYTES[artifact.kind];
    if (found.length !== undefined && found.length > limit) {
      found.discard();
      return failed(found.upstream, 'invalid', `${found.upstream} sent more than ${limit} bytes`);
    }
    const received = await receive(
      needs.storage,
      found,
      settings.wholeBytes,
      limit,
      (first, growing) => {
        const problem = artifact.kind === 'mod' ? checkModStart(first) : undefined;
        if (problem === undefined) {
          fill.growing = growing;
          growing.hold();
          settle({ kind: 'growing', body: growing });
        }
        return problem;
      },
    );
    if (received.kind === 'failed') {
      return received.failure;
    }
    return received.kind === 'whole'
      ? takeWhole(artifact, found, received.bytes, settle, signal)
      : takeGrowing(artifact, found, received, fill, signal);
  }

  async function takeWhole(
    artifact: Artifact,
    found: Found,
    bytes: Buffer,
    settle: (result: FillResult) => void,
    signal: AbortSignal,
  ): Promise<{ commit(): Promise<void> } | Failed> {
    const verdict = await check(artifact, { kind: 'bytes', bytes }, signal);
    if (verdict.verdict === 'bad') {
      return failed(found.upstream, 'invalid', `${found.upstream} ${verdict.problem}`);
    }
    needs.fetched(bytes.length);
    const keep = verdict.verdict === 'good';
    settle({ kind: 'bytes', body: bytes, keep, lastModified: found.lastModified });
    return {
      async commit() {
        if (!keep) {
          return;
        }
        try {
          await needs.storage.put(artifact.key, bytes);
        } catch (error) {
          needs.notStored(artifact, error);
          return;
        }
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        needs.committed(artifact, {
          size: bytes.length,
          sha256,
          h1: verdict.h1,
          upstream: found.upstream,
        });
      },
    };
  }

  /** Clients are already following: whatever happens now happens to them as well. */
  async function takeGrowing(
    artifact: Artifact,
    found: Found,
    received: ReceivedGrowing,
    fill: Fill,
    signal: AbortSignal,
  ): Promise<{ commit(): Promise<void> } | Failed> {
    const { writer, draft, sha256 } = received;
    const finished = { commit: async () => Promise.resolve() };
    try {
      const verdict: Verdict =
        received.problem === undefined
          ? await check(artifact, { kind: 'file', file: draft.file.path }, signal)
          : { verdict: 'bad', problem: received.problem, h1: undefined };
      if (verdict.verdict === 'bad') {
        needs.logger.warn('an upstream sent an artifact that cannot be right', {
          key: artifact.key,
          upstream: found.upstream,
          problem: verdict.problem,
        });
        const failure = failed(found.upstream, 'invalid', `${found.upstream} ${verdict.problem}`);
        writer.fail(failure);
        return fill.growing === undefined ? failure : finished;
      }
      writer.finish();
      needs.fetched(writer.written);
      if (verdict.verdict === 'good') {
        try {
          await draft.commit(artifact.key, sha256);
          needs.committed(artifact, {
            size: writer.written,
            sha256,
            h1: verdict.h1,
            upstream: found.upstream,
          });
        } catch (error) {
          needs.notStored(artifact, error);
        }
      }
      return finished;
    } catch (error) {
      writer.fail(failed(found.upstream, 'unavailable', 'the fetch broke by a bug of ours'));
      throw error;
    } finally {
      await writer.body.release();
    }
  }

  async function join(fill: Fill): Promise<FillResult> {
    const settled = await fill.result;
    if (settled.kind !== 'growing' || settled.body.hold()) {
      return settled;
    }
    await fill.finished;
    return { kind: 'again' };
  }

  async function check(
    artifact: Artifact,
    source:
      | { readonly kind: 'bytes'; readonly bytes: Buffer }
      | { readonly kind: 'file'; readonly file: string },
    signal: AbortSignal,
  ): Promise<Verdict> {
    if (artifact.kind === 'zip') {
      return toVerdict(
        await needs.zips.check({ path: artifact.path, version: artifact.version, source, signal }),
      );
    }
    if (source.kind === 'file') {
      // A go.mod above the whole limit: its start was checked before anything was sent.
      return { verdict: 'good', problem: '', h1: undefined };
    }
    const problem =
      artifact.kind === 'info'
        ? checkInfo(source.bytes, artifact.version)
        : checkModStart(source.bytes);
    return problem === undefined
      ? { verdict: 'good', problem: '', h1: undefined }
      : { verdict: 'bad', problem, h1: undefined };
  }

  return {
    obtain(artifact, via) {
      const present = fills.get(artifact.key);
      if (present === undefined) {
        // The hold of the one who started it is taken when the result is settled.
        return { result: start(artifact, via).result, joined: false };
      }
      return { result: join(present), joined: true };
    },
    async idle(signal) {
      while (running.size > 0 && !signal.aborted) {
        await Promise.race([Promise.all(running), aborted(signal)]);
      }
    },
  };
}

interface Verdict {
  readonly verdict: 'good' | 'entry-names' | 'bad';
  readonly problem: string;
  readonly h1: string | undefined;
}

function toVerdict(verdict: ZipVerdict): Verdict {
  return verdict.verdict === 'good'
    ? { verdict: 'good', problem: '', h1: verdict.h1 }
    : { verdict: verdict.verdict, problem: `sent a bad zip: ${verdict.problem}`, h1: undefined };
}

interface ReceivedGrowing {
  readonly kind: 'growing';
  readonly writer: GrowingBodyWriter;
  readonly draft: Draft;
  readonly sha256: string;
  /** Set when the body broke off or grew above the limit. */
  readonly problem: string | undefined;
}

type Received =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | ReceivedGrowing
  | { readonly kind: 'failed'; readonly failure: Failed };

/** Reads a body: into memory while it is small, into a scratch file that others follow when it is not. */
async function receive(
  storage: Storage,
  found: Found,
  wholeBytes: number,
  limit: number,
  announce: (first: Buffer, growing: GrowingBody) => string | undefined,
): Promise<Received> {
  const pieces: Buffer[] = [];
  let size = 0;
  let large: { writer: GrowingBodyWriter; draft: Draft } | undefined;
  const hash = createHash('sha256');
  let problem: string | undefined;
  try {
    for await (const piece of found.body) {
      size += piece.length;
      if (size > limit) {
        problem = `sent more than ${limit} bytes`;
        break;
      }
      if (large === undefined) {
        pieces.push(piece);
        if (size <= wholeBytes && (found.length ?? 0) <= wholeBytes) {
          continue;
        }
        const draft = await storage.begin();
        const writer = createGrowingBody(draft, {
          length: found.length,
          lastModified: found.lastModified,
        });
        large = { writer, draft };
        const first = Buffer.concat(pieces);
        problem = announce(first, writer.body);
        if (problem !== undefined) {
          break;
        }
        hash.update(first);
        await writer.write(first);
        pieces.length = 0;
      } else {
        hash.update(piece);
        await large.writer.write(piece);
      }
    }
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
    found.discard();
    if (large === undefined) {
      return { kind: 'failed', failure: failed(found.upstream, 'unavailable', problem) };
    }
  }
  if (problem !== undefined) {
    found.discard();
  }
  if (large !== undefined) {
    return { kind: 'growing', ...large, sha256: hash.digest('hex'), problem };
  }
  return problem === undefined
    ? {
        kind: 'whole',
        bytes: pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces),
      }
    : {
        kind: 'failed',
        failure: failed(found.upstream, 'invalid', `${found.upstream} ${problem}`),
      };
}

/** At most `limit` inside at once; the others wait in order. */
function createTurns(limit: number): { enter(): Promise<() => void> } {
  const waiting: (() => void)[] = [];
  let inside = 0;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) {
      inside -= 1;
    } else {
      next();
    }
  };
  return {
    async enter() {
      if (inside < limit) {
        inside += 1;
      } else {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
      return leave;
    },
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

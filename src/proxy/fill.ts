import { createHash } from 'node:crypto';
import type { Clock, Logger, Random } from '../platform/index.ts';
import type { Artifact } from './artifact.ts';
import { MAXIMUM_BYTES, checkModStart } from './artifact-checks.ts';
import { checkArtifact } from './check-artifact.ts';
import type { Verdict } from './check-artifact.ts';
import type { GrowingBody } from './growing-body.ts';
import { createReception } from './receive-body.ts';
import type { HealedCounts, ReceivedGrowing, Reception, ResumeSettings } from './receive-body.ts';
import type { Storage } from './storage/index.ts';
import { failed } from './upstream/index.ts';
import type { Absent, Accept, Failed, Found, WalkAnswer } from './upstream/index.ts';
import type { ZipChecker } from './zip/index.ts';

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
  | { readonly kind: 'failed'; readonly failures: readonly Failed[] };

export interface FillNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly healed: HealedCounts;
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

export interface FillSettings {
  /** Up to here an artifact is checked whole before its first byte is sent. */
  readonly wholeBytes: number;
  readonly resume: ResumeSettings;
}

/** One fill, while it runs. */
export interface FillContext {
  readonly needs: FillNeeds;
  readonly settings: FillSettings;
  readonly artifact: Artifact;
  readonly signal: AbortSignal;
  /** Tells everyone who waits; only the first call counts. */
  readonly settle: (result: FillResult) => void;
}

/** What is left to do when everyone has their answer: bytes in memory that the store shall have. */
export interface Commit {
  readonly bytes: number;
  run(): Promise<void>;
}

/** Fetches one artifact and tells those who wait as early as may be; small ones are left to be committed. */
export async function fillArtifact(
  context: FillContext,
  via: string | undefined,
): Promise<Commit | undefined> {
  const { needs, artifact, signal, settle } = context;
  const reception = receptionOf(context);
  let failures: readonly Failed[] = [];
  try {
    const answer = await needs.walk(artifact, via, signal, async (found) =>
      take(context, reception, found),
    );
    failures = answer.failures;
    if (answer.outcome === 'absent') {
      settle({ kind: 'absent', absent: answer.absent });
    } else if (answer.outcome === 'failed') {
      settle({ kind: 'failed', failures });
    } else {
      return answer.result === 'done' ? undefined : answer.result;
    }
    return undefined;
  } finally {
    await reception.close(failures);
  }
}

/** Clients may follow a large body as soon as it begins; whoever goes on with it serves them too. */
function receptionOf(context: FillContext): Reception {
  const { needs, settings, artifact, settle } = context;
  let isFollowed = false;
  const limits = {
    ...settings.resume,
    wholeBytes: settings.wholeBytes,
    maximumBytes: MAXIMUM_BYTES[artifact.kind],
  };
  return createReception(needs, limits, (first, growing) => {
    const problem = artifact.kind === 'mod' ? checkModStart(first) : undefined;
    if (problem === undefined && !isFollowed) {
      isFollowed = true;
      growing.hold();
      settle({ kind: 'growing', body: growing });
    }
    return problem;
  });
}

async function take(
  context: FillContext,
  reception: Reception,
  found: Found,
): Promise<Commit | 'done' | Failed> {
  const { upstream } = found;
  const maximumBytes = MAXIMUM_BYTES[context.artifact.kind];
  if (found.length !== undefined && found.length > maximumBytes) {
    found.discard();
    return failed(upstream, 'invalid', `${upstream} sent more than ${maximumBytes} bytes`);
  }
  const received = await reception.receive(found);
  if (received.kind === 'failed') {
    return received.failure;
  }
  return received.kind === 'whole'
    ? takeWhole(context, found, received.bytes)
    : takeGrowing(context, found, received);
}

/** Everybody has the bytes before the disk does. */
async function takeWhole(
  context: FillContext,
  found: Found,
  bytes: Buffer,
): Promise<Commit | 'done' | Failed> {
  const { needs, artifact, signal, settle } = context;
  const { upstream, lastModified } = found;
  const source = { kind: 'bytes', bytes } as const;
  const verdict = await checkArtifact(needs.zips, artifact, source, signal);
  if (verdict.verdict === 'bad') {
    return badContent(found, verdict);
  }
  needs.fetched(bytes.length);
  const keep = verdict.verdict === 'good';
  settle({ kind: 'bytes', body: bytes, keep, lastModified });
  if (!keep) {
    return 'done';
  }
  async function run(): Promise<void> {
    try {
      await needs.storage.put(artifact.key, bytes);
    } catch (error) {
      needs.notStored(artifact, error);
      return;
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    needs.committed(artifact, { size: bytes.length, sha256, h1: verdict.h1, upstream });
  }
  return { bytes: bytes.length, run };
}

/** Clients are already following: whatever is the end of the walk is theirs as well. */
async function takeGrowing(
  context: FillContext,
  found: Found,
  received: ReceivedGrowing,
): Promise<'done' | Failed> {
  const { needs, artifact, signal } = context;
  const { upstream } = found;
  const { writer, draft } = received;
  const source = { kind: 'file', file: draft.file.path } as const;
  const verdict = await checkArtifact(needs.zips, artifact, source, signal);
  if (verdict.verdict === 'bad') {
    needs.logger.warn('an upstream sent an artifact that cannot be right', {
      key: artifact.key,
      upstream,
      problem: verdict.problem,
    });
    return badContent(found, verdict);
  }
  writer.finish();
  needs.fetched(writer.size);
  if (verdict.verdict === 'good') {
    await commitGrowing(context, upstream, received, verdict.h1);
  }
  return 'done';
}

/** A body whose length nobody told may only have been cut, which the next try may not be. */
function badContent(found: Found, verdict: Verdict): Failed {
  const kind = found.length === undefined ? 'unavailable' : 'invalid';
  return failed(found.upstream, kind, `${found.upstream} ${verdict.problem}`);
}

async function commitGrowing(
  context: FillContext,
  upstream: string,
  received: ReceivedGrowing,
  h1: string | undefined,
): Promise<void> {
  const { needs, artifact } = context;
  const { draft, sha256, writer } = received;
  try {
    await draft.commit(artifact.key, sha256);
    needs.committed(artifact, { size: writer.size, sha256, h1, upstream });
  } catch (error) {
    needs.notStored(artifact, error);
  }
}

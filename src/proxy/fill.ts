import { createHash } from 'node:crypto';
import { isProgramError } from '../platform/index.ts';
import type { Clock, Logger, Random } from '../platform/index.ts';
import type { Artifact } from './artifact.ts';
import { MAXIMUM_BYTES, checkModStart, isBlank } from './artifact-checks.ts';
import { checkArtifact } from './check-artifact.ts';
import type { BadVerdict, SoundVerdict } from './check-artifact.ts';
import type { CommitFacts } from './commit-facts.ts';
import { createDoubts } from './doubtful-mod.ts';
import type { Doubts } from './doubtful-mod.ts';
import type { GrowingBody } from './growing-body.ts';
import type { Shelter } from './shelter.ts';
import type { PartialFill, Partials } from './partials/index.ts';
import { createReception } from './receive-body.ts';
import type { HealedCounts, ReceivedGrowing, Reception, ResumeSettings } from './receive-body.ts';
import type { Storage } from './storage/index.ts';
import { failed, reasonOfError } from './upstream/index.ts';
import type { Absent, Accept, Begun, Failed, Found, WalkAnswer } from './upstream/index.ts';
import { failureOfRefusal, modHash, verifyArtifact } from './verify-artifact.ts';
import type { ArtifactJudgement, ArtifactVerification } from './verify-artifact.ts';
import type { ModuleVerification, Outlook, Refused } from './verification/index.ts';
import type { ReaderSource, ZipChecker } from '../module-zip/index.ts';

/** What a fill gives to everyone who waits for it. */
export type FillResult =
  | {
      readonly kind: 'bytes';
      readonly body: Buffer;
      /** False when the bytes are passed on but not kept (a zip that breaks only entry-name rules). */
      readonly keep: boolean;
      /** True when no checksum database could be reached: served as such, and kept out of the tree. */
      readonly isPending: boolean;
      readonly lastModified: string | undefined;
    }
  /** Has been held once for each asker, who must release it. */
  | {
      readonly kind: 'growing';
      readonly body: GrowingBody;
      /** What can be said of it before its end is here. */
      readonly outlook: () => Promise<Outlook>;
    }
  | { readonly kind: 'absent'; readonly absent: Absent }
  | { readonly kind: 'failed'; readonly failures: readonly Failed[] };

export interface FillNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly healed: HealedCounts;
  readonly shelter: Shelter;
  readonly storage: Storage;
  readonly zips: ZipChecker;
  readonly verification: Pick<ModuleVerification, 'begin' | 'keepPending'>;
  readonly partials: Pick<Partials, 'begin'>;
  /** Walks the upstreams that may be asked for this artifact. */
  readonly walk: <Result>(
    artifact: Artifact & { readonly begun?: (upstream: string) => Begun | undefined },
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

/** A disk that is full now may have been given space by then. */
const BUSY_SECONDS = 10;

export interface FillSettings {
  /** Up to here an artifact is checked whole before its first byte is sent. */
  readonly wholeBytes: number;
  /** Up to here the same is done with one whose hash is expected, so that a wrong one can give way. */
  readonly heldBytes: number;
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

/** A fill with its verification, which began with it. */
interface Filling extends FillContext {
  readonly verification: ArtifactVerification;
  /** What an earlier process left; of small kinds nothing is ever kept. */
  readonly partial: PartialFill | undefined;
  readonly doubts: Doubts<Commit | 'done'>;
  /** Whether clients follow the body already. */
  isFollowed: boolean;
  /** Whether it goes on from what an earlier process left. */
  isBegun: boolean;
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
  const verification = verifyArtifact(needs.verification, artifact);
  const partial = artifact.kind === 'zip' ? await needs.partials.begin(artifact.key) : undefined;
  const doubts = createDoubts<Commit | 'done'>();
  const filling = { ...context, verification, partial, doubts, isFollowed: false, isBegun: false };
  const reception = receptionOf(filling);
  let failures: readonly Failed[] = [];
  try {
    const walked = partial === undefined ? artifact : { ...artifact, begun: partial.begun };
    const answer = await needs.walk(walked, via, signal, async (found) =>
      take(filling, reception, found),
    );
    failures = answer.failures;
    if (answer.outcome === 'absent') {
      settle({ kind: 'absent', absent: answer.absent });
    } else if (answer.outcome === 'failed') {
      const believed = doubts.settle(failures);
      if (believed === undefined) settle({ kind: 'failed', failures });
      else if (believed !== 'done') return believed;
    } else {
      return answer.result === 'done' ? undefined : answer.result;
    }
    return undefined;
  } catch (error) {
    failures = [failureOfOurs(error)];
    settle({ kind: 'failed', failures });
    return undefined;
  } finally {
    await partial?.close();
    await reception.close(failures);
  }
}

/** What is our own fault is never told as an upstream's. */
function failureOfOurs(error: unknown): Failed {
  if (!isProgramError(error) || error.kind === 'bug') {
    throw error;
  }
  const { message } = error;
  const reason = reasonOfError(error);
  return failed('cofferdam', { kind: 'unavailable', reason, message }, 503, BUSY_SECONDS);
}

/**
 * Clients may follow a large body as soon as it begins; whoever goes on with it serves them too. Where
 * a hash is expected, or the start is an earlier process's, they wait for its end: a wrong body can
 * then still give way to a right one.
 */
function receptionOf(context: Filling): Reception {
  const { needs, settings, artifact, settle, verification } = context;
  const limits = {
    ...settings.resume,
    wholeBytes: settings.wholeBytes,
    maximumBytes: MAXIMUM_BYTES[artifact.kind],
  };
  return createReception({ ...needs, partial: context.partial }, limits, (first, growing) => {
    if (artifact.kind !== 'zip') {
      // Nobody follows a go.mod: one of this size is an upstream's mistake, and another may know better.
      return artifact.kind === 'mod' ? checkModStart(first) : undefined;
    }
    const isDoubtful = verification.isExpected || context.isBegun;
    const waits = isDoubtful && (growing.length ?? Infinity) <= settings.heldBytes;
    if (!waits && !context.isFollowed) {
      context.isFollowed = true;
      growing.hold();
      settle({ kind: 'growing', body: growing, outlook: verification.outlook });
    }
    return undefined;
  });
}

async function take(
  context: Filling,
  reception: Reception,
  found: Found,
): Promise<Commit | 'done' | Failed> {
  const { upstream } = found;
  const maximumBytes = MAXIMUM_BYTES[context.artifact.kind];
  if (found.length !== undefined && found.length > maximumBytes) {
    found.discard();
    const message = `${upstream} sent more than ${maximumBytes} bytes`;
    return failed(upstream, { kind: 'invalid', reason: 'content-too-large', message });
  }
  context.isBegun = found.begun !== undefined;
  const received = await reception.receive(found);
  if (received.kind === 'failed') {
    if (received.failure.kind === 'invalid') await context.partial?.forget();
    return received.failure;
  }
  const taken =
    received.kind === 'whole'
      ? await takeWhole(context, found, received.bytes)
      : await takeGrowing(context, found, received);
  // Stored by now, or what made it wrong: the next try has to do without it.
  await context.partial?.forget();
  return taken;
}

interface JudgedBytes {
  readonly bytes: Buffer;
  readonly verdict: SoundVerdict;
  readonly judged: Exclude<ArtifactJudgement, Refused>;
}

/** Everybody has the bytes before the disk does. */
async function takeWhole(
  context: Filling,
  found: Found,
  bytes: Buffer,
): Promise<Commit | 'done' | Failed> {
  const { needs, artifact, signal } = context;
  const { upstream } = found;
  const source = { kind: 'bytes', bytes } as const;
  const verdict = await checkArtifact(needs.zips, artifact, source, signal);
  if (verdict.verdict === 'bad') {
    return badContent(found, verdict);
  }
  const judged = await context.verification.judge(verdict.h1, upstream);
  if (judged.kind === 'refused') {
    return artifact.kind === 'mod' && judged.isUpstreamsFault && isBlank(bytes)
      ? emptyMod(upstream)
      : refuse(context, upstream, judged);
  }
  const keep = (): Commit | 'done' => keepWhole(context, found, { bytes, verdict, judged });
  const isVouchedFor = judged.kind === 'accepted' && judged.state !== 'first-seen';
  const doubt =
    artifact.kind === 'mod' && !isVouchedFor && judged.kind !== 'chosen'
      ? context.doubts.raise(upstream, bytes, keep)
      : undefined;
  return doubt ?? keep();
}

/** Nobody forges nothing: it is no version with other bytes, but an answer without any. */
function emptyMod(upstream: string): Failed {
  const message = `${upstream} sent an empty go.mod`;
  return failed(upstream, { kind: 'invalid', reason: 'mod-malformed', message });
}

/** Answers with what was judged, and says what is left to do for the store. */
function keepWhole(
  context: Filling,
  { upstream, lastModified }: Found,
  { bytes, verdict, judged }: JudgedBytes,
): Commit | 'done' {
  const { needs, artifact, settle } = context;
  needs.fetched(bytes.length);
  const isPending = judged.kind === 'pending';
  const keep = verdict.verdict === 'good' && !isPending;
  settle({ kind: 'bytes', body: bytes, keep, isPending, lastModified });
  if (verdict.verdict !== 'good' || judged.kind === 'chosen') {
    return 'done';
  }
  async function run(): Promise<void> {
    const known = { size: bytes.length, h1: verdict.h1, upstream };
    if (judged.kind !== 'accepted') {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await context.verification.keepPending({ ...known, sha256 }, bytes);
      return;
    }
    let sha256: string;
    try {
      sha256 = await needs.storage.put(artifact.key, bytes);
    } catch (error) {
      needs.notStored(artifact, error);
      return;
    }
    needs.committed(artifact, { ...known, sha256, state: judged.state });
  }
  return { bytes: bytes.length, run };
}

/** Clients are already following: whatever is the end of the walk is theirs as well. */
async function takeGrowing(
  context: Filling,
  found: Found,
  received: ReceivedGrowing,
): Promise<'done' | Failed> {
  const { needs, artifact, signal, settle } = context;
  const { upstream } = found;
  const { writer } = received;
  const source: ReaderSource = {
    kind: 'reader',
    size: writer.size,
    read: async (buffer, position) => writer.draft.file.read(buffer, position),
  };
  const verdict = await checkArtifact(needs.zips, artifact, source, signal);
  if (verdict.verdict === 'bad') {
    needs.logger.warn('an upstream sent an artifact that cannot be right', {
      key: artifact.key,
      upstream,
      problem: verdict.problem,
    });
    return badContent(found, verdict);
  }
  const h1 = verdict.h1 ?? (artifact.kind === 'mod' ? modHash(received.sha256) : undefined);
  const judged = await context.verification.judge(h1, upstream);
  if (judged.kind === 'refused') {
    const refusal = refuse(context, upstream, judged);
    if (refusal === 'done') writer.fail([failureOfRefusal(upstream, judged)]);
    return refusal;
  }
  if (!context.isFollowed) {
    writer.hold();
    settle({ kind: 'growing', body: writer, outlook: context.verification.outlook });
  }
  writer.finish();
  needs.fetched(writer.size - (found.begun?.position ?? 0));
  if (verdict.verdict === 'good' && judged.kind !== 'chosen') {
    const facts = { size: writer.size, sha256: received.sha256, h1, upstream };
    await (judged.kind === 'accepted'
      ? commitGrowing(context, received, { ...facts, state: judged.state })
      : context.verification.keepPending(facts, writer.draft.file));
  }
  return 'done';
}

/** An upstream's fault moves on to the next; what none of them can mend is the end. */
function refuse(context: Filling, upstream: string, judged: Refused): Failed | 'done' {
  const failure = failureOfRefusal(upstream, judged);
  if (judged.isUpstreamsFault) {
    return failure;
  }
  context.settle({ kind: 'failed', failures: [failure] });
  return 'done';
}

/** A body whose length nobody told may only have been cut, which the next try may not be. */
function badContent(found: Found, { problem, reason }: BadVerdict): Failed {
  const kind = found.length === undefined ? 'unavailable' : 'invalid';
  return failed(found.upstream, { kind, reason, message: `${found.upstream} ${problem}` });
}

async function commitGrowing(
  context: Filling,
  received: ReceivedGrowing,
  facts: CommitFacts,
): Promise<void> {
  const { needs, artifact } = context;
  try {
    await received.writer.draft.commit(artifact.key, facts.sha256);
    needs.committed(artifact, facts);
  } catch (error) {
    needs.notStored(artifact, error);
  }
}

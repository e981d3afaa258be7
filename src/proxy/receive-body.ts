import type { Clock, Random } from '../platform/index.ts';
import type { ContentProblem } from './artifact-checks.ts';
import { BodyReceiver } from './body-receiver.ts';
import type { Announce, ReceiverNeeds, ReceiverSettings } from './body-receiver.ts';
import type { GrowingBodyWriter } from './growing-body.ts';
import type { PartialFill } from './partials/index.ts';
import { failed, reasonOfError } from './upstream/index.ts';
import type { Failed, Found, Rest } from './upstream/index.ts';
import { stallReason, watchBody } from './watch-body.ts';
import type { StallReason, WatchSettings } from './watch-body.ts';

export interface ReceiveNeeds extends ReceiverNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly healed: HealedCounts;
  /** Told how far a body has come, for the process after this one. */
  readonly partial?: Pick<PartialFill, 'progressed'> | undefined;
}

/** Told what became of bodies that broke off. */
export interface HealedCounts {
  stalled(reason: StallReason): void;
  /**
   * `continued`: the rest came. `kept`: the rest of what an earlier fetch left. `anew`: the
   * same upstream began again. `failed`: it gave neither.
   */
  resumed(outcome: 'continued' | 'kept' | 'anew' | 'failed'): void;
  /** A body from its start took the place of one that clients follow. */
  restarted(): void;
}

export interface ResumeSettings {
  readonly watch: WatchSettings;
  /** How often the same upstream is asked for the rest before it has brought something again. */
  readonly attempts: number;
  /** So much is progress, which gives all attempts back; less would let a drip go on for ever. */
  readonly progressBytes: number;
  /** Full jitter: each wait but the first is a random share of this, doubled with each attempt. */
  readonly waitMilliseconds: number;
}

export interface ReceivedGrowing {
  readonly kind: 'growing';
  readonly writer: GrowingBodyWriter;
  readonly sha256: string;
}

export type Received =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | ReceivedGrowing
  | { readonly kind: 'failed'; readonly failure: Failed };

/** What one artifact's bodies are received into, from the first answer to the last. */
export interface Reception {
  /** One answer; where it breaks off, its upstream is asked for the rest. */
  receive(found: Found): Promise<Received>;
  /** Tells those who follow, if any do and nothing told them before, and lets go of the scratch file. */
  close(failures: readonly Failed[]): Promise<void>;
}

export function createReception(
  needs: ReceiveNeeds,
  settings: ReceiverSettings & ResumeSettings,
  announce: Announce,
): Reception {
  const receiver = new BodyReceiver(needs, settings, announce);
  return {
    receive: async (found) => receive({ needs, settings, receiver }, found),
    async close(failures) {
      const writer = receiver.large;
      if (writer?.state === 'running') {
        writer.fail(failures);
      }
      await writer?.release();
    },
  };
}

interface Work {
  readonly needs: ReceiveNeeds;
  readonly settings: ReceiverSettings & ResumeSettings;
  readonly receiver: BodyReceiver;
}

/** How one stretch of a body ended. */
type Ending =
  | { readonly how: 'end' }
  /** It cannot be right, so its rest is of no use. */
  | ({ readonly how: 'wrong' } & ContentProblem)
  | ({ readonly how: 'broken' } & ContentProblem);

async function receive(work: Work, first: Found): Promise<Received> {
  const { receiver, settings } = work;
  const { upstream } = first;
  let found = first;
  let source: Found | Rest = first;
  let attempt = 0;
  let mark = 0;
  for (;;) {
    const ending = await stretch(work, source, found);
    if (ending.how === 'end') {
      return received(receiver);
    }
    source.discard();
    if (ending.how === 'wrong') {
      const { reason, problem } = ending;
      const message = `${upstream} ${problem}`;
      return { kind: 'failed', failure: failed(upstream, { kind: 'invalid', reason, message }) };
    }
    if (receiver.position - mark >= settings.progressBytes) {
      attempt = 0;
    }
    mark = receiver.position;
    const next = await askForRest(work, found, attempt);
    if (next === undefined) {
      const { reason, problem: message } = ending;
      return {
        kind: 'failed',
        failure: failed(upstream, { kind: 'unavailable', reason, message }),
      };
    }
    attempt = next.attempt;
    source = next.source;
    if (source.outcome === 'found') {
      found = source;
      mark = 0;
    }
  }
}

/** Reads until the body ends one way or another. */
async function stretch(work: Work, source: Found | Rest, found: Found): Promise<Ending> {
  const { needs, receiver } = work;
  const expected = source.length ?? found.length;
  if (source.outcome === 'found') {
    if (receiver.large !== undefined) needs.healed.restarted();
    const problem = await receiver.begin(source);
    if (problem !== undefined) {
      return { how: 'wrong', ...problem };
    }
    if (source.begun !== undefined) needs.healed.resumed('kept');
  }
  let isOurs = false;
  try {
    for await (const piece of piecesOf(work, source, found)) {
      isOurs = true;
      const problem = await receiver.take(piece);
      isOurs = false;
      if (problem !== undefined) {
        return { how: 'wrong', ...problem };
      }
      if (receiver.large !== undefined) note(work, found);
    }
  } catch (error) {
    // Our disk is not the upstream's fault.
    if (isOurs) throw error;
    const reason = stallReason(error);
    if (reason !== undefined) needs.healed.stalled(reason);
    const problem = error instanceof Error ? error.message : String(error);
    return { how: 'broken', problem, reason: reasonOfError(error) };
  }
  if (expected !== undefined && receiver.position < expected) {
    const problem = `only ${receiver.position} of ${expected} bytes came from ${found.upstream}`;
    return { how: 'broken', problem, reason: 'body-cut' };
  }
  const problem = receiver.end();
  return problem === undefined ? { how: 'end' } : { how: 'wrong', ...problem };
}

/** First what is here already: that is not a wait for the upstream. */
async function* piecesOf(
  { needs, settings }: Work,
  source: Found | Rest,
  { upstream }: Found,
): AsyncGenerator<Buffer, void, undefined> {
  if (source.outcome === 'found' && source.begun !== undefined) {
    const { position, read } = source.begun;
    let size = 0;
    for await (const piece of read()) {
      size += piece.length;
      yield piece;
    }
    // The rest would follow at the wrong place; asked again from here it does not.
    if (size !== position) throw new Error(`only ${size} of ${position} kept bytes are there`);
  }
  yield* watchBody(needs.clock, { ...source, upstream }, settings.watch);
}

/** For whoever goes on after a crash. */
function note({ needs, receiver }: Work, { upstream, resume, length }: Found): void {
  needs.partial?.progressed({
    upstream,
    validator: resume?.validator,
    length,
    path: receiver.large?.draft.file.path,
    size: receiver.position,
    digest: () => receiver.digest(),
  });
}

/** Undefined when the same upstream gives no more: then it is for the walk to begin again, here or elsewhere. */
async function askForRest(
  work: Work,
  found: Found,
  attempt: number,
): Promise<{ readonly source: Found | Rest; readonly attempt: number } | undefined> {
  const { needs, settings, receiver } = work;
  if (found.resume === undefined || receiver.position === 0) {
    return undefined;
  }
  for (let tried = attempt; tried < settings.attempts; tried += 1) {
    if (tried > 0) {
      const wait = settings.waitMilliseconds * 2 ** (tried - 1) * needs.random.fraction();
      await needs.clock.sleep(wait);
    }
    const answer = await found.resume.ask(receiver.position);
    if (answer.outcome !== 'failed') {
      needs.healed.resumed(answer.outcome === 'rest' ? 'continued' : 'anew');
      return { source: answer, attempt: tried + 1 };
    }
    needs.healed.resumed('failed');
  }
  return undefined;
}

function received(receiver: BodyReceiver): Received {
  const writer = receiver.large;
  return writer === undefined
    ? { kind: 'whole', bytes: receiver.bytes() }
    : { kind: 'growing', writer, sha256: receiver.digest() };
}

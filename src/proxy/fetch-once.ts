import { withDeadline } from '../platform/index.ts';
import type { Artifact } from './artifact.ts';
import { createCommitGate } from './commit-gate.ts';
import type { CommitGateSettings } from './commit-gate.ts';
import { fillArtifact } from './fill.ts';
import type { Commit, FillNeeds, FillResult, FillSettings } from './fill.ts';
import { createTurns } from '../turns.ts';
import { failed } from './upstream/index.ts';

export interface FetchOnce {
  /** Starts the one fetch of this artifact, or joins the one that runs. */
  obtain(
    artifact: Artifact,
    via: string | undefined,
  ): { readonly result: Promise<Obtained>; readonly joined: boolean };
  /** The same for an artifact that nobody asked for yet: it gives way when there is no room. */
  guess(artifact: Artifact): Promise<Guessed>;
  /** Gives up what nobody has asked for. */
  abandonGuesses(): void;
  isRunning(key: string): boolean;
  /** Whether one more may start that nobody waits for: not the last free turns. */
  hasRoom(): boolean;
  /** Resolves when no fill and no commit runs any more, or when the signal aborts. */
  idle(signal: AbortSignal): Promise<void>;
}

/** `again`: the fill was just ending; look into the store again. */
export type Obtained = FillResult | { readonly kind: 'again' };

/** `abandoned`: it was in the way of what clients asked. */
export type Guessed = Obtained | { readonly kind: 'abandoned' };

export type FetchOnceNeeds = FillNeeds;

export interface FetchOnceSettings extends FillSettings {
  /** A fetch outlives its clients, but not without limit (reference 8.1, 10). */
  readonly fillMilliseconds: number;
  /** More fills wait: each may hold `wholeBytes` of memory. */
  readonly simultaneousFills: number;
  /** Of these, kept free for what clients ask. */
  readonly reservedFills: number;
  readonly commits: CommitGateSettings;
}

interface RunningFill {
  readonly result: Promise<FillResult>;
  /** Resolves when the fill is over and the store has what it will have. */
  readonly finished: Promise<void>;
  readonly leaving: AbortController;
  /** A client waits for it, or waited. */
  isWanted: boolean;
}

/**
 * One download per artifact, however many ask. The fill belongs to nobody: clients come and go, a
 * leader that disconnects stops nothing (Athens #1765, #1790 are what happens otherwise).
 */
export function createFetchOnce(needs: FetchOnceNeeds, settings: FetchOnceSettings): FetchOnce {
  const fills = new Map<string, RunningFill>();
  const running = new Set<Promise<void>>();
  const turns = createTurns(settings.simultaneousFills);
  const gate = createCommitGate(needs, settings.commits);
  let inProgress = 0;

  function start(artifact: Artifact, via: string | undefined, isWanted: boolean): RunningFill {
    const early = Promise.withResolvers<FillResult>();
    const settle = early.resolve;
    const leaving = new AbortController();
    const finished = run(artifact, via, settle, leaving.signal)
      .catch((error: unknown) => {
        // A guess that made room for others was cut on purpose.
        if (!leaving.signal.aborted) {
          const { key } = artifact;
          needs.logger.error('a fill failed by our own fault', { key, error: String(error) });
        }
        const failure = failed('cofferdam', {
          kind: 'unavailable',
          reason: 'own-failure',
          message: 'the fetch broke by a bug of ours',
        });
        settle({ kind: 'failed', failures: [failure] });
      })
      .finally(() => {
        fills.delete(artifact.key);
        running.delete(finished);
      });
    const fill = { result: early.promise, finished, leaving, isWanted };
    fills.set(artifact.key, fill);
    running.add(finished);
    return fill;
  }

  async function run(
    artifact: Artifact,
    via: string | undefined,
    settle: (result: FillResult) => void,
    leave: AbortSignal,
  ): Promise<void> {
    const over = gate.busy();
    inProgress += 1;
    if (inProgress > settings.simultaneousFills) abandonGuesses();
    await turns.take();
    let commit: Commit | undefined;
    try {
      commit = await withDeadline(
        needs.clock,
        settings.fillMilliseconds,
        async (signal) => fillArtifact({ needs, settings, artifact, signal, settle }, via),
        leave,
      );
    } finally {
      turns.give();
      inProgress -= 1;
      over();
    }
    if (commit !== undefined) {
      await gate.pass(commit.bytes);
      await commit.run();
    }
  }

  function abandonGuesses(): void {
    for (const fill of fills.values()) {
      if (!fill.isWanted) {
        fill.leaving.abort(new Error('nobody asked for it, and others need the room'));
      }
    }
  }

  return {
    obtain(artifact, via) {
      const present = fills.get(artifact.key);
      if (present === undefined) {
        // The hold of the one who started it is taken when the result is settled.
        return { result: start(artifact, via, true).result, joined: false };
      }
      present.isWanted = true;
      return { result: join(present), joined: true };
    },
    async guess(artifact) {
      const present = fills.get(artifact.key);
      if (present !== undefined) {
        return join(present);
      }
      const fill = start(artifact, undefined, false);
      const settled = await fill.result;
      return fill.leaving.signal.aborted && settled.kind === 'failed'
        ? { kind: 'abandoned' }
        : settled;
    },
    abandonGuesses,
    isRunning: (key) => fills.has(key),
    hasRoom: () => inProgress < settings.simultaneousFills - settings.reservedFills,
    async idle(signal) {
      // Whoever would have asked is gone; what clients asked for still ends, and is kept.
      abandonGuesses();
      gate.open();
      while (running.size > 0 && !signal.aborted) {
        await Promise.race([Promise.all(running), aborted(signal)]);
      }
    },
  };
}

async function join(fill: RunningFill): Promise<Obtained> {
  if (fill.leaving.signal.aborted) {
    await fill.finished;
    return { kind: 'again' };
  }
  const settled = await fill.result;
  if (settled.kind !== 'growing' || settled.body.hold()) {
    return settled;
  }
  await fill.finished;
  return { kind: 'again' };
}

async function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

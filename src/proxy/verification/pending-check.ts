import { createHash } from 'node:crypto';
import type { Clock, Logger } from '../../platform/index.ts';
import type { PendingFact } from '../facts/index.ts';
import type { PendingStore } from './pending-store.ts';
import type { UpstreamQuarantine } from './upstream-quarantine.ts';
import type { VerificationReports } from './verification-findings.ts';
import type { Verifier } from './verifier.ts';

export interface PendingCheck {
  /** Looks one up again; false when it still waits. */
  settle(fact: PendingFact): Promise<boolean>;
  /** Looks all up again, soon and not twice at once. */
  checkAll(): void;
  close(): Promise<void>;
}

export interface PendingCheckNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pending: PendingStore;
  readonly verifier: Verifier;
  readonly quarantine: UpstreamQuarantine;
  readonly reports: VerificationReports;
  /** Hash of the file as go.sum has it; undefined when it is not sound. */
  readonly hash: (
    fact: PendingFact,
    file: string,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** Puts the file's bytes into the tree. */
  readonly commit: (fact: PendingFact, state: 'verified' | 'first-seen') => Promise<void>;
}

/** So many pieces of a large file are hashed in one turn. */
const PIECE_BYTES = 1024 * 1024;
/** The largest zip on a slow disk. */
const HASH_MILLISECONDS = 10 * 60 * 1000;

/** Checks in the background what was served while no checksum database answered. */
export function createPendingCheck(
  needs: PendingCheckNeeds,
  settings: {
    readonly pendingMilliseconds: number;
    /** This engine's settings speak for one command, which may not say what all who share the store get. */
    readonly isForOneCommand: boolean;
  },
): PendingCheck {
  const { clock, logger, pending, verifier, quarantine, reports } = needs;
  const running = new Map<string, Promise<boolean>>();
  let round: Promise<void> | undefined;
  let isClosed = false;
  let timer = schedule();

  function schedule(): { cancel(): void } {
    return clock.after(settings.pendingMilliseconds, () => {
      checkAll();
      timer = schedule();
    });
  }

  async function settle(fact: PendingFact): Promise<boolean> {
    const present = running.get(fact.key);
    if (present !== undefined) return present;
    const settled = look(fact)
      .catch((error: unknown) => {
        logger.warn('a pending artifact could not be checked', {
          key: fact.key,
          error: String(error),
        });
        return false;
      })
      .finally(() => running.delete(fact.key));
    running.set(fact.key, settled);
    return settled;
  }

  async function look(fact: PendingFact): Promise<boolean> {
    const known = await verifier.evidence(fact);
    if (known.kind === 'unknown' || known.kind === 'contradicted') {
      return false;
    }
    if (known.kind === 'new' && !known.wasAsked && settings.isForOneCommand) {
      return false;
    }
    const signal = clock.deadline(HASH_MILLISECONDS);
    const got = await needs.hash(fact, pending.pathOf(fact.key), signal);
    if (got === undefined || (known.kind === 'new' ? fact.h1 : known.hash) !== got) {
      const expected = known.kind === 'new' ? fact.h1 : known.hash;
      const { key, upstream } = fact;
      const problem = `${upstream} sent ${got ?? 'what is no longer sound'}, but it must be ${expected} (pending-hash-mismatch)`;
      const finding = 'pending-hash-mismatch';
      reports.refused({ finding, key, upstream, problem, expected, got: got ?? 'nothing sound' });
      quarantine.put(upstream, fact, problem);
    } else {
      await needs.commit(fact, known.kind === 'record' ? 'verified' : 'first-seen');
      reports.judged(known.kind === 'record' ? 'database' : 'first-seen');
    }
    await pending.drop(fact.key);
    return true;
  }

  async function checkRound(): Promise<void> {
    await pending.reload();
    for (const fact of pending.all()) {
      // One that still waits means that the database is still away: the others wait too.
      if (isClosed || !(await settle(fact))) return;
    }
  }

  function checkAll(): void {
    round ??= checkRound().finally(() => {
      round = undefined;
    });
  }

  return {
    settle,
    checkAll,
    async close() {
      isClosed = true;
      timer.cancel();
      await round;
      await Promise.all(running.values());
    },
  };
}

/** SHA-256 of a file, piece by piece. */
export async function hashFile(file: {
  read(buffer: Uint8Array, position: number): Promise<number>;
}): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let position = 0;
  for (;;) {
    const count = await file.read(buffer, position);
    if (count === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, count));
    position += count;
  }
}

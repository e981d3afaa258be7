import type { Clock } from '../platform/index.ts';
import type { AnswerMemory } from './answer-memory.ts';
import type { FetchOnce, Guessed } from './fetch-once.ts';
import { makeHotEntry } from './hot-artifacts.ts';
import type { FetchedAhead, Guess } from './look-ahead/index.ts';
import type { MemoryTier, Storage } from './storage/index.ts';

export interface FetchAheadNeeds {
  readonly clock: Clock;
  readonly storage: Storage;
  readonly memory: MemoryTier;
  readonly answers: AnswerMemory;
  readonly fetchOnce: FetchOnce;
  readonly isPrivate: (path: string) => boolean;
}

/** Brings an artifact here that nobody asked for yet. Only a certain absence is remembered of what fails. */
export async function fetchAhead(
  needs: FetchAheadNeeds,
  guess: Guess,
  used: (client: string | undefined) => void,
): Promise<FetchedAhead> {
  const { key } = guess;
  if (isHere(needs, key) || (!guess.isNew && (await isStored(needs, key)))) {
    return { outcome: 'present' };
  }
  const { kind, path, version } = guess;
  const artifact = { key, kind, path, version, isPrivate: needs.isPrivate(path) };
  const settled: Guessed = await needs.fetchOnce.guess(artifact);
  switch (settled.kind) {
    case 'bytes': {
      const { body, keep } = settled;
      if (keep && needs.memory.get(`/${key}`) === undefined) {
        const modifiedMilliseconds = needs.clock.epochMilliseconds();
        const entry = makeHotEntry(artifact, { body, modifiedMilliseconds, sha256: undefined });
        entry.firstUse = used;
        needs.memory.put(`/${key}`, entry);
      }
      return { outcome: 'fetched', bytes: body.length, body };
    }
    case 'growing':
      // Whoever asks meanwhile follows it; afterwards it is read from the store.
      await settled.body.release();
      return {
        outcome: 'fetched',
        bytes: settled.body.length ?? settled.body.size,
        body: undefined,
      };
    case 'absent':
      if (settled.absent.certain) {
        const { status, contentType, body } = settled.absent;
        needs.answers.remember(key, { status, contentType, body });
      }
      return { outcome: 'absent' };
    case 'failed':
      return { outcome: 'failed' };
    case 'abandoned':
      return { outcome: 'cancelled' };
    case 'again':
      return { outcome: 'present' };
    default:
      return settled satisfies never;
  }
}

function isHere(needs: FetchAheadNeeds, key: string): boolean {
  return (
    needs.memory.get(`/${key}`) !== undefined ||
    needs.answers.fresh(key) !== undefined ||
    needs.fetchOnce.isRunning(key)
  );
}

/** Somebody may have begun while we looked. */
async function isStored(needs: FetchAheadNeeds, key: string): Promise<boolean> {
  return (await needs.storage.has(key)) || isHere(needs, key);
}

import type { Database } from '../platform/index.ts';
import { openDatabase, openDatabaseInstead } from './open-database.ts';
import type { DatabaseSettings } from './open-database.ts';
import type { Ports } from './ports.ts';
import { takeStore } from './take-store.ts';
import type { TakenStore } from './take-store.ts';

export interface Place extends TakenStore {
  readonly database: Database;
  /** What does not work as it should, in words: one sentence, whatever follows from what. */
  readonly notice: string | undefined;
  /** What is recorded there is gone with this program. */
  readonly isInMemory: boolean;
}

/** The store and its database, both at once: the thread of one takes as long to start as the other to be locked. */
export async function openPlace(
  ports: Ports,
  settings: DatabaseSettings,
  undo: (() => Promise<void>)[],
): Promise<Place> {
  const place = await openBoth(ports, settings, undo);
  if (place.notice !== undefined) ports.logger.warn(place.notice);
  return place;
}

async function openBoth(
  ports: Ports,
  settings: DatabaseSettings,
  undo: (() => Promise<void>)[],
): Promise<Place> {
  const [taken, opened] = await Promise.allSettled([
    takeStore(ports, settings, undo),
    openDatabase(ports, settings.databaseFile),
  ]);
  if (opened.status === 'fulfilled') undo.push(async () => opened.value.close());
  // What is wrong with the store is the better reason where both have one.
  if (taken.status === 'rejected') throw taken.reason;
  if (opened.status === 'fulfilled') {
    const { problem: notice } = taken.value;
    return { ...taken.value, database: opened.value, notice, isInMemory: false };
  }
  const instead = await openDatabaseInstead(ports, settings, opened.reason);
  undo.push(async () => instead.database.close());
  const { database, problem } = instead;
  const notice = taken.value.problem ?? problem;
  return { ...taken.value, database, notice, isInMemory: problem !== undefined };
}

import type { Clock, Files, Logger } from '../../platform/index.ts';
import { PARTIAL_LIMITS } from './partial-limits.ts';
import { LARGEST_NOTE_BYTES, NOTE_SUFFIX, parseNote, partialName } from './partial-note.ts';
import type { Kept, PartialNote } from './partial-note.ts';

export interface KeepNeeds {
  readonly clock: Clock;
  readonly files: Files;
  readonly logger: Logger;
}

/** Where unfinished bodies wait for whoever asks for them again. */
export function partialsDirectory(store: string): string {
  return `${store}/partials`;
}

/**
 * Moves unfinished bodies with a note out of a scratch directory whose process is gone or about to go.
 * What is wrong with them shows when they are used: here only their sizes are looked at.
 */
export async function keepPartials(
  needs: KeepNeeds,
  { store, scratch }: { readonly store: string; readonly scratch: string },
): Promise<void> {
  for (const partial of await listPartials(needs.files, scratch)) {
    await keepPartial(needs, store, partial);
  }
}

/** Takes the file away from whoever writes it; whoever has it open goes on reading. */
export async function keepPartial(
  { files, logger }: KeepNeeds,
  store: string,
  { note, path }: Kept,
): Promise<Kept> {
  const target = `${partialsDirectory(store)}/${partialName(note.key)}`;
  // Between the two an older note may stand beside newer bytes: its hash tells.
  await files.rename(path, target);
  await files.rename(path + NOTE_SUFFIX, target + NOTE_SUFFIX);
  logger.info('an unfinished download is kept', { key: note.key, bytes: note.size });
  return { note, path: target };
}

/** Removes what is too old, too much, or no pair. */
export async function sweepPartials({ clock, files }: KeepNeeds, store: string): Promise<void> {
  const directory = partialsDirectory(store);
  const entries = await files.list(directory);
  if (entries === undefined) return;
  const all = await listPartials(files, directory);
  const staying = new Set<string>();
  let bytes = 0;
  const newestFirst = all.toSorted(
    (one, other) => other.note.epochMilliseconds - one.note.epochMilliseconds,
  );
  for (const { note, path } of newestFirst) {
    bytes += (await files.status(path))?.size ?? 0;
    if (isFresh(note, clock) && bytes <= PARTIAL_LIMITS.keptBytes) {
      staying.add(path).add(path + NOTE_SUFFIX);
    }
  }
  for (const { name } of entries) {
    const path = `${directory}/${name}`;
    if (!staying.has(path)) await files.remove(path);
  }
}

export function isFresh({ epochMilliseconds }: PartialNote, clock: Clock): boolean {
  // A clock that was wrong then or now makes it old, whichever way.
  return Math.abs(clock.epochMilliseconds() - epochMilliseconds) < PARTIAL_LIMITS.keptMilliseconds;
}

/** The pairs of a directory. */
export async function listPartials(files: Files, directory: string): Promise<readonly Kept[]> {
  const pairs: Kept[] = [];
  for (const { name, kind } of (await files.list(directory)) ?? []) {
    if (kind !== 'file' || !name.endsWith(NOTE_SUFFIX)) continue;
    const path = `${directory}/${name.slice(0, -NOTE_SUFFIX.length)}`;
    const bytes = await files.readWhole(path + NOTE_SUFFIX, LARGEST_NOTE_BYTES);
    const note = bytes && parseNote(bytes);
    const size = (await files.status(path))?.size ?? 0;
    if (note !== undefined && size >= note.size) pairs.push({ note, path });
  }
  return pairs;
}

import type { Clock, Files, Logger } from '../../platform/index.ts';
import { PARTIAL_LIMITS } from './partial-limits.ts';
import { NOTE_SUFFIX, formatNote } from './partial-note.ts';
import type { Kept } from './partial-note.ts';

/** How far a body has come. */
export interface Progress {
  readonly upstream: string;
  /** The strong ETag, where the upstream gave one. */
  readonly validator: string | undefined;
  readonly length: number | undefined;
  /** Of the file that it is written to; undefined while it is in memory. */
  readonly path: string | undefined;
  readonly size: number;
  /** SHA-256 of these bytes. */
  digest(): string;
}

/** Notes beside the file of a large body, now and then, how much of it is here. */
export interface NoteWriter {
  progressed(progress: Progress): void;
  /** What was noted last, when nothing is being written any more. */
  noted(): Promise<Kept | undefined>;
  /** Removes the note. */
  forget(): Promise<void>;
}

export function createNoteWriter(
  {
    clock,
    files,
    logger,
  }: { readonly clock: Clock; readonly files: Files; readonly logger: Logger },
  settings: {
    readonly key: string;
    readonly scratch: string;
    readonly isStopped: () => boolean;
  },
): NoteWriter {
  const { key, scratch } = settings;
  let due = clock.monotonicMilliseconds() + PARTIAL_LIMITS.noteMilliseconds;
  let writing: Promise<void> | undefined;
  let noted: Kept | undefined;

  async function write(next: Kept): Promise<void> {
    try {
      await files.writeAtomically(next.path + NOTE_SUFFIX, formatNote(next.note), scratch);
      noted = next;
    } catch (error) {
      // Without a note a restart costs the whole download again, and nothing else.
      logger.debug('an unfinished download could not be noted', { key, error: String(error) });
    } finally {
      writing = undefined;
    }
  }

  return {
    progressed({ upstream, validator, length, path, size, digest }) {
      if (
        validator === undefined ||
        length === undefined ||
        length < PARTIAL_LIMITS.smallestBytes ||
        size >= length ||
        path?.startsWith(`${scratch}/`) !== true
      ) {
        return;
      }
      const now = clock.monotonicMilliseconds();
      if (now < due || writing !== undefined || settings.isStopped()) {
        return;
      }
      due = now + PARTIAL_LIMITS.noteMilliseconds;
      const epochMilliseconds = clock.epochMilliseconds();
      const note = { key, upstream, validator, length, size, sha256: digest(), epochMilliseconds };
      writing = write({ note, path });
    },
    async noted() {
      await writing;
      return noted;
    },
    async forget() {
      await writing;
      if (noted === undefined) return;
      const note = noted.path + NOTE_SUFFIX;
      noted = undefined;
      await files.remove(note).catch((error: unknown) => {
        logger.debug('a note could not be removed', { key, error: String(error) });
      });
    },
  };
}

import type { Clock, Files, Logger } from '../../platform/index.ts';
import { PARTIAL_LIMITS } from './partial-limits.ts';
import { NOTE_SUFFIX, formatNote } from './partial-note.ts';

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
  /** Resolves when nothing is being written. */
  written(): Promise<void>;
  /** Removes the note. */
  close(): Promise<void>;
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
  let noted: string | undefined;

  async function write(path: string, bytes: Buffer): Promise<void> {
    try {
      await files.writeAtomically(path, bytes, scratch);
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
      noted = path + NOTE_SUFFIX;
      const epochMilliseconds = clock.epochMilliseconds();
      const note = { key, upstream, validator, length, size, sha256: digest(), epochMilliseconds };
      writing = write(noted, formatNote(note));
    },
    async written() {
      await writing;
    },
    async close() {
      await writing;
      if (noted !== undefined) await files.remove(noted);
    },
  };
}

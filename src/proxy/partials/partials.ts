import { createHash } from 'node:crypto';
import type { Clock, Files, Logger, ReadableFile } from '../../platform/index.ts';
import type { Begun } from '../upstream/index.ts';
import {
  isFresh,
  keepPartial,
  listPartials,
  partialsDirectory,
  sweepPartials,
} from './keep-partials.ts';
import { createNoteWriter } from './note-writer.ts';
import type { NoteWriter, Progress } from './note-writer.ts';
import { PARTIAL_LIMITS } from './partial-limits.ts';
import { NOTE_SUFFIX } from './partial-note.ts';
import type { Kept } from './partial-note.ts';

export interface Partials {
  /** Looks what earlier processes left. Without it the first fill does. */
  load(): Promise<void>;
  /** For one fill, to its end. */
  begin(key: string): Promise<PartialFill>;
  /** From now on nothing is noted: the process ends, and leaves what it has as it is. */
  close(): Promise<void>;
}

/** What one fill has of an earlier one, of this process or another, and leaves to a later one. */
export interface PartialFill {
  /** Bytes that this very upstream sent before. */
  begun(upstream: string): Begun | undefined;
  /** After each piece; costs nothing until a note is due. */
  progressed(progress: Progress): void;
  /** What came so far is of no use any more: the artifact is here, or it led to a wrong one. */
  forget(): Promise<void>;
  /** Before the draft is released: keeps what was noted of it and not forgotten. */
  close(): Promise<void>;
}

export interface PartialsNeeds {
  readonly clock: Clock;
  readonly files: Files;
  readonly logger: Logger;
}

export interface PartialsSettings {
  readonly store: string;
  /** A directory of this process alone. */
  readonly scratch: string;
}

/** Bytes per read. */
const PIECE_BYTES = 256 * 1024;

export function createPartials(needs: PartialsNeeds, settings: PartialsSettings): Partials {
  const { clock, files, logger } = needs;
  const known = new Map<string, Kept>();
  const writers = new Set<NoteWriter>();
  let loading: Promise<void> | undefined;
  let expiry: { cancel(): void } | undefined;
  let expiring: Promise<void> | undefined;
  let isClosed = false;

  async function read(): Promise<void> {
    try {
      const all = await listPartials(files, partialsDirectory(settings.store));
      for (const kept of all) known.set(kept.note.key, kept);
      if (all.length > 0) watchAge();
    } catch (error) {
      logger.warn('unfinished downloads could not be read', { error: String(error) });
    }
  }

  async function load(): Promise<void> {
    loading ??= read();
    return loading;
  }

  function watchAge(): void {
    expiry ??= clock.after(PARTIAL_LIMITS.keptMilliseconds, () => {
      expiring = expire();
    });
  }

  async function expire(): Promise<void> {
    expiry = undefined;
    for (const kept of known.values()) if (!isFresh(kept.note, clock)) await drop(kept);
    if (known.size > 0 && !isClosed) watchAge();
  }

  async function drop({ note, path }: Kept): Promise<void> {
    known.delete(note.key);
    try {
      await files.remove(path);
      await files.remove(path + NOTE_SUFFIX);
    } catch (error) {
      logger.debug('an unfinished download could not be removed', { error: String(error) });
    }
  }

  /** Open until the fill ends, so that what was checked stays what is read. */
  async function open(kept: Kept): Promise<ReadableFile | undefined> {
    const { key } = kept.note;
    try {
      const file = isFresh(kept.note, clock) ? await files.open(kept.path) : undefined;
      if (file !== undefined && (await isUnchanged(file, kept))) return file;
      await file?.close();
      logger.info('an unfinished download is of no use any more', { key });
    } catch (error) {
      logger.warn('an unfinished download could not be read', { key, error: String(error) });
    }
    await drop(kept);
    return undefined;
  }

  /** The body broke off and nobody gave the rest. */
  async function leave(writer: NoteWriter): Promise<void> {
    const noted = await writer.noted();
    if (noted === undefined) return;
    const { key, size } = noted.note;
    if (size <= (known.get(key)?.note.size ?? 0)) {
      await writer.forget();
      return;
    }
    try {
      known.set(key, await keepPartial(needs, settings.store, noted));
      await sweepPartials(needs, settings.store);
      watchAge();
    } catch (error) {
      logger.debug('an unfinished download could not be kept', { key, error: String(error) });
      await writer.forget();
    }
  }

  return {
    load,
    async begin(key) {
      await load();
      const writer = createNoteWriter(needs, { ...settings, key, isStopped: () => isClosed });
      writers.add(writer);
      let kept = known.get(key);
      const file = kept && (await open(kept));
      return {
        begun: (upstream) =>
          file !== undefined && kept?.note.upstream === upstream ? begunOf(file, kept) : undefined,
        progressed: writer.progressed,
        async forget() {
          await writer.forget();
          const forgotten = kept;
          kept = undefined;
          if (forgotten !== undefined) await drop(forgotten);
        },
        async close() {
          await leave(writer);
          writers.delete(writer);
          await file?.close();
        },
      };
    },
    async close() {
      isClosed = true;
      expiry?.cancel();
      await loading;
      await expiring;
      await Promise.all([...writers].map(async (writer) => writer.noted()));
    },
  };
}

function begunOf(file: ReadableFile, { note }: Kept): Begun {
  const { validator, size, length } = note;
  return { validator, position: size, length, read: () => pieces(file, size) };
}

async function isUnchanged(file: ReadableFile, { note }: Kept): Promise<boolean> {
  const hash = createHash('sha256');
  for await (const piece of pieces(file, note.size)) hash.update(piece);
  return hash.digest('hex') === note.sha256;
}

/** Ends early where the file does. */
async function* pieces(file: ReadableFile, size: number): AsyncGenerator<Buffer> {
  for (let position = 0; position < size;) {
    const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, size - position));
    const count = await file.read(buffer, position);
    if (count === 0) return;
    position += count;
    yield buffer.subarray(0, count);
  }
}

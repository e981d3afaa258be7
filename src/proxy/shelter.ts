import { toldCause } from '../finding/index.ts';
import { ProgramError } from '../platform/index.ts';
import type { Clock, Files, GrowingFile, Logger } from '../platform/index.ts';
import { createMemoryRooms } from './memory-rooms.ts';
import { createMemoryDraft } from './storage/index.ts';
import type { Draft } from './storage/index.ts';

export interface ShelterNeeds {
  readonly clock: Clock;
  readonly files: Files;
  readonly logger: Logger;
}

export interface ShelterSettings {
  /** Where drafts are written. */
  readonly scratch: string;
  /** All drafts of this process together. */
  readonly scratchBytes: number;
  /** Left free on the file system, for the database, the journal and everybody else. */
  readonly freeBytes: number;
  /** One write that takes longer than this is a disk that does not work. */
  readonly writeMilliseconds: number;
  /** For so long after a failure the disk is not tried. */
  readonly pauseMilliseconds: number;
  readonly memoryBytes: number;
  readonly memoryWaitMilliseconds: number;
}

/**
 * Keeps large bodies coming while the disk cannot take them: a draft goes to memory, is served to all
 * who ask for it while it arrives, and is not stored. The next fill tries the disk again.
 */
export interface Shelter {
  begin(onDisk: () => Promise<Draft>, length: number | undefined): Promise<Draft>;
  /** Instead of a draft that failed, with the bytes it had. */
  replace(
    draft: Draft,
    had: { readonly size: number; readonly length: number | undefined },
    reason: unknown,
  ): Promise<Draft>;
}

/** Bytes copied at a time. */
const PIECE_BYTES = 256 * 1024;

export function createShelter(needs: ShelterNeeds, settings: ShelterSettings): Shelter {
  const { clock, files, logger } = needs;
  const rooms = createMemoryRooms(needs, {
    totalBytes: settings.memoryBytes,
    waitMilliseconds: settings.memoryWaitMilliseconds,
  });
  let used = 0;
  let trouble: { readonly reason: unknown; readonly until: number } | undefined;

  function note(reason: unknown): void {
    const until = clock.monotonicMilliseconds() + settings.pauseMilliseconds;
    if (trouble === undefined) {
      logger.warn(
        'large artifacts are served from memory and not stored, because the disk cannot take them',
        { error: toldCause(reason) },
      );
    }
    trouble = { reason, until };
  }

  /** The failure after which the disk is left alone for now. */
  function pausing(): unknown {
    return trouble !== undefined && clock.monotonicMilliseconds() < trouble.until
      ? trouble.reason
      : undefined;
  }

  /** Undefined, or why the disk cannot take this. */
  async function obstacle(length: number): Promise<unknown> {
    if (used + length > settings.scratchBytes) {
      return scratchFull(settings.scratchBytes);
    }
    const free = await within(files.freeBytes(settings.scratch));
    return free < length + settings.freeBytes ? tooLittleLeft(free) : undefined;
  }

  async function within<Result>(work: Promise<Result>): Promise<Result> {
    let timer: { cancel(): void } | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = clock.after(settings.writeMilliseconds, () => {
        reject(tooSlow(settings.writeMilliseconds));
      });
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      timer?.cancel();
    }
  }

  /** Counts what is written, and notices a disk that hangs. */
  function counted(draft: Draft): Draft {
    const { file } = draft;
    let size = 0;
    const watched: GrowingFile = {
      ...file,
      async write(bytes) {
        if (used + bytes.length > settings.scratchBytes) {
          throw scratchFull(settings.scratchBytes);
        }
        used += bytes.length;
        size += bytes.length;
        await within(file.write(bytes));
      },
      async truncate(next) {
        used -= Math.max(0, size - next);
        size = Math.min(size, next);
        await file.truncate(next);
      },
    };
    return {
      ...draft,
      file: watched,
      async release() {
        used -= size;
        size = 0;
        await draft.release();
      },
    };
  }

  async function inMemory(length: number | undefined, reason: unknown): Promise<Draft> {
    return createMemoryDraft(await rooms.take(length), reason);
  }

  return {
    async begin(onDisk, length) {
      // Not a failure of its own: the pause would never end for those who are asked all the time.
      const pause = pausing();
      if (pause !== undefined) return inMemory(length, pause);
      try {
        const reason = await obstacle(length ?? 0);
        if (reason !== undefined) {
          note(reason);
          return await inMemory(length, reason);
        }
        const draft = counted(await within(onDisk()));
        trouble = undefined;
        return draft;
      } catch (error) {
        if (!isOfTheDisk(error)) throw error;
        note(error);
        return inMemory(length, error);
      }
    },
    async replace(draft, { size, length }, reason) {
      if (!isOfTheDisk(reason)) throw reason;
      note(reason);
      const memory = await inMemory(length, reason);
      const buffer = Buffer.allocUnsafe(PIECE_BYTES);
      for (let position = 0; position < size;) {
        const wanted = buffer.subarray(0, Math.min(PIECE_BYTES, size - position));
        const count = await within(draft.file.read(wanted, position));
        if (count === 0) throw reason;
        await memory.file.write(wanted.subarray(0, count));
        position += count;
      }
      // Not waited for: it gives the space back, or hangs with the disk.
      draft.release().catch((error: unknown) => {
        logger.debug('a scratch file could not be removed', { error: String(error) });
      });
      return memory;
    },
  };
}

const DISK_KINDS: ReadonlySet<string> = new Set(['full', 'denied', 'unavailable', 'timeout']);

/** What a disk does wrong, unlike a bug of ours and unlike memory that is used up. */
function isOfTheDisk(error: unknown): boolean {
  return (
    error instanceof ProgramError &&
    error.code !== 'scratch-exhausted' &&
    DISK_KINDS.has(error.kind)
  );
}

function scratchFull(bytes: number): ProgramError {
  return new ProgramError({
    code: 'scratch-full',
    kind: 'full',
    message: `files that are being received already fill the ${bytes} bytes that they may use`,
    hint: 'ask again when the large downloads that run now have ended; they are in the log',
  });
}

function tooLittleLeft(free: number): ProgramError {
  return new ProgramError({
    code: 'disk-full',
    kind: 'full',
    message: `only ${free} bytes are free on the file system of the store`,
    hint: 'free some space on that file system, raise its quota, or choose another directory',
  });
}

function tooSlow(milliseconds: number): ProgramError {
  return new ProgramError({
    code: 'disk-slow',
    kind: 'timeout',
    message: `the disk of the store did not answer within ${milliseconds} ms`,
    hint: 'see whether the disk is failing or something else keeps it busy',
  });
}

import type { Files, GrowingFile } from '../../platform/index.ts';
import { createLogLines } from './log-lines.ts';
import type { Masker } from './masker.ts';

export interface LogFileSettings {
  readonly path: string;
  /** The file never holds more. */
  readonly limitBytes: number;
}

export type StreamName = 'stdout' | 'stderr';

/** A copy of what a command writes: bounded, with its beginning and its end, without secrets. */
export interface LogFile {
  /** Takes it over at once and writes it later: the command never waits for the copy. */
  write(stream: StreamName, bytes: Uint8Array): void;
  /** Resolves with what kept the file from being written, when all is in it. */
  end(): Promise<unknown>;
}

/** Of a log that is cut, so much of the limit is its beginning; the end tells why it failed. */
const HEAD_SHARE = 4;
/** One step of the work, so that others get their turn. */
const STEP_BYTES = 64 * 1024;
/** What waits when the command ends is written in a second or two. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/** Makes the file anew. Throws when it cannot be made. */
export async function openLogFile(
  needs: { readonly files: Pick<Files, 'create' | 'remove'>; readonly masker: Masker },
  { path, limitBytes }: LogFileSettings,
): Promise<LogFile> {
  await needs.files.remove(path);
  const file = await needs.files.create(path);
  const store = createBoundedFile(file, limitBytes);
  const lines = { stdout: createLogLines(), stderr: createLogLines() };
  const headBytes = Math.floor(limitBytes / HEAD_SHARE);
  const mostWaiting = Math.min(limitBytes, MOST_WAITING_BYTES);
  let taken = 0;
  const head = createQueue();
  const waiting = createQueue();
  let working: Promise<void> | undefined;
  let problem: unknown;

  function take(bytes: Buffer | undefined): void {
    if (bytes === undefined || problem !== undefined) return;
    (taken < headBytes ? head : waiting).push(bytes);
    taken += bytes.length;
    // A flood that nobody could read: of what waits the oldest goes.
    while (waiting.bytes() > mostWaiting) store.leaveOut(waiting.shift()?.length ?? 0);
    working ??= work();
  }

  async function work(): Promise<void> {
    try {
      for (let next = step(); next.length > 0; next = step()) {
        // One character for each byte, so that all but the secrets stays byte for byte.
        const masked = needs.masker.mask(next.toString('latin1'));
        await store.append(Buffer.from(masked, 'latin1'));
      }
    } catch (error) {
      problem = error;
      head.clear();
      waiting.clear();
    }
    working = undefined;
  }

  function step(): Buffer {
    const from = head.bytes() > 0 ? head : waiting;
    const pieces: Buffer[] = [];
    let length = 0;
    while (length < STEP_BYTES) {
      const next = from.shift();
      if (next === undefined) break;
      pieces.push(next);
      length += next.length;
    }
    return Buffer.concat(pieces);
  }

  return {
    write: (stream, bytes) => take(lines[stream].write(bytes)),
    async end() {
      take(lines.stdout.end());
      take(lines.stderr.end());
      await working;
      await file.close().catch((error: unknown) => (problem ??= error));
      return problem;
    },
  };
}

interface Queue {
  push(bytes: Buffer): void;
  shift(): Buffer | undefined;
  bytes(): number;
  clear(): void;
}

/** Removing from the front of a long array would move all of it each time. */
const MOST_SHIFTED = 4096;

function createQueue(): Queue {
  let pieces: Buffer[] = [];
  let first = 0;
  let size = 0;
  return {
    push(bytes) {
      pieces.push(bytes);
      size += bytes.length;
    },
    shift() {
      const next = pieces[first];
      if (next === undefined) return undefined;
      first += 1;
      size -= next.length;
      if (first >= MOST_SHIFTED || first === pieces.length) {
        pieces = pieces.slice(first);
        first = 0;
      }
      return next;
    },
    bytes: () => size,
    clear() {
      pieces = [];
      first = 0;
      size = 0;
    },
  };
}

interface BoundedFile {
  append(bytes: Buffer): Promise<void>;
  /** Counts what does not even come here. */
  leaveOut(bytes: number): void;
}

/** When the limit is reached, what lies between the beginning and the last part goes. */
function createBoundedFile(file: GrowingFile, limitBytes: number): BoundedFile {
  const headBytes = Math.floor(limitBytes / HEAD_SHARE);
  let size = 0;
  let missing = 0;

  async function write(bytes: Buffer): Promise<void> {
    await file.write(bytes);
    size += bytes.length;
  }

  /** Keeps the beginning and half of what may follow, so that this happens seldom. */
  async function shorten(coming: Buffer): Promise<void> {
    const keep = Math.floor((limitBytes - headBytes) / 2);
    const old = Buffer.alloc(Math.max(Math.min(keep - coming.length, size - headBytes), 0));
    await file.read(old, size - old.length);
    const end = Buffer.concat([old, coming]);
    const last = end.subarray(Math.max(end.length - keep, 0));
    const kept = last.subarray(last.indexOf(0x0a) + 1);
    const head = Math.min(size, headBytes);
    missing += size - head + coming.length - kept.length;
    await file.truncate(head);
    size = head;
    await write(Buffer.concat([leftOut(missing), kept]));
  }

  return {
    async append(bytes) {
      if (size + bytes.length <= limitBytes) await write(bytes);
      else await shorten(bytes);
    },
    leaveOut(bytes) {
      missing += bytes;
    },
  };
}

function leftOut(bytes: number): Buffer {
  return Buffer.from(`\n[cofferdam: about ${bytes} bytes are left out here]\n`);
}

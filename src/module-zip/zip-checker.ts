import { ProgramError, type ErrorKind, type Files } from '../platform/index.ts';
import type { ZipVerdict } from './check-zip.ts';
import { INLINE_BYTES, MAXIMUM_ZIP_BYTES } from './limits.ts';
import { createTurns } from '../turns.ts';
import { createWorkerLane, type LaneSource, type WorkerLane } from './worker-lane.ts';

export type { ZipVerdict } from './check-zip.ts';

export interface ZipCheckRequest {
  /** Module path and canonical version, both unescaped and valid. */
  readonly path: string;
  readonly version: string;
  /** The verdict on a good zip then names each file with its hash. */
  readonly listFiles?: boolean;
  readonly source:
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
    | { readonly kind: 'file'; readonly file: string }
    /** A file that somebody else holds open, or what stands for one. */
    | ReaderSource;
  readonly signal: AbortSignal;
}

export interface ReaderSource {
  readonly kind: 'reader';
  readonly size: number;
  read(buffer: Uint8Array, position: number): Promise<number>;
}

export interface ZipChecker {
  /** Throws `zip-checker-failed` (kind bug) when the worker breaks, `zip-missing` when the file is absent. */
  check(request: ZipCheckRequest): Promise<ZipVerdict>;
  close(): Promise<void>;
}

export interface ZipCheckerNeeds {
  readonly files: Files;
}

export interface ZipCheckerSettings {
  /** Threads; one judges about 200 MB of content a second. */
  readonly workers?: number;
}

/** Large zips checked at once: each holds a few blocks in memory, and two are no faster than one. */
const LARGE_AT_ONCE = 1;

interface OpenSource extends LaneSource {
  close(): Promise<void>;
}

export function createZipChecker(needs: ZipCheckerNeeds, settings: ZipCheckerSettings): ZipChecker {
  const program = new URL('./zip-worker.ts', import.meta.url);
  const workers = Math.max(1, settings.workers ?? 1);
  const lanes = Array.from({ length: workers }, () =>
    createWorkerLane(program, { isPatient: false }),
  );
  const largeLane = createWorkerLane(program, { isPatient: true });
  const turns = createTurns(LARGE_AT_ONCE);

  async function run(
    lane: WorkerLane,
    request: ZipCheckRequest,
    source: LaneSource,
  ): Promise<ZipVerdict> {
    const { path, version, listFiles = false, signal } = request;
    return await lane.check({ path, version, listFiles, source, signal });
  }

  return {
    check: async (request) => {
      request.signal.throwIfAborted();
      if (request.source.kind === 'bytes' && request.source.bytes.length <= INLINE_BYTES) {
        return await run(leastLoaded(lanes), request, bytesSource(request.source.bytes));
      }
      const source = await openSource(needs.files, request.source);
      try {
        if (source.size > MAXIMUM_ZIP_BYTES) {
          const problem = `it is larger than ${MAXIMUM_ZIP_BYTES} bytes`;
          return { verdict: 'bad', problem, flaw: 'too-large' };
        }
        if (source.whole !== undefined) {
          return await run(leastLoaded(lanes), request, source);
        }
        await turns.take(request.signal);
        try {
          return await run(largeLane, request, source);
        } finally {
          turns.give();
        }
      } finally {
        await source.close();
      }
    },
    close: async () => {
      await Promise.all([...lanes, largeLane].map((lane) => lane.close()));
    },
  };
}

function leastLoaded(lanes: readonly WorkerLane[]): WorkerLane {
  return lanes.reduce((best, lane) => (lane.load() < best.load() ? lane : best));
}

/** Copies, because the bytes move to the worker and the caller still needs them. */
function bytesSource(bytes: Uint8Array): LaneSource {
  return {
    size: bytes.length,
    whole: bytes.length <= INLINE_BYTES ? new Uint8Array(bytes) : undefined,
    read: async (position, length) => new Uint8Array(bytes.subarray(position, position + length)),
  };
}

async function openSource(files: Files, source: ZipCheckRequest['source']): Promise<OpenSource> {
  if (source.kind === 'bytes') {
    return { ...bytesSource(source.bytes), close: async () => undefined };
  }
  if (source.kind === 'reader') {
    return await readerSource(source, { path: '(open file)', close: async () => undefined });
  }
  const file = await files.open(source.file);
  if (file === undefined) {
    throw unreadable('zip-missing', 'bug', 'the zip to check is not on the disk', source.file);
  }
  const { read } = file;
  return await readerSource(
    { kind: 'reader', size: file.status.size, read },
    { path: source.file, close: async () => file.close() },
  );
}

async function readerSource(
  file: ReaderSource,
  { path, close }: { readonly path: string; close(): Promise<void> },
): Promise<OpenSource> {
  const { size } = file;
  async function read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    const count = length === 0 ? 0 : await file.read(bytes, position);
    if (count < length) {
      throw unreadable(
        'zip-changed',
        'unavailable',
        'the zip became shorter during its check',
        path,
      );
    }
    return bytes;
  }
  try {
    const whole = size <= INLINE_BYTES ? await read(0, size) : undefined;
    return { size, whole, read, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function unreadable(code: string, kind: ErrorKind, message: string, file: string): ProgramError {
  return new ProgramError({ code, kind, message, details: { file } });
}

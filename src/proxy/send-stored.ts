import { isProgramError } from '../platform/index.ts';
import { decideRange, isRefusal } from './decide-range.ts';
import { sendRefusal } from './error-answers.ts';
import type { Exchange, Reply } from './exchange.ts';
import { PIECE_BYTES, createPieceWriter } from './piece-writer.ts';
import type { Validators } from './protocol/index.ts';

/** Bytes of an artifact, from wherever. */
export interface ByteSource {
  read(buffer: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

export interface SentArtifact extends ByteSource {
  readonly size: number;
}

/** What goes beside the bytes. */
export interface SentFacts {
  readonly headers: readonly string[];
  readonly validators: Validators;
  readonly trace: string;
}

/**
 * Answers from a large file, piece by piece, as fast as the client reads. The first piece is read before
 * anything is said: `unreadable` leaves the answer to the caller. When a later one cannot be read, the
 * same bytes from elsewhere go on at the same place, or the connection is broken.
 */
export async function sendStored(
  exchange: Exchange,
  stored: SentArtifact,
  { headers, validators, trace }: SentFacts,
  elsewhere: () => Promise<ByteSource | undefined>,
): Promise<number | 'unreadable'> {
  const { reply } = exchange;
  const decided = decideRange(exchange, stored.size, validators);
  if (isRefusal(decided)) {
    return sendRefusal(exchange, decided, trace);
  }
  const hasBody = exchange.method !== 'HEAD' && decided.last >= decided.first;
  const pieces = new Pieces(stored, decided.first, hasBody ? decided.last + 1 : decided.first);
  const first = await pieces.next();
  if (first === undefined) {
    return 'unreadable';
  }
  reply.writeHead(decided.status, [
    ...headers,
    'Cofferdam-Cache',
    'hit',
    'Cofferdam-Trace',
    trace,
    'ETag',
    validators.etag,
    'Last-Modified',
    validators.lastModified,
    ...decided.headers,
  ]);
  if (hasBody) {
    await pump(reply, pieces, first, elsewhere);
  } else {
    reply.end();
  }
  return decided.status;
}

async function pump(
  reply: Reply,
  pieces: Pieces,
  first: Uint8Array,
  elsewhere: () => Promise<ByteSource | undefined>,
): Promise<void> {
  const writer = createPieceWriter(reply);
  let other: ByteSource | undefined;
  try {
    for (let piece: Uint8Array | undefined = first; piece?.length !== 0;) {
      if (piece === undefined && other === undefined) {
        other = await elsewhere();
        piece = other === undefined ? undefined : await pieces.goOnWith(other);
      }
      // What cannot be read must not end as a body that looks whole.
      if (piece === undefined || !(await writer.write(piece))) {
        reply.destroy();
        return;
      }
      piece = await pieces.next();
    }
    reply.end();
  } finally {
    await other?.close();
  }
}

/** The pieces of a span, one after the other, all in one buffer. */
class Pieces {
  readonly #buffer: Buffer;
  readonly #end: number;
  #source: ByteSource;
  #position: number;

  constructor(source: ByteSource, from: number, to: number) {
    this.#source = source;
    this.#position = from;
    this.#end = to;
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, to - from));
  }

  /** Empty at the end, undefined when it cannot be read. */
  async next(): Promise<Uint8Array | undefined> {
    // Up to the next multiple, so that all but the first piece are whole blocks of the file.
    const room = PIECE_BYTES - (this.#position % PIECE_BYTES);
    const length = Math.min(room, this.#end - this.#position);
    const wanted = this.#buffer.subarray(0, length);
    if (wanted.length === 0) {
      return wanted;
    }
    const count = await this.#read(wanted);
    this.#position += count;
    return count === 0 ? undefined : wanted.subarray(0, count);
  }

  async goOnWith(source: ByteSource): Promise<Uint8Array | undefined> {
    this.#source = source;
    return this.next();
  }

  async #read(wanted: Buffer): Promise<number> {
    try {
      return await this.#source.read(wanted, this.#position);
    } catch (error) {
      if (isProgramError(error)) return 0;
      throw error;
    }
  }
}

import { BLOCK_BYTES } from './limits.ts';

/** A zip's bytes by position. What lies behind the end is left out, so a result may be short. */
export interface ByteSource {
  readonly size: number;
  read(position: number, length: number): Buffer | Promise<Buffer>;
  /** Lets other work of this thread run. */
  pause(): Promise<void>;
}

/** Fetches bytes from elsewhere; a length of 0 is a round trip without bytes. */
export type FetchBlock = (position: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;

export function inlineSource(bytes: Uint8Array<ArrayBuffer>, fetchBlock: FetchBlock): ByteSource {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: whole.length,
    read: (position, length) => whole.subarray(position, position + length),
    pause: async () => {
      await fetchBlock(0, 0);
    },
  };
}

interface Window {
  readonly start: number;
  readonly bytes: Buffer;
}

/** Reads forward in blocks with one block of read-ahead: entries are visited in file order. */
export function windowSource(size: number, fetchBlock: FetchBlock): ByteSource {
  let current: Window = { start: 0, bytes: Buffer.alloc(0) };
  let ahead: { readonly start: number; readonly block: Promise<Buffer> } | undefined;

  async function fetchAt(start: number, length: number): Promise<Buffer> {
    const wanted = Math.min(length, size - start);
    const bytes = await fetchBlock(start, wanted);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  function readAhead(): void {
    const start = current.start + current.bytes.length;
    if (start >= size) {
      ahead = undefined;
      return;
    }
    const block = fetchAt(start, BLOCK_BYTES);
    // A failure shows when the block is used; unused, it must not end the thread.
    block.catch(() => undefined);
    ahead = { start, block };
  }

  async function move(start: number, end: number): Promise<void> {
    let pieces: Buffer[] = [];
    let reached = start;
    const offset = start - current.start;
    if (offset >= 0 && offset < current.bytes.length) {
      pieces = [current.bytes.subarray(offset)];
      reached = current.start + current.bytes.length;
    }
    if (ahead !== undefined && ahead.start === reached) {
      const block = await ahead.block;
      pieces.push(block);
      reached += block.length;
    }
    if (reached < end) {
      pieces.push(await fetchAt(reached, Math.max(end - reached, BLOCK_BYTES)));
    }
    const [only] = pieces;
    current = { start, bytes: pieces.length === 1 && only ? only : Buffer.concat(pieces) };
    readAhead();
  }

  async function readMoved(position: number, end: number): Promise<Buffer> {
    await move(position, end);
    return current.bytes.subarray(0, end - position);
  }

  return {
    size,
    read: (position, length) => {
      const end = Math.min(position + length, size);
      if (end <= position) {
        return Buffer.alloc(0);
      }
      const offset = position - current.start;
      if (offset >= 0 && end - current.start <= current.bytes.length) {
        return current.bytes.subarray(offset, end - current.start);
      }
      return readMoved(position, end);
    },
    pause: async () => {
      await fetchBlock(0, 0);
    },
  };
}

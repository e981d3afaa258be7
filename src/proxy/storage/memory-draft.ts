import type { GrowingFile } from '../../platform/index.ts';
import type { Draft } from './storage.ts';

/** Room for what the disk could not take. */
export interface MemoryRoom {
  /** Resolves when so much more may be used; throws when that cannot be. */
  more(bytes: number): Promise<void>;
  /** Gives all of it back. */
  giveBack(): void;
}

/** Large enough that a zip has few of them, small enough that the last one wastes little. */
const BLOCK_BYTES = 1024 * 1024;

/** An artifact being received into memory, because the disk cannot take it: served, never stored. */
export function createMemoryDraft(room: MemoryRoom, reason: unknown): Draft {
  const file = new MemoryFile(room);
  return {
    file,
    async commit() {
      throw reason;
    },
    release: async () => file.close(),
  };
}

class MemoryFile implements GrowingFile {
  readonly path = '(memory)';
  readonly #room: MemoryRoom;
  readonly #blocks: Buffer[] = [];
  #size = 0;

  constructor(room: MemoryRoom) {
    this.#room = room;
  }

  async write(bytes: Uint8Array): Promise<void> {
    let taken = 0;
    while (taken < bytes.length) {
      const block = await this.#block(Math.floor(this.#size / BLOCK_BYTES));
      const start = this.#size % BLOCK_BYTES;
      const count = Math.min(bytes.length - taken, BLOCK_BYTES - start);
      block.set(bytes.subarray(taken, taken + count), start);
      taken += count;
      this.#size += count;
    }
  }

  async read(buffer: Uint8Array, position: number): Promise<number> {
    const end = Math.min(this.#size, position + buffer.length);
    let at = position;
    while (at < end) {
      const block = this.#blocks[Math.floor(at / BLOCK_BYTES)];
      if (block === undefined) {
        break;
      }
      const start = at % BLOCK_BYTES;
      const count = Math.min(end - at, BLOCK_BYTES - start);
      buffer.set(block.subarray(start, start + count), at - position);
      at += count;
    }
    return Math.max(0, at - position);
  }

  async truncate(size: number): Promise<void> {
    this.#size = Math.min(this.#size, size);
  }

  async sync(): Promise<void> {
    // Memory is as durable as it will ever be.
  }

  async close(): Promise<void> {
    this.#blocks.length = 0;
    this.#size = 0;
    this.#room.giveBack();
  }

  async #block(index: number): Promise<Buffer> {
    let block = this.#blocks[index];
    if (block === undefined) {
      await this.#room.more(BLOCK_BYTES);
      block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.#blocks[index] = block;
    }
    return block;
  }
}

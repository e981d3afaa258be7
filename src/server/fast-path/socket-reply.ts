import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchange } from '../../proxy/index.ts';

type Reply = Exchange['reply'];

export interface SocketReplyNeeds {
  readonly socket: Socket;
  /** The value of Date (RFC 9110 6.6.1). */
  readonly date: () => string;
  /** True when the connection ends after this answer; asked when the headers are written. */
  readonly isLast: () => boolean;
  /** Called once, when the answer is written whole. */
  readonly finished: () => void;
}

/** What would end the line it stands on. */
const UNSAFE = /[^\t\x20-\x7e\x80-\xff]/;

/** One answer on a socket (RFC 9112): the half of it that `Reply` needs. */
export class SocketReply implements Reply {
  readonly #needs: SocketReplyNeeds;
  readonly #isHead: boolean;
  #head: string | undefined;
  #isChunked = false;
  #isEnded = false;
  #isClosed = false;
  #onClose: (() => void)[] | undefined;

  constructor(needs: SocketReplyNeeds, isHead: boolean) {
    this.#needs = needs;
    this.#isHead = isHead;
  }

  get destroyed(): boolean {
    return this.#isClosed || this.#needs.socket.destroyed;
  }

  get writableEnded(): boolean {
    return this.#isEnded;
  }

  writeHead(status: number, headers: readonly string[]): void {
    if (this.#head !== undefined) {
      throw new Error('the headers were written already');
    }
    let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
    let hasLength = status === 304 || status === 204;
    for (let index = 0; index < headers.length; index += 2) {
      const name = headers[index] ?? '';
      const value = headers[index + 1] ?? '';
      if (UNSAFE.test(value)) {
        throw new Error(`the value of the header ${name} would break its line`);
      }
      text += `${name}: ${value}\r\n`;
      hasLength ||= name === 'Content-Length';
    }
    if (!hasLength) {
      this.#isChunked = true;
      text += 'Transfer-Encoding: chunked\r\n';
    }
    text += `Date: ${this.#needs.date()}\r\n`;
    this.#head = this.#needs.isLast() ? `${text}Connection: close\r\n\r\n` : `${text}\r\n`;
  }

  write(chunk: Uint8Array, callback: (error?: Error | null) => void): boolean {
    const { socket } = this.#needs;
    if (this.#isHead || chunk.length === 0 || this.destroyed) {
      process.nextTick(callback);
      return true;
    }
    socket.cork();
    this.#flushHead();
    if (this.#isChunked) {
      socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
      socket.write(chunk);
      socket.write('\r\n', 'latin1', callback);
    } else {
      socket.write(chunk, callback);
    }
    socket.uncork();
    return !socket.writableNeedDrain;
  }

  end(chunk?: Uint8Array): void {
    if (this.#isEnded || this.destroyed) {
      return;
    }
    const { socket } = this.#needs;
    this.#isEnded = true;
    // Head and body leave in one system call.
    socket.cork();
    this.#flushHead();
    if (!this.#isHead) {
      this.#writeLast(chunk);
    }
    socket.uncork();
    this.#needs.finished();
    this.closed();
  }

  destroy(): void {
    this.#needs.socket.destroy();
  }

  once(_event: 'close', listener: () => void): void {
    if (this.#isClosed) {
      process.nextTick(listener);
    } else {
      (this.#onClose ??= []).push(listener);
    }
  }

  /** The answer is written, or the connection is gone. */
  closed(): void {
    this.#isClosed = true;
    const listeners = this.#onClose;
    if (listeners !== undefined) {
      this.#onClose = undefined;
      for (const listener of listeners) {
        listener();
      }
    }
  }

  #flushHead(): void {
    if (this.#head !== undefined && this.#head !== '') {
      this.#needs.socket.write(this.#head, 'latin1');
      this.#head = '';
    }
  }

  #writeLast(chunk: Uint8Array | undefined): void {
    const { socket } = this.#needs;
    if (chunk !== undefined && chunk.length > 0) {
      if (this.#isChunked) {
        socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
        socket.write(chunk);
        socket.write('\r\n0\r\n\r\n', 'latin1');
      } else {
        socket.write(chunk);
      }
    } else if (this.#isChunked) {
      socket.write('0\r\n\r\n', 'latin1');
    }
  }
}

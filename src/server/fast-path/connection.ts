import type { Socket } from 'node:net';
import type { FastPathNeeds, FastPathSettings } from './fast-path-settings.ts';
import { HEAD_END, createHeadReader } from './request-head.ts';
import { SocketReply } from './socket-reply.ts';

export interface ConnectionNeeds extends FastPathNeeds {
  readonly socket: Socket;
  readonly date: () => string;
  readonly isDraining: () => boolean;
}

/** One client connection, until it ends or is handed over. */
export interface Connection {
  /** Closes it for good, whatever the client does, unless an answer is under way. */
  endWhenIdle(): void;
  onEnd(listener: () => void): void;
}

type TimerName = 'firstByteMilliseconds' | 'keepAliveMilliseconds' | 'silenceMilliseconds';

/** A client that sends requests and reads no answers waits with its next one from here on. */
const UNREAD_BYTES = 256 * 1024;

export function createConnection(needs: ConnectionNeeds, settings: FastPathSettings): Connection {
  const { socket, isDraining } = needs;
  const heads = createHeadReader();
  const client = socket.remoteAddress ?? 'unknown';
  let ended: (() => void) | undefined;
  /** The answer that is being made. */
  let reply: SocketReply | undefined;
  /** What came while one was being made, or while the client did not read. */
  let waiting: Buffer | undefined;
  /** The beginning of a request behind others that came with it. */
  let partial: Buffer | undefined;
  let timer: TimerName | undefined;
  /** The client sends nothing more but may still read (RFC 9112 9.6). */
  let isHalfClosed = false;

  const replyNeeds = {
    socket,
    date: needs.date,
    isLast: () => isHalfClosed || isDraining(),
    finished,
  };

  function onData(chunk: Buffer): void {
    if (!socket.writable) return;
    if (reply !== undefined || socket.writableLength > UNREAD_BYTES) {
      waiting = waiting === undefined ? chunk : Buffer.concat([waiting, chunk]);
      socket.pause();
      return;
    }
    const whole = partial === undefined ? chunk : Buffer.concat([partial, chunk]);
    partial = undefined;
    begin(whole, false);
  }

  function begin(chunk: Buffer, mayBePartial: boolean): void {
    const text = chunk.toString('latin1', 0, settings.maximumHeaderBytes);
    const length = text.indexOf(HEAD_END) + HEAD_END.length;
    if (mayBePartial && length < HEAD_END.length && text.length === chunk.length) {
      partial = chunk;
      if (isDraining()) socket.destroySoon();
      return;
    }
    const isAlone = length === chunk.length;
    const head = heads.read(isAlone ? text : text.slice(0, length));
    if (head === undefined) {
      handOver(chunk);
      return;
    }
    if (!isAlone) {
      // Pipelined: node:http would make a request and a response of each at once, however many there are.
      waiting = chunk.subarray(length);
      socket.pause();
    }
    const next = new SocketReply(replyNeeds, head.method === 'HEAD');
    reply = next;
    const isTaken = needs.answer(head, next, client);
    if (!isTaken) {
      reply = undefined;
      waiting = undefined;
      handOver(chunk);
    } else if (reply === next) {
      setTimer('silenceMilliseconds');
    }
  }

  function finished(): void {
    reply = undefined;
    setTimer('keepAliveMilliseconds');
    if (isHalfClosed || isDraining()) {
      socket.destroySoon();
    } else if (waiting !== undefined) {
      // Not at once: the next one would nest in this answer, and others have waited as well.
      needs.clock.after(0, resume);
    }
  }

  function setTimer(next: TimerName): void {
    if (timer !== next) {
      timer = next;
      socket.setTimeout(settings[next]);
    }
  }

  function resume(): void {
    if (!socket.writable || reply !== undefined || socket.writableLength > UNREAD_BYTES) {
      return;
    }
    const chunk = waiting;
    waiting = undefined;
    if (chunk !== undefined) {
      begin(chunk, true);
    }
    if (waiting === undefined) {
      socket.resume();
    }
  }

  function onEnd(): void {
    isHalfClosed = true;
    if (reply === undefined && waiting === undefined) {
      socket.destroySoon();
    }
  }

  function onTimeout(): void {
    socket.destroy();
  }

  function onError(): void {
    // 'close' follows, and says all there is to know.
  }

  function onClose(): void {
    reply?.closed();
    ended?.();
  }

  function handOver(chunk: Buffer): void {
    socket.off('data', onData);
    socket.off('drain', resume);
    socket.off('end', onEnd);
    socket.off('timeout', onTimeout);
    socket.off('error', onError);
    socket.off('close', onClose);
    socket.setTimeout(0);
    ended?.();
    socket.pause();
    needs.handOver(socket);
    socket.unshift(chunk);
    socket.resume();
  }

  socket.on('data', onData);
  socket.on('drain', resume);
  socket.on('end', onEnd);
  socket.on('timeout', onTimeout);
  socket.on('error', onError);
  socket.on('close', onClose);
  setTimer('firstByteMilliseconds');

  return {
    endWhenIdle() {
      if (reply === undefined && waiting === undefined) {
        socket.destroySoon();
      }
    },
    onEnd(listener) {
      ended = listener;
    },
  };
}

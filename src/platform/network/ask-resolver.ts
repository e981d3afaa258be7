import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { decodeAnswer, encodeQuestion } from './dns-message.ts';
import type { DnsAnswer, DnsQuestion, DnsReply } from './network.ts';
import { openSocket, startLimit, untilEvent } from './open-socket.ts';
import { NonsenseError, socketFailure } from './socket-failure.ts';

/** Identifiers have 16 bits. */
const IDENTIFIERS = 65_536;

/** Behind the two bytes of the length, a message has at most this. */
const MESSAGE_BYTES = 65_535;

export async function askResolver(question: DnsQuestion, signal: AbortSignal): Promise<DnsReply> {
  const began = performance.now();
  const limit = startLimit(question.milliseconds, signal);
  try {
    const identifier = randomInt(IDENTIFIERS);
    const message = encodeQuestion(identifier, question.name, question.type);
    if (message === undefined) throw new NonsenseError('no name');
    const ask = question.transport === 'udp' ? askByDatagram : askByStream;
    const answer = await ask(question, message, identifier, limit.signal);
    return { kind: 'answer', milliseconds: Math.round(performance.now() - began), ...answer };
  } catch (error) {
    signal.throwIfAborted();
    return socketFailure(error, performance.now() - began);
  } finally {
    limit.end();
  }
}

/** A connected datagram socket hears of a port where nobody listens. */
function askByDatagram(
  { server }: DnsQuestion,
  message: Buffer,
  identifier: number,
  signal: AbortSignal,
): Promise<DnsAnswer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4');
    let over = false;
    function finish(settle: () => void): void {
      if (over) return;
      over = true;
      signal.removeEventListener('abort', onAbort);
      socket.close();
      settle();
    }
    function fail(error: unknown): void {
      finish(() => {
        reject(error instanceof Error ? error : new Error('the datagram failed'));
      });
    }
    function onAbort(): void {
      fail(signal.reason);
    }
    socket.on('error', fail);
    socket.on('message', (bytes) => {
      const answer = decodeAnswer(bytes, identifier);
      // Anything else may be a late or a forged answer: the right one can still come.
      if (answer !== undefined) {
        finish(() => {
          resolve(answer);
        });
      }
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
      return;
    }
    socket.connect(server.port, server.host, (error?: Error | null) => {
      if (over) return;
      if (error !== undefined && error !== null) {
        fail(error);
        return;
      }
      socket.send(message, (failure) => {
        if (failure !== null) fail(failure);
      });
    });
  });
}

/** Two bytes of length before each message (RFC 1035, section 4.2.2). */
async function askByStream(
  { server }: DnsQuestion,
  message: Buffer,
  identifier: number,
  signal: AbortSignal,
): Promise<DnsAnswer> {
  const socket = await openSocket(server, signal);
  try {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    socket.write(Buffer.concat([length, message]));
    let received = Buffer.alloc(0);
    for (;;) {
      await untilEvent(socket, 'readable', signal);
      const piece = socket.read() as Buffer | null;
      if (piece !== null) received = Buffer.concat([received, piece]);
      const wanted = received.length < 2 ? MESSAGE_BYTES : received.readUInt16BE(0);
      if (received.length < 2 + wanted) continue;
      const answer = decodeAnswer(received.subarray(2, 2 + wanted), identifier);
      if (answer === undefined) throw new NonsenseError('no answer to the question');
      return answer;
    }
  } finally {
    socket.destroy();
  }
}

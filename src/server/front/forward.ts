import type { Readable } from 'node:stream';
import type { Logger, Random } from '../../platform/index.ts';
import type { SocketAnswer, SocketClient } from '../../platform/workers/index.ts';
import type { Exchange, Place } from '../../proxy/front/index.ts';
import { answeredHeaders, forwardedHeaders, mayHaveBody } from './forwarded-headers.ts';
import type { ForwardedRequest } from './forwarded-headers.ts';

type Reply = Exchange['reply'];

export interface ForwardNeeds {
  readonly engine: SocketClient;
  readonly logger: Logger;
  readonly random: Random;
}

export interface Forwarding extends ForwardedRequest {
  readonly reply: Reply;
  /** What the client sends, where it may send something. */
  readonly body: Readable;
  /** Where the answer is kept, if it may be. */
  readonly place: Place | undefined;
}

/** Lets the engine answer: status, headers, bytes and breaks pass as they are, both ways no faster than they are read. */
export function forward(needs: ForwardNeeds, request: Forwarding): void {
  const { method, target, reply, body, place } = request;
  const pending = needs.engine.ask({
    method,
    target,
    headers: forwardedHeaders(request),
    body: mayHaveBody(method) ? body : undefined,
  });
  let isOver = false;
  // The client has gone: the engine must learn it, or it would go on for nobody.
  reply.once('close', () => {
    if (!isOver) pending.abandon();
  });
  const over = (): void => {
    isOver = true;
  };
  pending.answer.then(
    (answer) => {
      if (reply.destroyed) {
        place?.leave();
        pending.abandon();
      } else {
        passOn(reply, answer, place, over);
      }
    },
    (error: unknown) => {
      place?.leave();
      if (reply.destroyed) return;
      over();
      needs.logger.warn('the engine did not answer this process', { error: String(error) });
      refuse(reply, needs.random);
    },
  );
}

function passOn(
  reply: Reply,
  { status, headers, body }: SocketAnswer,
  place: Place | undefined,
  over: () => void,
): void {
  const buffer = place?.accept(status, headers);
  const head = answeredHeaders(headers);
  let isWhole = false;
  body.once('end', () => {
    isWhole = true;
    over();
    if (place !== undefined && buffer !== undefined) {
      place.keep();
      reply.writeHead(status, head);
      reply.end(buffer);
    } else {
      reply.end();
    }
  });
  body.on('error', () => {
    // 'close' follows.
  });
  body.once('close', () => {
    if (isWhole) return;
    over();
    place?.leave();
    // A body that looks whole must be whole.
    reply.destroy();
  });
  if (buffer === undefined) {
    pump(reply, status, head, body);
  } else {
    gather(body, buffer);
  }
}

function pump(reply: Reply, status: number, head: string[], body: Readable): void {
  reply.writeHead(status, head);
  body.on('data', (chunk: Buffer) => {
    const hasRoom = reply.write(chunk, (error) => {
      if (error === undefined || error === null) body.resume();
      else body.destroy();
    });
    if (!hasRoom) body.pause();
  });
}

/** From the engine's memory, so it takes no longer than copying. */
function gather(body: Readable, buffer: Buffer): void {
  let length = 0;
  body.on('data', (chunk: Buffer) => {
    length += chunk.copy(buffer, length);
  });
}

/** The engine is being replaced, or has just died and so will this process. */
function refuse(reply: Reply, random: Random): void {
  const trace = random.bytes(16).toString('hex');
  const body = Buffer.from(
    `the engine of this proxy does not answer\nask again in a moment\ncofferdam: trace ${trace}\n`,
  );
  reply.writeHead(503, [
    'Content-Type',
    'text/plain; charset=utf-8',
    'Content-Length',
    String(body.length),
    'Cache-Control',
    'no-store',
    'Retry-After',
    '1',
    'Cofferdam-Cache',
    'bypass',
    'Cofferdam-Trace',
    trace,
  ]);
  reply.end(body);
}

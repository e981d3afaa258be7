import type { Exchange, Reply } from './exchange.ts';
import type { GrowingBody } from './growing-body.ts';
import { PIECE_BYTES, createPieceWriter } from './piece-writer.ts';

/**
 * Follows a file that is still being written. When it turns out wrong the connection is broken: a body
 * that looks whole must be whole. False when it turned out wrong before anything was said, so that the
 * caller can still say it properly.
 */
export async function sendGrowing(
  exchange: Exchange,
  body: GrowingBody,
  headers: readonly string[],
): Promise<boolean> {
  const { reply } = exchange;
  await body.more(0);
  if (body.state === 'bad') {
    return false;
  }
  const list = [...headers];
  const length = body.promiseLength();
  if (length !== undefined) {
    list.push('Content-Length', String(length));
  }
  reply.writeHead(200, list);
  if (exchange.method === 'HEAD') {
    reply.end();
    return true;
  }
  await follow(reply, body);
  return true;
}

async function follow(reply: Reply, body: GrowingBody): Promise<void> {
  const writer = createPieceWriter(reply);
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let position = 0;
  while (!reply.destroyed) {
    if (body.released > position) {
      const wanted = Math.min(PIECE_BYTES, body.released - position);
      const count = await body.read(buffer.subarray(0, wanted), position);
      if (count === 0 || !(await writer.write(buffer.subarray(0, count)))) {
        reply.destroy();
        return;
      }
      position += count;
    } else if (body.state === 'running') {
      await writer.orGone(body.more(position));
    } else {
      end(reply, body);
      return;
    }
  }
}

/** A body that looks whole must be whole. */
function end(reply: Reply, body: GrowingBody): void {
  if (body.state === 'good') {
    reply.end();
  } else {
    reply.destroy();
  }
}

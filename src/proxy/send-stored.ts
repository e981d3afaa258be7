import { decideRange } from './decide-range.ts';
import type { Exchange, Reply } from './exchange.ts';
import { PIECE_BYTES, createPieceWriter } from './piece-writer.ts';
import type { Validators } from './protocol/index.ts';
import type { StoredArtifact } from './storage/index.ts';

/** Answers from a large file, piece by piece, as fast as the client reads. */
export async function sendStored(
  exchange: Exchange,
  stored: StoredArtifact,
  headers: readonly string[],
  validators: Validators,
): Promise<number> {
  const decided = decideRange(exchange, stored.size, validators);
  exchange.reply.writeHead(decided.status, [
    ...headers,
    'ETag',
    validators.etag,
    'Last-Modified',
    validators.lastModified,
    ...decided.headers,
  ]);
  if (exchange.method === 'HEAD' || decided.last < decided.first) {
    exchange.reply.end();
    return decided.status;
  }
  await pump(exchange.reply, async (buffer, position) => stored.read(buffer, position), {
    from: decided.first,
    to: decided.last + 1,
  });
  return decided.status;
}

async function pump(
  reply: Reply,
  read: (buffer: Uint8Array, position: number) => Promise<number>,
  span: { readonly from: number; readonly to: number },
): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, span.to - span.from));
  const writer = createPieceWriter(reply);
  let position = span.from;
  while (position < span.to) {
    const count = await read(
      buffer.subarray(0, Math.min(buffer.length, span.to - position)),
      position,
    );
    // A file that became shorter must not end as a body that looks whole.
    if (count === 0 || !(await writer.write(buffer.subarray(0, count)))) {
      reply.destroy();
      return;
    }
    position += count;
  }
  reply.end();
}

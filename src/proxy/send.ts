import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { headerOf } from './exchange.ts';
import type { Exchange, Reply } from './exchange.ts';
import type { GrowingBody } from './growing-body.ts';
import { isNotModified, selectRange } from './protocol/index.ts';
import type { CacheOutcome, Validators } from './protocol/index.ts';
import type { HotEntry, StoredArtifact } from './storage/index.ts';

/**
 * Bytes per read of a large file. 256 KiB keeps the number of system calls low; two hundred stalled
 * clients hold 50 MB of it.
 */
const PIECE_BYTES = 256 * 1024;
/** Below one packet compression only costs. */
const GZIP_FROM_BYTES = 1400;
/** Above this a go.mod or list is compressed by nobody's patience. */
const GZIP_TO_BYTES = 4 * 1024 * 1024;

const compress = promisify(gzip);

/** Answers from memory. Nothing in here waits. */
export function sendHot(
  exchange: Exchange,
  entry: HotEntry,
  outcome: CacheOutcome,
  trace: string,
): number {
  const { reply, headers } = exchange;
  if (
    headers['if-none-match'] !== undefined ||
    headers['if-modified-since'] !== undefined ||
    headers['range'] !== undefined
  ) {
    return sendHotConditional(exchange, entry, outcome, trace);
  }
  const body = chooseCoding(exchange, entry);
  const list = [...entry.headers, 'Cofferdam-Cache', outcome, 'Cofferdam-Trace', trace];
  if (body === entry.body) {
    list.push('Content-Length', String(body.length), 'ETag', entry.etag);
  } else {
    // Another representation needs another strong validator (RFC 9110 8.8.3.3).
    const etag = `${entry.etag.slice(0, -1)}-gzip"`;
    list.push('Content-Length', String(body.length), 'ETag', etag, 'Content-Encoding', 'gzip');
  }
  reply.writeHead(200, list);
  if (exchange.method === 'HEAD') {
    reply.end();
    return 200;
  }
  reply.end(body);
  return 200;
}

function sendHotConditional(
  exchange: Exchange,
  entry: HotEntry,
  outcome: CacheOutcome,
  trace: string,
): number {
  const decided = decide(exchange, entry.body.length, entry);
  const list = [
    ...entry.headers,
    'ETag',
    entry.etag,
    'Cofferdam-Cache',
    outcome,
    'Cofferdam-Trace',
    trace,
  ];
  const { reply } = exchange;
  if (decided.status === 200) {
    list.push('Content-Length', String(entry.body.length));
  } else {
    list.push(...decided.headers);
  }
  reply.writeHead(decided.status, list);
  if (exchange.method === 'HEAD' || decided.status === 304 || decided.status === 416) {
    reply.end();
  } else {
    reply.end(entry.body.subarray(decided.first, decided.last + 1));
  }
  return decided.status;
}

function chooseCoding(exchange: Exchange, entry: HotEntry): Buffer {
  const accepted = exchange.headers['accept-encoding'];
  if (accepted === undefined || !isWorthwhile(entry) || !acceptsGzip(String(accepted))) {
    return entry.body;
  }
  if (entry.gzip !== undefined) {
    return entry.gzip;
  }
  // The first one goes out as it is; the next ones find the compressed form.
  void compress(entry.body).then(
    (compressed) => {
      entry.gzip = compressed.length < entry.body.length ? compressed : entry.body;
    },
    () => undefined,
  );
  return entry.body;
}

function isWorthwhile(entry: HotEntry): boolean {
  const { length } = entry.body;
  return entry.isCompressible && length >= GZIP_FROM_BYTES && length <= GZIP_TO_BYTES;
}

function acceptsGzip(header: string): boolean {
  return /(?:^|,)\s*(?:gzip|\*)\s*(?:$|,|;(?!\s*q=0(?:\.0*)?\s*(?:$|,)))/u.test(header);
}

type Decision =
  | {
      readonly status: 200;
      readonly first: number;
      readonly last: number;
      readonly headers: readonly string[];
    }
  | {
      readonly status: 206;
      readonly first: number;
      readonly last: number;
      readonly headers: readonly string[];
    }
  | {
      readonly status: 304 | 416;
      readonly first: 0;
      readonly last: -1;
      readonly headers: readonly string[];
    };

function decide(exchange: Exchange, size: number, validators: Validators): Decision {
  if (
    isNotModified(
      headerOf(exchange, 'if-none-match'),
      headerOf(exchange, 'if-modified-since'),
      validators,
    )
  ) {
    return { status: 304, first: 0, last: -1, headers: [] };
  }
  // Range has a meaning for GET only (RFC 9110 14.2).
  const range = exchange.method === 'GET' ? headerOf(exchange, 'range') : undefined;
  const selection = selectRange(range, headerOf(exchange, 'if-range'), size, validators);
  if (selection.kind === 'unsatisfiable') {
    return {
      status: 416,
      first: 0,
      last: -1,
      headers: ['Content-Range', `bytes */${size}`, 'Content-Length', '0'],
    };
  }
  if (selection.kind === 'whole') {
    return { status: 200, first: 0, last: size - 1, headers: ['Content-Length', String(size)] };
  }
  const { first, last } = selection;
  const headers = [
    'Content-Range',
    `bytes ${first}-${last}/${size}`,
    'Content-Length',
    String(last - first + 1),
  ];
  return { status: 206, first, last, headers };
}

/** Answers from a large file, piece by piece, as fast as the client reads. */
export async function sendStored(
  exchange: Exchange,
  stored: StoredArtifact,
  headers: readonly string[],
  validators: Validators,
): Promise<number> {
  const decided = decide(exchange, stored.size, validators);
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
  if (isBad(body)) {
    return false;
  }
  const list = [...headers];
  if (body.length !== undefined) {
    list.push('Content-Length', String(body.length));
  }
  reply.writeHead(200, list);
  if (exchange.method === 'HEAD') {
    reply.end();
    return true;
  }
  const writer = createPieceWriter(reply);
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let position = 0;
  while (!reply.destroyed) {
    if (body.released <= position) {
      if (body.state === 'good') {
        reply.end();
        return true;
      }
      if (isBad(body)) {
        reply.destroy();
        return true;
      }
      await writer.orGone(body.more(position));
      continue;
    }
    const wanted = Math.min(PIECE_BYTES, body.released - position);
    const count = await body.read(buffer.subarray(0, wanted), position);
    if (count === 0 || !(await writer.write(buffer.subarray(0, count)))) {
      reply.destroy();
      return true;
    }
    position += count;
  }
  return true;
}

/** The state changes while we wait, which the compiler cannot see. */
function isBad(body: GrowingBody): boolean {
  return body.state === 'bad';
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

/** Writes piece by piece and notices at once when the client has gone. */
interface PieceWriter {
  /** Resolves when the bytes have left for the kernel: only then may the buffer be used again. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Resolves when the work does or the client has gone. */
  orGone(work: Promise<void>): Promise<void>;
}

function createPieceWriter(reply: Reply): PieceWriter {
  // One listener for the life of the answer: one per piece would pile up.
  let wake: (() => void) | undefined;
  reply.once('close', () => {
    wake?.();
  });
  async function wait(begin: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
      begin(resolve);
    });
  }
  return {
    async write(bytes) {
      let isSent = false;
      if (!reply.destroyed) {
        await wait((done) => {
          reply.write(bytes, (error) => {
            isSent = error === undefined || error === null;
            done();
          });
        });
      }
      return isSent && !reply.destroyed;
    },
    async orGone(work) {
      await wait((done) => {
        void work.then(done, done);
      });
    },
  };
}

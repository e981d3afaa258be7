import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { decideRange, isRefusal } from './decide-range.ts';
import { sendRefusal } from './error-answers.ts';
import type { Exchange } from './exchange.ts';
import type { CacheOutcome } from './protocol/index.ts';
import type { HotEntry } from './storage/index.ts';

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
  const { reply } = exchange;
  if (isConditional(exchange)) {
    return sendHotConditional(exchange, entry, outcome, trace);
  }
  const body = chooseCoding(exchange, entry);
  const list = body === entry.body ? wholeHeaders(entry) : gzipHeaders(entry, body);
  list.push('Cofferdam-Cache', outcome, 'Cofferdam-Trace', trace);
  reply.writeHead(200, list);
  if (exchange.method === 'HEAD') {
    reply.end();
    return 200;
  }
  reply.end(body);
  return 200;
}

function wholeHeaders(entry: HotEntry): string[] {
  entry.whole ??= [
    ...entry.headers,
    'Content-Length',
    String(entry.body.length),
    'ETag',
    entry.etag,
  ];
  return entry.whole.slice();
}

/** Whether an answer may be anything but the whole of it. */
export function isConditional({ headers }: Pick<Exchange, 'headers'>): boolean {
  return (
    headers['if-none-match'] !== undefined ||
    headers['if-modified-since'] !== undefined ||
    headers['range'] !== undefined ||
    headers['if-match'] !== undefined ||
    headers['if-unmodified-since'] !== undefined
  );
}

/** Another representation needs another strong validator (RFC 9110 8.8.3.3). */
function gzipEtag(entry: HotEntry): string {
  return `${entry.etag.slice(0, -1)}-gzip"`;
}

function gzipHeaders(entry: HotEntry, body: Buffer): string[] {
  const etag = gzipEtag(entry);
  const length = String(body.length);
  return [...entry.headers, 'Content-Length', length, 'ETag', etag, 'Content-Encoding', 'gzip'];
}

function sendHotConditional(
  exchange: Exchange,
  entry: HotEntry,
  outcome: CacheOutcome,
  trace: string,
): number {
  const { etag, lastModified } = entry;
  const codedEtag = isWorthwhile(entry) ? gzipEtag(entry) : undefined;
  const decided = decideRange(exchange, entry.body.length, { etag, lastModified, codedEtag });
  if (isRefusal(decided)) {
    return sendRefusal(exchange, decided, trace);
  }
  const list = [
    ...entry.headers,
    'ETag',
    etag,
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
  if (exchange.method === 'HEAD' || decided.status === 304) {
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

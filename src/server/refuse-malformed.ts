import type { Server } from 'node:http';
import { Socket } from 'node:net';
import type { Http2SecureServer } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Random } from '../platform/index.ts';
import { plainRefusal } from './plain-refusal.ts';
import type { Refusal } from './plain-refusal.ts';

const UNREADABLE: Refusal = {
  status: '400 Bad Request',
  cause: 'the request is not HTTP as RFC 9112 has it',
  next: 'see what stands between the client and this proxy, and whether it speaks HTTP to an https port',
};

/** What Node's HTTP parser refuses before any handler sees it, by the code of its error. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    cause: 'the path and headers of the request are longer than 16 KiB together',
    next: 'a module path and version are a few hundred bytes; see what was asked',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    cause: 'the headers of the request did not come in time',
    next: 'ask again; a request of go comes in one piece',
  },
  HPE_INVALID_METHOD: {
    status: '405 Method Not Allowed',
    cause: 'the method of the request has no meaning here',
    next: 'a module proxy answers GET and HEAD',
    headers: ['Allow: GET, HEAD'],
  },
};

/** RFC 9112 3: a method that we do not know still stands before a target and a version. */
const REQUEST_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+ \S+ HTTP\/\d\.\d\r?\n/u;

/** Errors in a body: its request may have been answered already, and has no second answer. */
const IN_BODY = /^HPE_(?:INVALID_CHUNK_SIZE|CHUNK_EXTENSIONS_OVERFLOW|INVALID_EOF_STATE|STRICT)$/u;

/** Gives those refusals the same form as every other error of ours, instead of an empty answer. */
export function refuseMalformed(
  server: Server | Http2SecureServer,
  random: Random,
  isAnswering: (connection: Duplex) => boolean,
): void {
  function refuse(socket: Duplex, refusal: Refusal): void {
    if (!socket.writable || socket.destroyed) {
      socket.destroy();
      return;
    }
    socket.end(plainRefusal(refusal, random.bytes(16).toString('hex')));
  }
  server.on('clientError', (error: Error, socket: Duplex) => {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    // A client that went away has nobody who reads. And whoever waits for the answer to an earlier request
    // would take the refusal of the next one for it.
    const isAnswered = IN_BODY.test(code)
      ? socket instanceof Socket && socket.bytesWritten > 0
      : isAnswering(socket);
    const isNoRequest = code === 'HPE_INVALID_METHOD' && !REQUEST_LINE.test(lineOf(error));
    if (code === 'ECONNRESET' || isAnswered) socket.destroy();
    else refuse(socket, isNoRequest ? UNREADABLE : (REFUSALS[code] ?? UNREADABLE));
  });
  server.on('connect', (_request: unknown, socket: Duplex) => {
    refuse(socket, {
      status: '405 Method Not Allowed',
      cause: 'this is a module proxy, not a forward proxy',
      next: 'set GOPROXY to this address, not HTTPS_PROXY',
      headers: ['Allow: GET, HEAD'],
    });
  });
}

/** The line in which the parser stopped, from its beginning; what came before may be whole requests. */
function lineOf(error: Error): string {
  const packet = 'rawPacket' in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket : '';
  const parsed = 'bytesParsed' in error ? Number(error.bytesParsed) : 0;
  const text = packet.toString('latin1');
  return text.slice(parsed === 0 ? 0 : text.lastIndexOf('\n', parsed - 1) + 1);
}

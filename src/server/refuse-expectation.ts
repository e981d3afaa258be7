import type { Server } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Random } from '../platform/index.ts';
import type { Request, Response } from './dispatch.ts';
import { refusalText } from './plain-refusal.ts';

const REFUSED = {
  cause: 'the request expects something that nobody here can do',
  next: 'leave the header Expect out, or expect 100-continue',
};

/** RFC 9110 10.1.1: an expectation that is not known is refused; node:http does so without a word. */
export function refuseExpectation(server: Server | Http2SecureServer, random: Random): void {
  server.on('checkExpectation', (_request: Request, response: Response) => {
    const trace = random.bytes(16).toString('hex');
    const body = refusalText(REFUSED, trace);
    response.statusCode = 417;
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(body));
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Cofferdam-Cache', 'bypass');
    response.setHeader('Cofferdam-Trace', trace);
    response.end(body);
  });
}

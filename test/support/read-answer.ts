import { request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What came, whole or broken. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The connection broke before the end that HTTP promised. */
  readonly broken: boolean;
}

/** Silence for so long ends the reading; a busy machine needs some of it. */
const PATIENCE_MILLISECONDS = 10_000;

/** Reads until the end or the break; throws when not even headers come. */
export async function readAnswer(
  url: string,
  headers: Record<string, string> = {},
  patienceMilliseconds: number = PATIENCE_MILLISECONDS,
): Promise<Received> {
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  const patience = new AbortController();
  const timer = setInterval(() => patience.abort(), patienceMilliseconds);
  const pieces: Buffer[] = [];
  let response: IncomingMessage | undefined;
  function settle(broken: boolean): void {
    const { statusCode: status = 0, headers: received = {} } = response ?? {};
    resolve({ status, headers: received, body: Buffer.concat(pieces), broken });
  }
  const asked = request(url, { headers, agent: false, signal: patience.signal }, (message) => {
    response = message;
    message.on('data', (piece: Buffer) => {
      timer.refresh();
      pieces.push(piece);
    });
    message.on('end', () => settle(false));
    message.on('error', () => settle(true));
  });
  // Once headers are here, a break shows on the request as well as on the response.
  asked.on('error', (error) => (response === undefined ? reject(error) : settle(true)));
  asked.end();
  return promise.finally(() => clearInterval(timer));
}

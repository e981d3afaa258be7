import { createHash } from 'node:crypto';
import { request } from 'node:http';
import type { Agent, IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly length: number;
  readonly digest: string;
  /** Kept only for short bodies. */
  readonly text: string;
}

/** Everything here is on loopback and small: a minute of silence is a failure. */
const SILENCE_MILLISECONDS = 60_000;
const KEPT_BYTES = 4096;

/** Reads to the end; throws when the connection breaks before it. */
export async function ask(
  url: string,
  agent: Agent,
  options: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { method = 'GET', headers = {} } = options;
  const asked = request(
    url,
    { agent, method, headers, timeout: SILENCE_MILLISECONDS },
    (response) => {
      const hash = createHash('sha256');
      const kept: Buffer[] = [];
      let length = 0;
      response.on('data', (piece: Buffer) => {
        if (length < KEPT_BYTES) kept.push(piece);
        length += piece.length;
        hash.update(piece);
      });
      response.on('end', () => {
        if (!response.complete) return;
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          length,
          digest: hash.digest('hex'),
          text: Buffer.concat(kept).toString().slice(0, KEPT_BYTES),
        });
      });
      response.on('error', reject);
      response.on('close', () => reject(new Error('the connection broke inside the body')));
    },
  );
  asked.on('timeout', () => asked.destroy(new Error('silence for a minute')));
  asked.on('error', reject);
  asked.end();
  return promise;
}

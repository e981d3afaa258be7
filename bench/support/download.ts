import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** What a client got; undefined where the connection broke or the status was not 200. */
export interface Downloaded {
  readonly bytes: number;
  readonly digest: string;
}

export async function download(url: string): Promise<Downloaded | undefined> {
  try {
    const { response } = await open(url);
    if (response.statusCode !== 200) {
      response.destroy();
      return undefined;
    }
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of response as AsyncIterable<Buffer>) {
      hash.update(piece);
      bytes += piece.length;
    }
    return { bytes, digest: hash.digest('hex') };
  } catch {
    return undefined;
  }
}

/** Counts the bytes only: the cheapest client there is. */
export async function drain(url: string): Promise<number> {
  const { response } = await open(url);
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) bytes += piece.length;
  return response.statusCode === 200 ? bytes : 0;
}

/** A client that takes the headers and then reads no more. */
export async function stall(url: string): Promise<{ leave(): void }> {
  const { asked, response } = await open(url);
  response.pause();
  response.on('error', () => undefined);
  return { leave: () => asked.destroy() };
}

/** A client that leaves as soon as its request is on the way. */
export async function askAndLeave(url: string): Promise<void> {
  const asked = request(url, { agent: false });
  asked.on('error', () => undefined);
  asked.end();
  await once(asked, 'finish');
  // Long enough for the server to have begun, far shorter than the upstream's latency.
  await new Promise((resolve) => void setTimeout(resolve, 30));
  asked.destroy();
}

async function open(url: string): Promise<{ asked: ClientRequest; response: IncomingMessage }> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = request(url, { agent: false }, resolve);
  asked.on('error', reject);
  asked.end();
  return { asked, response: await promise };
}

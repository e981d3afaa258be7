import { createHash } from 'node:crypto';
import { get } from 'node:http';

/** The SHA-256 of a body that came whole, or `broken`. */
export async function digestOf(url: string): Promise<string> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      const hash = createHash('sha256');
      response.on('data', (piece: Buffer) => hash.update(piece));
      response.on('end', () => resolve(response.complete ? hash.digest('hex') : 'broken'));
      response.on('error', () => resolve('broken'));
    }).on('error', () => resolve('broken'));
  });
}

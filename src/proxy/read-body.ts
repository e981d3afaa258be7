import { failed, reasonOfError } from './upstream/index.ts';
import type { Failed, Found } from './upstream/index.ts';

/** A whole body up to a limit, or the failure of the upstream that sent it. */
export async function readBody(found: Found, limit: number): Promise<Buffer | Failed> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of found.body) {
      size += piece.length;
      if (size > limit) {
        found.discard();
        const message = `${found.upstream} sent more than ${limit} bytes`;
        return failed(found.upstream, { kind: 'invalid', reason: 'content-too-large', message });
      }
      pieces.push(piece);
    }
  } catch (error) {
    found.discard();
    const message = error instanceof Error ? error.message : String(error);
    const reason = reasonOfError(error);
    return failed(found.upstream, { kind: 'unavailable', reason, message });
  }
  return Buffer.concat(pieces);
}

import { isProgramError } from '../../platform/index.ts';
import { failedBy } from './answer.ts';
import type { Failed, Found } from './answer.ts';

/** What `.info`, `.mod` and lists have; a longer one flows on piece by piece. */
const SMALL_BYTES = 64 * 1024;

/**
 * Takes a small body whole, so that one that stalls or breaks can be overtaken like an answer that
 * does not come at all.
 */
export async function takeSmallBody(found: Found): Promise<Found | Failed> {
  if ((found.length ?? 0) > SMALL_BYTES) {
    return found;
  }
  const pieces: Buffer[] = [];
  const iterator = found.body[Symbol.asyncIterator]();
  let size = 0;
  try {
    while (size <= SMALL_BYTES) {
      const next = await iterator.next();
      if (next.done === true) {
        return { ...found, body: replay(pieces) };
      }
      size += next.value.length;
      pieces.push(next.value);
    }
  } catch (error) {
    found.discard();
    if (!isProgramError(error)) {
      throw error;
    }
    const kind = error.kind === 'timeout' ? 'timeout' : 'unavailable';
    return failedBy(found.upstream, kind, error);
  }
  return { ...found, body: replay(pieces, iterator) };
}

async function* replay(
  pieces: readonly Buffer[],
  rest?: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  yield* pieces;
  if (rest === undefined) {
    return;
  }
  try {
    for (;;) {
      const next = await rest.next();
      if (next.done === true) {
        return;
      }
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

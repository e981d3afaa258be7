import type { Clock } from '../../platform/index.ts';

/** Hands a body on, and tells at its proper end how fast it came. A slow reader is not counted. */
export async function* measureBody(
  clock: Clock,
  body: AsyncIterable<Buffer>,
  ended: (bytes: number, milliseconds: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  let waited = 0;
  let since = clock.monotonicMilliseconds();
  for await (const piece of body) {
    waited += clock.monotonicMilliseconds() - since;
    bytes += piece.length;
    yield piece;
    since = clock.monotonicMilliseconds();
  }
  ended(bytes, waited + clock.monotonicMilliseconds() - since);
}

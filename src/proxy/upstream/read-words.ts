import { isProgramError } from '../../platform/index.ts';
import type { Clock } from '../../platform/index.ts';
import type { HttpResponse } from '../../platform/http/index.ts';
import { cleanWords, kindOfWords } from './clean-words.ts';

/** Room for the head of a web page with its title; `go` would print 648 bytes. */
const MAXIMUM_BYTES = 8 * 1024;
/** Milliseconds. A short text comes with the headers; nobody waits for words while an upstream fails. */
const PATIENCE = 200;

/** What stands beside a status that is no success. Never throws for what an upstream can do wrong. */
export async function readWords(
  clock: Clock,
  response: HttpResponse,
  secrets: readonly string[],
): Promise<readonly string[]> {
  const kind = kindOfWords(response.headers['content-type']);
  if (kind === undefined) {
    response.discard();
    return [];
  }
  const { bytes, isWhole } = await readStart(clock, response);
  return cleanWords({ kind, text: bytes.toString('utf8'), isWhole }, secrets);
}

async function readStart(
  clock: Clock,
  response: HttpResponse,
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const late = Promise.withResolvers<'late'>();
  const timer = clock.after(PATIENCE, () => late.resolve('late'));
  const pieces: Buffer[] = [];
  const iterator = response.body[Symbol.asyncIterator]();
  let size = 0;
  let isWhole = false;
  try {
    while (size < MAXIMUM_BYTES) {
      const reading = iterator.next();
      // Who is late may break off later, when nobody listens any more.
      reading.catch(() => undefined);
      const next = await Promise.race([reading, late.promise]);
      if (next === 'late') break;
      if (next.done === true) {
        isWhole = true;
        break;
      }
      pieces.push(next.value);
      size += next.value.length;
    }
  } catch (error) {
    // Words that break off still say something.
    if (!isProgramError(error)) throw error;
  } finally {
    timer.cancel();
    response.discard();
  }
  const bytes = Buffer.concat(pieces);
  return { bytes: bytes.subarray(0, MAXIMUM_BYTES), isWhole: isWhole && size <= MAXIMUM_BYTES };
}

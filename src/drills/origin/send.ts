import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../platform/index.ts';
import type { Answer, Ending } from './plain-answer.ts';
import type { RequestCounter } from './counters.ts';

/** With a limited bandwidth, a piece lasts at most this long, so that the flow is even. */
const PIECE_MILLISECONDS = 50;
/** A reset overtakes bytes that the other side has not read yet; this lets them arrive. */
const RESET_PAUSE_MILLISECONDS = 20;

export interface SendOptions {
  readonly clock: Clock;
  readonly counter: RequestCounter;
  readonly bytesPerSecond: number | undefined;
  /** Aborts when the client is gone. */
  readonly gone: AbortSignal;
  /** First and last byte asked for, where a range was. */
  readonly range: { readonly start: number; readonly end: number } | undefined;
  readonly headOnly: boolean;
}

/** Writes headers and body with back-pressure, pace and the ending that a fault chose. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  options: SendOptions,
): Promise<void> {
  const { ending } = answer;
  if (ending !== undefined && ending.afterBytes < 0) return stop(response, ending, options.gone);
  const start = options.range?.start ?? 0;
  const end = options.range?.end ?? answer.body.length;
  writeHeaders(response, answer, options.range);
  if (options.headOnly || answer.status === 304) return finish(response);
  response.flushHeaders();
  const last = ending === undefined ? end : Math.min(end, start + ending.afterBytes);
  await writeBody(response, answer, { start, end: last }, options);
  if (ending === undefined) return finish(response);
  await drained(response, options.gone);
  if (ending.how === 'reset') await options.clock.sleep(RESET_PAUSE_MILLISECONDS, options.gone);
  return stop(response, ending, options.gone);
}

function writeHeaders(response: ServerResponse, answer: Answer, range: SendOptions['range']): void {
  response.statusCode = range === undefined ? answer.status : 206;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  const framing = answer.ending?.framing ?? 'length';
  const length = range === undefined ? answer.body.length : range.end - range.start;
  if (framing === 'length') response.setHeader('content-length', answer.declaredLength ?? length);
  if (framing === 'none') {
    // No length and no chunks: the end of the connection is the end of the body (RFC 9112, 6.3).
    response.useChunkedEncodingByDefault = false;
    response.removeHeader('transfer-encoding');
    response.shouldKeepAlive = false;
  }
  if (range !== undefined) {
    response.setHeader(
      'content-range',
      `bytes ${range.start}-${range.end - 1}/${answer.body.length}`,
    );
  }
}

async function writeBody(
  response: ServerResponse,
  answer: Answer,
  window: { readonly start: number; readonly end: number },
  { clock, counter, gone, ...options }: SendOptions,
): Promise<void> {
  const speed = answer.bytesPerSecond ?? options.bytesPerSecond;
  const largest =
    speed === undefined ? Infinity : Math.max(1, Math.floor((speed * PIECE_MILLISECONDS) / 1000));
  const begun = clock.monotonicMilliseconds();
  let written = 0;
  for (const piece of answer.body.pieces(window.start, window.end)) {
    for (let from = 0; from < piece.length; from += largest) {
      const part =
        from === 0 && piece.length <= largest ? piece : piece.subarray(from, from + largest);
      counter.sent(part.length);
      if (!response.write(part)) await once(response, 'drain', { signal: gone });
      gone.throwIfAborted();
      written += part.length;
      if (speed === undefined) continue;
      const ahead = begun + (written / speed) * 1000 - clock.monotonicMilliseconds();
      if (ahead > 0) await clock.sleep(ahead, gone);
    }
  }
}

/** Waits until what was written is with the kernel, so that a broken connection has delivered it. */
async function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  if (response.writableLength > 0) await once(response, 'drain', { signal: gone });
}

async function stop(response: ServerResponse, ending: Ending, gone: AbortSignal): Promise<void> {
  const { socket } = response;
  if (ending.how === 'finish') return finish(response);
  if (ending.how === 'reset') socket?.resetAndDestroy();
  // A half-closed connection: everything written arrives, and the promised rest does not.
  if (ending.how === 'close') socket?.destroySoon();
  if (!gone.aborted) await once(gone, 'abort');
  gone.throwIfAborted();
}

async function finish(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.end(() => resolve());
  response.once('close', resolve);
  await promise;
}

import type { Dispatcher } from 'undici';
import { BodyQueue } from './http-client-body-queue.ts';
import type { Connection } from './http-client-connection.ts';
import {
  abortReason,
  bodyCut,
  headersFailed,
  isStaleConnection,
  timedOut,
} from './http-client-errors.ts';
import type { HttpPhase } from './http-client-errors.ts';
import { ExchangeTimes } from './http-client-exchange-times.ts';
import { bodyLength, describeBodyError, joinHeaders } from './http-client-headers.ts';
import type { HttpRequest } from './http-client.ts';
import { isProgramError } from '../errors.ts';

/** One request on one connection, with nothing left to decide. */
export interface ExchangeRequest {
  readonly method: HttpRequest['method'];
  readonly body?: HttpRequest['body'];
  /** Origin form, or absolute form towards a forward proxy. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Host and port, and the proxy when there is one: what errors name. */
  readonly where: string;
  readonly signal: AbortSignal;
  readonly connectMilliseconds: number;
  readonly headersMilliseconds: number;
  readonly idleMilliseconds: number;
  readonly observe?: HttpRequest['observe'];
}

export interface ExchangeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The next piece of the body, undefined at its end. */
  take(): Promise<Buffer | undefined>;
  discard(): void;
}

/** `stale`: the kept-alive connection had been closed by the server, so the request may be sent again. */
export type ExchangeOutcome =
  | { readonly kind: 'response'; readonly response: ExchangeResponse }
  | { readonly kind: 'stale'; readonly error: Error };

/** A discarded rest up to here is read to its end, which is cheaper than a new TLS connection. */
const DRAIN_BYTES = 64 * 1024;

/** A discarded rest that has not come by then is not worth waiting for. */
const DRAIN_MILLISECONDS = 1_000;

/** Sends the request; the connection is given back through `release` when the last byte is here or it broke. */
export function exchange(
  connection: Connection,
  request: ExchangeRequest,
  release: (healthy: boolean) => void,
): Promise<ExchangeOutcome> {
  return new Promise((resolve, reject) => {
    new Exchange(connection, request, release, resolve, reject).start();
  });
}

class Exchange implements Dispatcher.DispatchHandler, ExchangeResponse {
  status = 0;
  headers: Readonly<Record<string, string>> = {};
  #phase: HttpPhase | 'done' = 'connecting';
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #answerBegan = false;
  #remainingBytes: number | undefined;
  #dropping = false;
  #dropBytes = DRAIN_BYTES;
  #failure: Error | undefined;
  readonly #queue: BodyQueue = new BodyQueue();
  readonly #times: ExchangeTimes;
  readonly #connection: Connection;
  readonly #request: ExchangeRequest;
  readonly #release: (healthy: boolean) => void;
  readonly #resolve: (outcome: ExchangeOutcome) => void;
  readonly #reject: (error: Error) => void;

  constructor(
    connection: Connection,
    request: ExchangeRequest,
    release: (healthy: boolean) => void,
    resolve: (outcome: ExchangeOutcome) => void,
    reject: (error: Error) => void,
  ) {
    this.#connection = connection;
    this.#request = request;
    this.#times = new ExchangeTimes(request.observe);
    this.#release = release;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    const { method, path, headers, body, signal, connectMilliseconds } = this.#request;
    if (signal.aborted) {
      this.#phase = 'done';
      this.#release(true);
      this.#reject(abortReason(signal));
      return;
    }
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#limit(connectMilliseconds);
    try {
      const sent = { method, path, headers: { ...headers }, body: body ?? null };
      this.#connection.client.dispatch(sent, this);
    } catch (error) {
      this.#break(headersFailed(this.#request.where, error));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#phase !== 'connecting') {
      controller.abort(new Error('the request was given up'));
      return;
    }
    this.#controller = controller;
    this.#phase = 'waiting for the headers';
    this.#times.begin(this.#connection);
    this.#limit(this.#request.headersMilliseconds);
  }

  onResponseStarted(): void {
    this.#answerBegan = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200 || this.#phase === 'done') {
      return;
    }
    this.#clearLimit();
    this.#connection.markAnswered();
    this.#times.end('first-byte');
    this.#phase = 'reading the body';
    this.status = status;
    this.headers = joinHeaders(headers);
    this.#remainingBytes = bodyLength(this.#request.method, status, this.headers);
    this.#resolve({ kind: 'response', response: this });
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    if (this.#remainingBytes !== undefined) {
      this.#remainingBytes -= piece.length;
    }
    if (this.#phase === 'done') {
      return;
    }
    if (this.#dropping) {
      this.#dropBytes -= piece.length;
      if (this.#dropBytes < 0) {
        this.#break(new Error('the body was discarded'));
      }
      return;
    }
    this.#queue.add(piece);
    if (this.#queue.isFull()) {
      controller.pause();
    }
    this.#wakeReader();
  }

  onResponseEnd(): void {
    if (this.#phase !== 'done') {
      this.#finish(true);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#phase === 'done') {
      return;
    }
    const { where } = this.#request;
    if (this.#phase === 'reading the body') {
      this.#fail(isProgramError(error) ? error : bodyCut(where, describeBodyError(error), error));
      return;
    }
    if (this.#connection.isReused() && !this.#answerBegan && isStaleConnection(error)) {
      this.#finish(false);
      this.#resolve({ kind: 'stale', error: headersFailed(where, error) });
      return;
    }
    this.#fail(headersFailed(where, error));
  }

  async take(): Promise<Buffer | undefined> {
    for (;;) {
      if (this.#dropping) {
        // Never an ordinary end: a reader must not take what it has for the whole.
        throw bodyCut(this.#request.where, 'it was discarded');
      }
      const piece = this.#queue.take();
      if (piece !== undefined) {
        if (!this.#queue.isFull() && this.#phase !== 'done') {
          this.#resume();
        }
        return piece;
      }
      if (this.#failure !== undefined) {
        throw this.#failure;
      }
      if (this.#phase === 'done') {
        return undefined;
      }
      // Only a waiting reader starts the clock: a reader that stalls is not the server's fault.
      this.#limit(this.#request.idleMilliseconds);
      await this.#queue.change();
    }
  }

  discard(): void {
    this.#queue.clear();
    if (this.#dropping) {
      return;
    }
    this.#dropping = true;
    if (this.#phase === 'done') {
      return;
    }
    this.#wakeReader();
    if (this.#remainingBytes !== undefined && this.#remainingBytes > DRAIN_BYTES) {
      this.#break(new Error('the body was discarded'));
      return;
    }
    this.#limit(Math.min(DRAIN_MILLISECONDS, this.#request.idleMilliseconds));
    this.#resume();
  }

  readonly #onAbort = (): void => {
    this.#break(abortReason(this.#request.signal));
  };

  #limit(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#phase !== 'done') {
        const phase = this.#phase === 'connecting' ? this.#connection.step() : this.#phase;
        this.#break(timedOut(this.#request.where, phase, milliseconds));
      }
    }, milliseconds);
  }

  #clearLimit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Ends the exchange from our side. */
  #break(error: Error): void {
    if (this.#phase === 'done') {
      return;
    }
    this.#queue.clear();
    this.#fail(error);
    this.#connection.destroy(error);
  }

  #fail(error: Error): void {
    const answered = this.#phase === 'reading the body';
    this.#failure = error;
    this.#finish(false);
    if (!answered) {
      this.#reject(error);
    }
  }

  #finish(healthy: boolean): void {
    if (this.#phase === 'reading the body') {
      this.#times.end('transfer');
    }
    this.#phase = 'done';
    this.#clearLimit();
    this.#request.signal.removeEventListener('abort', this.#onAbort);
    this.#release(healthy);
    this.#wakeReader();
  }

  #resume(): void {
    if (this.#controller?.paused === true) {
      this.#controller.resume();
    }
  }

  #wakeReader(): void {
    if (this.#queue.wakeReader()) {
      this.#clearLimit();
    }
  }
}

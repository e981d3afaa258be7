import type { Connection } from './http-client-connection.ts';
import type { HttpRequest } from './http-client.ts';

/** Tells an observer what each step of an exchange took; a request without one reads no clock. */
export class ExchangeTimes {
  /** When the step that runs now began. */
  #since = 0;
  readonly #observe: HttpRequest['observe'];

  constructor(observe: HttpRequest['observe']) {
    this.#observe = observe;
  }

  /** The request goes out on this connection. */
  begin(connection: Connection): void {
    if (this.#observe !== undefined) {
      connection.dialTimes.tell(this.#observe);
      this.#since = performance.now();
    }
  }

  end(step: 'first-byte' | 'transfer'): void {
    if (this.#observe !== undefined) {
      const now = performance.now();
      this.#observe(step, now - this.#since);
      this.#since = now;
    }
  }
}

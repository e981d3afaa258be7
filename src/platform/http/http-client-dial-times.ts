import type { DialStep } from './http-client-errors.ts';
import type { HttpStep } from './http-client.ts';

/** What the dialling of one connection took, step by step. */
export interface DialTimes {
  begin(): void;
  enter(step: DialStep): void;
  end(): void;
  /** Tells each step once: the next request on the same connection did not wait for them. */
  tell(observe: (step: HttpStep, milliseconds: number) => void): void;
}

const STEPS: Readonly<Record<DialStep, HttpStep>> = {
  'looking up the name': 'dns',
  connecting: 'connect',
  'connecting to the proxy': 'connect',
  'waiting for the tunnel through the proxy': 'tunnel',
  'in the TLS handshake': 'tls',
  'in the TLS handshake with the proxy': 'tls',
};

export function createDialTimes(): DialTimes {
  const times = new Map<HttpStep, number>();
  let step: HttpStep | undefined;
  let since = 0;

  function leave(): void {
    const now = performance.now();
    if (step !== undefined) {
      times.set(step, (times.get(step) ?? 0) + now - since);
    }
    since = now;
  }

  return {
    begin() {
      times.clear();
      step = undefined;
    },
    enter(entered) {
      leave();
      step = STEPS[entered];
    },
    end() {
      leave();
      step = undefined;
    },
    tell(observe) {
      for (const [told, milliseconds] of times) {
        observe(told, milliseconds);
      }
      times.clear();
    },
  };
}

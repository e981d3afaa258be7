import { bodyOf } from './body.ts';
import type { Body } from './body.ts';
import type { Framing } from './faults.ts';

/** What will be sent, before it is framed. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /** How the sending ends; a whole body with its length when left out. */
  readonly ending?: Ending;
  readonly bytesPerSecond?: number;
  /** What Content-Length says instead of the truth. */
  readonly declaredLength?: number;
}

export interface Ending {
  readonly afterBytes: number;
  readonly framing: Framing;
  /** `close` is a FIN, `finish` a proper end. */
  readonly how: 'close' | 'finish' | 'reset' | 'stall';
}

export function textAnswer(
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): Answer {
  return { status, headers: { 'content-type': type }, body: bodyOf(Buffer.from(text)) };
}

import type { Guess } from './guess.ts';

/** Guesses that wait, in the order in which they are likely to be asked. */
export interface Lane {
  push(guess: Guess): void;
  first(): Guess | undefined;
  shift(): void;
  /** Gives what waited. */
  clear(): readonly Guess[];
  readonly length: number;
}

/** Bounded: beyond this a guess is dropped, because something in front of it was wrong already. */
export function createLane(limit: number): Lane {
  let waiting: Guess[] = [];
  let head = 0;
  return {
    push(guess) {
      if (waiting.length - head < limit) {
        waiting.push(guess);
      }
    },
    first: () => waiting[head],
    shift() {
      head += 1;
      // Moving the rest costs nothing when the front half is gone.
      if (head * 2 > waiting.length) {
        waiting = waiting.slice(head);
        head = 0;
      }
    },
    clear() {
      const left = waiting.slice(head);
      waiting = [];
      head = 0;
      return left;
    },
    get length() {
      return waiting.length - head;
    },
  };
}

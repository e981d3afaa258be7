import { STATE_SHIFT, type Automaton } from './automaton.ts';

/** A line in which a phrase was found, or one beside such a line. */
export interface ScannedLine {
  /** From 1, in the log as it was given. */
  readonly number: number;
  readonly text: string;
  /** Numbers of the phrases; none in a line that is there for its neighbour. */
  readonly phrases: readonly number[];
}

export interface LineScanner {
  /** Bytes may be used again as soon as this returns. */
  write(bytes: Uint8Array): void;
  end(): ScannedTotals;
}

export interface ScannedTotals {
  readonly lines: number;
  readonly bytes: number;
}

/** Phrases that matter less, by their numbers. */
export interface PhraseRanks {
  /** From here on a phrase does not ask for the neighbours of its line. */
  readonly firstAlone: number;
  /** From here on only the last line with such a phrase counts. */
  readonly firstLast: number;
}

/** Large enough that moving the rest of a window costs nothing, small beside any budget. */
const WINDOW_BYTES = 1024 * 1024;
/** What stays in front of new bytes, for the lines before a find. */
const KEPT_BYTES = 64 * 1024;
/** A longer line is read in pieces, all with its number: a log may be one line of JSON. */
const LONGEST_LINE_BYTES = 32 * 1024;
/** Of a longer line only what stands around the finds is read. The root of a message is at its end. */
const LONGEST_TEXT_BYTES = 6 * 1024;
const AROUND_BYTES = 1500;
/** Of a line with more finds the first and the last are read. */
const MOST_FINDS = 48;
/** git's and the proxy's words below a line are at most 8 (reference A1); chains above one are short. */
const LINES_BEFORE = 4;
const LINES_AFTER = 9;

/** Finds lines with phrases, with their neighbours, in the order of the log. */
export function createLineScanner(
  automaton: Automaton,
  ranks: PhraseRanks,
  onLine: (line: ScannedLine) => void,
): LineScanner {
  const { next, classes, firstSpecial, newline, found } = automaton;
  const window = Buffer.allocUnsafe(WINDOW_BYTES);
  let filled = 0;
  let state = 0;
  let number = 1;
  let lineStart = 0;
  /** Everything before it was given out or will never be. */
  let givenUntil = 0;
  let wantedAfter = 0;
  let total = 0;
  let phrases: number[] = [];
  let ends: number[] = [];
  let wantsNeighbours = false;
  let wantsLine = false;
  let pending: ScannedLine | undefined;

  function scan(from: number, to: number): void {
    let current = state;
    for (let at = from; at < to; at += 1) {
      current = next[(current << STATE_SHIFT) | (classes[window[at] ?? 0] ?? 0)] ?? 0;
      if (current < firstSpecial) continue;
      if (current === newline) {
        endLine(at);
        number += 1;
        lineStart = at + 1;
      } else {
        for (const phrase of found[current - firstSpecial] ?? []) {
          if (!phrases.includes(phrase)) phrases.push(phrase);
          if (phrase < ranks.firstAlone) wantsNeighbours = true;
          if (phrase < ranks.firstLast) wantsLine = true;
        }
        ends.push(at + 1);
        if (ends.length > MOST_FINDS) ends.splice(MOST_FINDS / 2, 1);
      }
    }
    state = current;
  }

  function endLine(end: number): void {
    if (phrases.length > 0 && !wantsLine && wantedAfter === 0) {
      pending = { number, text: textOf(end), phrases };
      phrases = [];
      ends = [];
    } else if (phrases.length > 0) {
      if (wantsNeighbours) {
        if (pending !== undefined && pending.number < number - LINES_BEFORE) givePending();
        giveBefore();
        wantedAfter = LINES_AFTER;
      } else if (wantedAfter > 0) wantedAfter -= 1;
      givePending();
      onLine({ number, text: textOf(end), phrases });
      phrases = [];
      ends = [];
      wantsNeighbours = false;
      wantsLine = false;
      givenUntil = end + 1;
    } else if (wantedAfter > 0) {
      wantedAfter -= 1;
      onLine({
        number,
        text: window.toString('utf8', lineStart, shortEnd(lineStart, end)),
        phrases: [],
      });
      givenUntil = end + 1;
    }
  }

  function givePending(): void {
    if (pending !== undefined) onLine(pending);
    pending = undefined;
  }

  function giveBefore(): void {
    const starts: number[] = [];
    let start = lineStart;
    while (starts.length < LINES_BEFORE && start > givenUntil) {
      const before = start < 2 ? -1 : window.lastIndexOf(0x0a, start - 2);
      start = Math.max(before + 1, givenUntil);
      starts.push(start);
    }
    for (const [index, start] of starts.toReversed().entries()) {
      const earlier = number - starts.length + index;
      if (pending?.number === earlier) {
        givePending();
        continue;
      }
      const end = window.indexOf(0x0a, start);
      const text = window.toString('utf8', start, shortEnd(start, end));
      onLine({ number: earlier, text, phrases: [] });
    }
  }

  function shortEnd(start: number, end: number): number {
    return Math.min(end, start + LONGEST_TEXT_BYTES);
  }

  function textOf(end: number): string {
    if (end - lineStart <= LONGEST_TEXT_BYTES) return window.toString('utf8', lineStart, end);
    const parts: string[] = [];
    let until = lineStart;
    for (const find of ends) {
      const from = Math.max(until, find - AROUND_BYTES);
      const to = Math.min(end, find + AROUND_BYTES);
      if (to <= until) continue;
      parts.push(window.toString('utf8', from, to));
      until = to;
    }
    return parts.join(' … ');
  }

  /** Makes room: what was read moves to the front, and a line that is too long becomes a piece. */
  function shift(): void {
    if (filled - lineStart > LONGEST_LINE_BYTES) {
      endLine(filled);
      // The next piece begins with the end of this one, for the sake of what stands before a find.
      lineStart = filled - AROUND_BYTES;
      givenUntil = lineStart;
    }
    const keepFrom = Math.max(0, Math.min(lineStart, filled - KEPT_BYTES));
    window.copyWithin(0, keepFrom, filled);
    filled -= keepFrom;
    lineStart -= keepFrom;
    givenUntil = Math.max(0, givenUntil - keepFrom);
    ends = ends.map((end) => end - keepFrom);
  }

  return {
    write(bytes) {
      total += bytes.length;
      for (let at = 0; at < bytes.length;) {
        if (filled === WINDOW_BYTES) shift();
        const part = bytes.subarray(at, at + WINDOW_BYTES - filled);
        window.set(part, filled);
        filled += part.length;
        at += part.length;
        scan(filled - part.length, filled);
      }
    },
    end() {
      const isOpen = filled > lineStart;
      if (isOpen) endLine(filled);
      givePending();
      return { lines: isOpen ? number : number - 1, bytes: total };
    },
  };
}

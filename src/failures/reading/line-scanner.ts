import { isInWord, type Automaton } from './automaton.ts';

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

/**
 * Lines that are given out, and how many bytes of the log earn another one. In a log that is nothing but finds
 * the rest is only counted, and its end given out instead: the cause of a failure is near the end, and hostile
 * logs must not cost more than others.
 */
const MOST_LINES = 30_000;
const BYTES_FOR_LINE = 4096;

interface Pending {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly text: string | undefined;
  readonly phrases: readonly number[];
}

const NEWLINE = 0x0a;

/** Large enough that moving the rest of a window costs nothing, small beside any budget. */
const WINDOW_BYTES = 1024 * 1024;
/** What stays in front of new bytes: for the lines before a find, and as the end of a log that is a flood of finds. */
const KEPT_BYTES = 256 * 1024;
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
  const { next, classes, firstSpecial, newline, found, wordLengths } = automaton;
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
  /** The last line that had nothing but phrases of which only the last counts; text when its window is gone. */
  let pending: Pending | undefined;
  let given = 0;
  let isFlood = false;

  /**
   * Every byte of a log passes here: to behind the next find, or behind the end of a line that matters.
   * Most lines have no find and stand beside none; those are only counted.
   */
  function run(from: number, to: number): number {
    const bytes = window;
    const table = next;
    const letters = classes;
    const special = firstSpecial;
    const lineEnd = newline;
    const isQuiet = isFlood || (phrases.length === 0 && wantedAfter === 0);
    let current = state;
    let at = from;
    let lines = 0;
    let start = lineStart;
    while (at < to) {
      // Within bounds by construction; a fallback would cost a test for each byte.
      current = table[current + (letters[bytes[at] as number] as number)] as number;
      at += 1;
      if (current < special) continue;
      if (current !== lineEnd || !isQuiet) break;
      lines += 1;
      start = at;
    }
    state = current;
    number += lines;
    lineStart = start;
    return at;
  }

  function scan(from: number, to: number): void {
    for (let at = from; at < to;) {
      at = run(at, to);
      if (state < firstSpecial || isFlood) continue;
      if (state !== newline) find(at);
      // The last line of what came may have been counted already.
      else if (lineStart !== at) {
        endLine(at - 1);
        number += 1;
        lineStart = at;
      }
    }
  }

  function find(end: number): void {
    let isNew = false;
    for (const phrase of found(state)) {
      const length = wordLengths[phrase] as number;
      if (length > 0 && isInWord(window, end - length)) continue;
      isNew = true;
      if (!phrases.includes(phrase)) phrases.push(phrase);
      if (phrase < ranks.firstAlone) wantsNeighbours = true;
      if (phrase < ranks.firstLast) wantsLine = true;
    }
    if (!isNew) return;
    ends.push(end);
    if (ends.length > MOST_FINDS) ends.splice(MOST_FINDS / 2, 1);
  }

  function give(line: ScannedLine): void {
    given += 1;
    isFlood = given >= mostLines();
    onLine(line);
  }

  function mostLines(): number {
    return MOST_LINES + Math.floor(total / BYTES_FOR_LINE);
  }

  /** What was found in a flood was not looked at: nothing of it is pending. */
  function endFlood(): void {
    isFlood = false;
    wantedAfter = 0;
    phrases = [];
    ends = [];
    wantsNeighbours = false;
    wantsLine = false;
    pending = undefined;
  }

  function endLine(end: number): void {
    if (isFlood) return;
    if (phrases.length > 0 && !wantsLine && wantedAfter === 0) {
      pending = { number, start: lineStart, end, text: undefined, phrases };
      phrases = [];
      ends = [];
    } else if (phrases.length > 0) {
      if (wantsNeighbours) {
        if (pending !== undefined && pending.number < number - LINES_BEFORE) givePending();
        giveBefore();
        wantedAfter = LINES_AFTER;
      } else if (wantedAfter > 0) wantedAfter -= 1;
      givePending();
      give({ number, text: textOf(end), phrases });
      phrases = [];
      ends = [];
      wantsNeighbours = false;
      wantsLine = false;
      givenUntil = end + 1;
    } else if (wantedAfter > 0) {
      wantedAfter -= 1;
      give({
        number,
        text: window.toString('utf8', lineStart, shortEnd(lineStart, end)),
        phrases: [],
      });
      givenUntil = end + 1;
    }
  }

  function givePending(): void {
    if (pending === undefined) return;
    const { number, phrases } = pending;
    give({ number, text: textOfPending(pending), phrases });
    pending = undefined;
  }

  function textOfPending({ text, start, end }: Pending): string {
    return text ?? window.toString('utf8', start, shortEnd(start, end));
  }

  function giveBefore(): void {
    const starts: number[] = [];
    let start = lineStart;
    while (starts.length < LINES_BEFORE && start > givenUntil) {
      const before = start < 2 ? -1 : window.lastIndexOf(NEWLINE, start - 2);
      start = Math.max(before + 1, givenUntil);
      starts.push(start);
    }
    for (const [index, start] of starts.toReversed().entries()) {
      const earlier = number - starts.length + index;
      if (pending?.number === earlier) {
        givePending();
        continue;
      }
      const end = window.indexOf(NEWLINE, start);
      const text = window.toString('utf8', start, shortEnd(start, end));
      give({ number: earlier, text, phrases: [] });
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
    if (pending !== undefined) pending = { ...pending, text: textOfPending(pending) };
    window.copyWithin(0, keepFrom, filled);
    filled -= keepFrom;
    lineStart -= keepFrom;
    givenUntil = Math.max(0, givenUntil - keepFrom);
    ends = ends.map((end) => end - keepFrom);
  }

  /** What the window still has of a flood, from the start of a line. */
  function readEnd(): void {
    const kept = window.indexOf(NEWLINE, Math.max(0, filled - KEPT_BYTES)) + 1;
    const from = Math.max(kept, givenUntil);
    let lines = 0;
    for (let at = from; at < filled; at += 1) if (window[at] === NEWLINE) lines += 1;
    number -= lines;
    lineStart = from;
    givenUntil = from;
    state = newline;
    given = 0;
    endFlood();
    scan(from, filled);
  }

  return {
    write(bytes) {
      total += bytes.length;
      for (let at = 0; at < bytes.length;) {
        if (filled === WINDOW_BYTES) shift();
        if (isFlood && given < mostLines()) endFlood();
        const part = bytes.subarray(at, at + WINDOW_BYTES - filled);
        window.set(part, filled);
        filled += part.length;
        at += part.length;
        scan(filled - part.length, filled);
      }
    },
    end() {
      if (isFlood) readEnd();
      const isOpen = filled > lineStart;
      if (isOpen) endLine(filled);
      givePending();
      return { lines: isOpen ? number : number - 1, bytes: total };
    },
  };
}

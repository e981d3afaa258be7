/**
 * All phrases of the catalogue as one table: a log is read once, byte by byte, however many phrases
 * there are and whatever the log contains (Aho and Corasick, 1975).
 */
export interface Automaton {
  /** Next state by `state + classes[byte]`: states are the places of their rows. */
  readonly next: Int32Array;
  readonly classes: Uint8Array;
  /** States from here on found a phrase, or are `newline`. */
  readonly firstSpecial: number;
  readonly newline: number;
  /** The numbers of the phrases that end in a state; none in a plain one. */
  found(state: number): readonly number[];
  /** How long each phrase is that begins with a letter or a digit, 0 for the others: `gzip: ` holds no `zip: `. */
  readonly wordLengths: Uint16Array;
}

const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/**
 * Whether what begins here goes on with a word or a number; the letter of an escape, `\n` or `ESC[31m`, is
 * none of a word.
 */
export function isInWord(bytes: Uint8Array, start: number): boolean {
  if (start < 1) return false;
  const last = bytes[start - 1] as number;
  if (isDigit(bytes[start] as number)) return isDigit(last);
  if (!isLetter(last)) return false;
  const before = start < 2 ? 0 : (bytes[start - 2] as number);
  return before !== BACKSLASH && before !== OPEN_BRACKET && !isDigit(before);
}

/** 64 classes of bytes: the phrases use letters of one case, digits and a few signs. */
const STATE_SHIFT = 6;
const CLASSES = 1 << STATE_SHIFT;
const NEWLINE_BYTE = 10;

interface Trie {
  readonly children: Map<number, number>[];
  readonly phrases: number[][];
}

/** Phrases are matched without regard to the case of ASCII letters. */
export function createAutomaton(phrases: readonly string[]): Automaton {
  const bytes = phrases.map((phrase) => Buffer.from(phrase.toLowerCase()));
  const { classes, newlineClass } = classify(bytes);
  const trie = plant(bytes, classes);
  const { table, fail } = connect(trie);
  const reach = phrasesByState(trie, fail);
  const states = trie.children.length;
  const plain = numbers(states).filter((state) => reach[state]?.length === 0);
  const special = numbers(states).filter((state) => reach[state]?.length !== 0);
  const order = [...plain, ...special];
  const renamed = new Uint16Array(states);
  order.forEach((state, index) => {
    renamed[state] = index;
  });
  const newline = states << STATE_SHIFT;
  const next = new Int32Array((states + 1) << STATE_SHIFT);
  for (const [index, state] of [...order, 0].entries()) {
    const row = index << STATE_SHIFT;
    for (let letter = 0; letter < CLASSES; letter += 1) {
      const target = table[(state << STATE_SHIFT) | letter] ?? 0;
      next[row | letter] = (renamed[target] ?? 0) << STATE_SHIFT;
    }
    next[row | newlineClass] = newline;
  }
  const firstSpecial = plain.length << STATE_SHIFT;
  const ends = [...special.map((state) => reach[state] ?? []), []];
  return {
    next,
    classes,
    firstSpecial,
    newline,
    found: (state) => ends[(state - firstSpecial) >> STATE_SHIFT] ?? [],
    wordLengths: Uint16Array.from(bytes, (phrase) =>
      isLetter(phrase[0] ?? 0) ? phrase.length : 0,
    ),
  };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function classify(phrases: readonly Uint8Array[]): { classes: Uint8Array; newlineClass: number } {
  const classes = new Uint8Array(256);
  let last = 0;
  for (const phrase of phrases) {
    for (const byte of phrase) {
      if (classes[byte] !== 0) continue;
      last += 1;
      classes[byte] = last;
      if (isLetter(byte)) classes[byte - 0x20] = last;
    }
  }
  const newlineClass = last + 1;
  if (newlineClass >= CLASSES) throw new RangeError('the phrases use too many different bytes');
  classes[NEWLINE_BYTE] = newlineClass;
  return { classes, newlineClass };
}

function plant(phrases: readonly Uint8Array[], classes: Uint8Array): Trie {
  const children: Map<number, number>[] = [new Map<number, number>()];
  const found: number[][] = [[]];
  for (const [number, phrase] of phrases.entries()) {
    let state = 0;
    for (const byte of phrase) {
      const letter = classes[byte] ?? 0;
      let child = children[state]?.get(letter);
      if (child === undefined) {
        child = children.push(new Map<number, number>()) - 1;
        found.push([]);
        children[state]?.set(letter, child);
      }
      state = child;
    }
    found[state]?.push(number);
  }
  return { children, phrases: found };
}

/** Breadth first, so that the state to fall back to is complete before it is copied. */
function connect({ children }: Trie): { table: Uint16Array; fail: Uint16Array } {
  const table = new Uint16Array(children.length << STATE_SHIFT);
  const fail = new Uint16Array(children.length);
  const queue = [0];
  for (const state of queue) {
    const row = state << STATE_SHIFT;
    const back = (fail[state] ?? 0) << STATE_SHIFT;
    if (state !== 0) table.copyWithin(row, back, back + CLASSES);
    for (const [letter, child] of children[state] ?? []) {
      fail[child] = table[row | letter] ?? 0;
      table[row | letter] = child;
      queue.push(child);
    }
  }
  return { table, fail };
}

/** What a state found itself, and what ends with it because a shorter phrase ends a longer one. */
function phrasesByState({ phrases }: Trie, fail: Uint16Array): readonly (readonly number[])[] {
  return phrases.map((own, state) => {
    const all = [...own];
    for (let back = fail[state] ?? 0; back !== 0; back = fail[back] ?? 0) {
      all.push(...(phrases[back] ?? []));
    }
    return all;
  });
}

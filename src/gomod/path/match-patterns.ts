import { encodeText } from '../text/index.ts';

// The pattern lists of GOPRIVATE, GONOPROXY and GONOSUMDB: https://go.dev/ref/mod#private-modules

type Piece =
  | { readonly kind: 'literal'; readonly byte: string }
  | { readonly kind: 'any' }
  | {
      readonly kind: 'class';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [number, number])[];
    };

/** The pieces between two stars. */
interface Chunk {
  readonly afterStar: boolean;
  readonly pieces: Piece[];
}

interface Reading {
  readonly value: number;
  readonly end: number;
}

const REPLACEMENT_CHARACTER = 0xfffd;

/** Go's `path.Match` counts bytes for literals and stars but characters for `?` and classes; one char here is one byte. */
function toByteString(text: string): string {
  if (/^\p{ASCII}*$/u.test(text)) return text;
  return Array.from(encodeText(text), (byte) => String.fromCharCode(byte)).join('');
}

/** Reads one UTF-8 character; a byte that begins none counts as one replacement character, as in Go. */
function readCharacter(bytes: string, start: number): Reading {
  const first = bytes.charCodeAt(start);
  if (first < 0x80) return { value: first, end: start + 1 };
  for (const length of [2, 3, 4]) {
    const encoded = Uint8Array.from(bytes.slice(start, start + length), (byte) =>
      byte.charCodeAt(0),
    );
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(encoded);
    if (Array.from(text).length === 1 && text.charCodeAt(0) !== REPLACEMENT_CHARACTER) {
      return { value: text.codePointAt(0) ?? 0, end: start + length };
    }
    if (text === '\ufffd' && encoded[0] === 0xef && encoded[1] === 0xbf && encoded[2] === 0xbd) {
      return { value: REPLACEMENT_CHARACTER, end: start + length };
    }
  }
  return { value: REPLACEMENT_CHARACTER, end: start + 1 };
}

/** One end of a range in a class; undefined when the pattern is malformed there. */
function readClassCharacter(pattern: string, start: number): Reading | undefined {
  let position = start;
  const next = pattern.charAt(position);
  if (next === '' || next === '-' || next === ']') return undefined;
  if (next === '\\') position++;
  if (position >= pattern.length) return undefined;
  const reading = readCharacter(pattern, position);
  const isBroken = reading.value === REPLACEMENT_CHARACTER && reading.end === position + 1;
  return isBroken || reading.end >= pattern.length ? undefined : reading;
}

function readClass(pattern: string, start: number): { piece: Piece; end: number } | undefined {
  const negated = pattern.charAt(start) === '^';
  let position = negated ? start + 1 : start;
  const ranges: [number, number][] = [];
  while (pattern.charAt(position) !== ']' || ranges.length === 0) {
    const low = readClassCharacter(pattern, position);
    if (low === undefined) return undefined;
    const high = pattern.charAt(low.end) === '-' ? readClassCharacter(pattern, low.end + 1) : low;
    if (high === undefined) return undefined;
    ranges.push([low.value, high.value]);
    position = high.end;
  }
  return { piece: { kind: 'class', negated, ranges }, end: position + 1 };
}

function readPiece(pattern: string, start: number): { piece: Piece; end: number } | undefined {
  const next = pattern.charAt(start);
  if (next === '[') return readClass(pattern, start + 1);
  if (next === '?') return { piece: { kind: 'any' }, end: start + 1 };
  const literal = next === '\\' ? start + 1 : start;
  if (literal >= pattern.length) return undefined;
  return { piece: { kind: 'literal', byte: pattern.charAt(literal) }, end: literal + 1 };
}

/** Undefined for a malformed pattern. */
function readPattern(pattern: string): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let position = 0;
  while (position < pattern.length) {
    let afterStar = false;
    for (; pattern.charAt(position) === '*'; position++) afterStar = true;
    const pieces: Piece[] = [];
    while (position < pattern.length && pattern.charAt(position) !== '*') {
      const read = readPiece(pattern, position);
      if (read === undefined) return undefined;
      pieces.push(read.piece);
      position = read.end;
    }
    chunks.push({ afterStar, pieces });
  }
  return chunks;
}

/** Returns the end of the match that begins at `start`, or -1. */
function matchPieces(pieces: readonly Piece[], name: string, start: number): number {
  let position = start;
  for (const piece of pieces) {
    if (position >= name.length) return -1;
    if (piece.kind === 'literal') {
      if (name.charAt(position) !== piece.byte) return -1;
      position++;
      continue;
    }
    if (piece.kind === 'any' && name.charAt(position) === '/') return -1;
    const { value, end } = readCharacter(name, position);
    if (piece.kind === 'class') {
      const isInside = piece.ranges.some(([low, high]) => low <= value && value <= high);
      if (isInside === piece.negated) return -1;
    }
    position = end;
  }
  return position;
}

/** A star takes as little as it can and never a slash; what an earlier star took is not tried again, as in Go. */
function matchChunk(chunk: Chunk, name: string, start: number, isLast: boolean): number {
  for (let position = start; position <= name.length; position++) {
    const end = matchPieces(chunk.pieces, name, position);
    if (end >= 0 && (!isLast || end === name.length)) return end;
    if (!chunk.afterStar || name.charAt(position) === '/') return -1;
  }
  return -1;
}

/** One pattern with something else in it than plain bytes. */
interface Glob {
  readonly chunks: readonly Chunk[];
  /** Plain bytes that each match begins and ends with: most names differ there already. */
  readonly start: string;
  readonly end: string;
}

/** Undefined for a malformed pattern. */
function readGlob(pattern: string): Glob | undefined {
  const chunks = readPattern(toByteString(pattern));
  const [first] = chunks ?? [];
  if (chunks === undefined || first === undefined) return undefined;
  const last = chunks.at(-1) ?? first;
  const start = first.afterStar ? '' : literal(first.pieces);
  return { chunks, start, end: literal(last.pieces.toReversed(), -1) };
}

/** The plain bytes that the pieces begin with, in the order of the text. */
function literal(pieces: readonly Piece[], direction: 1 | -1 = 1): string {
  let text = '';
  for (const piece of pieces) {
    if (piece.kind !== 'literal') break;
    text = direction === 1 ? text + piece.byte : piece.byte + text;
  }
  return text;
}

function matchGlob({ chunks, start, end }: Glob, bytes: string): boolean {
  if (!bytes.startsWith(start) || !bytes.endsWith(end)) return false;
  let position = 0;
  for (const [index, chunk] of chunks.entries()) {
    position = matchChunk(chunk, bytes, position, index === chunks.length - 1);
    if (position < 0) return false;
  }
  return position === bytes.length;
}

/** The first elements of a path, as many as the pattern has; undefined when the path has fewer. */
function leadingElements(path: string, count: number): string | undefined {
  let end = -1;
  for (let element = 0; element < count; element++) {
    end = path.indexOf('/', end + 1);
    if (end < 0) return element === count - 1 ? path : undefined;
  }
  return path.slice(0, end);
}

/** Patterns with one number of elements. */
interface Length {
  readonly plain: Set<string>;
  readonly globs: Glob[];
}

/**
 * Reads comma-separated patterns once. The answer reports whether a path, or a leading part of it, matches one of
 * them; malformed ones never match.
 */
export function createPatternMatcher(patterns: string): (path: string) => boolean {
  const lengths = new Map<number, Length>();
  for (const listed of patterns.split(',')) {
    const pattern = listed.endsWith('/') ? listed.slice(0, -1) : listed;
    if (pattern === '') continue;
    const count = pattern.split('/').length;
    const length = lengths.get(count) ?? { plain: new Set<string>(), globs: [] };
    lengths.set(count, length);
    if (/^[\w.~!/-]+$/.test(pattern)) {
      length.plain.add(pattern);
      continue;
    }
    const glob = readGlob(pattern);
    if (glob !== undefined) length.globs.push(glob);
  }
  return (path) => {
    for (const [count, { plain, globs }] of lengths) {
      const prefix = leadingElements(path, count);
      if (prefix === undefined) continue;
      if (plain.has(prefix)) return true;
      if (globs.length === 0) continue;
      const bytes = toByteString(prefix);
      if (globs.some((glob) => matchGlob(glob, bytes))) return true;
    }
    return false;
  };
}

/** The same, for a list that is asked once. */
export function matchesPatterns(patterns: string, path: string): boolean {
  return createPatternMatcher(patterns)(path);
}

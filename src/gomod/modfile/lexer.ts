import { isPrintable, quoteCharacter } from '../text/index.ts';
import type { Comment, Position } from './syntax.ts';

/** Punctuation and the line break are kinds of their own. */
export type TokenKind =
  | 'end'
  | 'suffix-comment'
  | 'comment'
  | 'identifier'
  | 'string'
  | '\n'
  | Punctuation;
type Punctuation = '(' | ')' | '[' | ']' | '{' | '}' | ',';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: Position;
  readonly end: Position;
}

export interface SyntaxProblem {
  readonly position: Position;
  readonly message: string;
}

const REPLACEMENT_CHARACTER = 0xfffd;

/**
 * The longest go.mod files have some ten thousand words. Millions of them fit into the size that Go allows (16 MiB) and would
 * fill the memory with little objects.
 */
const MOST_TOKENS = 500_000;

/** For each ASCII character whether an identifier may hold it: all that print, but for the space and punctuation. */
const IN_IDENTIFIER = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const character = String.fromCharCode(code);
  return character !== ' ' && !isPunctuation(character) && isPrintable(code) ? 1 : 0;
});

const BLOCK_COMMENT_REFUSED = 'mod files must use // comments (not /* */ comments)';

function isPunctuation(character: string): character is Punctuation {
  return character !== '' && '()[]{},'.includes(character);
}

function isIdentifierCharacter(codePoint: number): boolean {
  return codePoint < 0x80 ? IN_IDENTIFIER[codePoint] === 1 : isPrintable(codePoint);
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r';
}

export function endsLine(kind: TokenKind): boolean {
  return kind === 'end' || kind === 'suffix-comment' || kind === '\n';
}

function withoutLineBreak(comment: string): string {
  if (comment.endsWith('\r\n')) return comment.slice(0, -2);
  return comment.endsWith('\n') ? comment.slice(0, -1) : comment;
}

/**
 * Reads tokens with one token of lookahead. The first problem is kept and ends the input, so that readers need not look
 * for problems at every step.
 */
export class ModfileLexer {
  /** End-of-line comments in order; the tree gets them once it is complete. */
  readonly suffixComments: Comment[] = [];
  problem: SyntaxProblem | undefined;
  readonly #text: string;
  #offset = 0;
  #line = 1;
  #column = 1;
  #lineHasToken = false;
  #tokens = 0;
  #lookahead: Token;

  constructor(text: string) {
    this.#text = text;
    this.#lookahead = this.#read();
  }

  peek(): TokenKind {
    return this.#lookahead.kind;
  }

  next(): Token {
    const token = this.#lookahead;
    this.#lookahead = this.#read();
    return token;
  }

  /** Records a problem where reading has come to, which is after the lookahead, and ends the input. */
  fail(message: string): void {
    this.#failAt(this.#position(), message);
    this.#lookahead = this.#token('end', this.#position());
  }

  #failAt(position: Position, message: string): void {
    this.problem ??= { position, message };
    this.#offset = this.#text.length;
  }

  #position(): Position {
    return { line: this.#line, column: this.#column, offset: this.#offset };
  }

  #codePoint(): number {
    const codePoint = this.#text.codePointAt(this.#offset) ?? 0;
    return codePoint >= 0xd800 && codePoint <= 0xdfff ? REPLACEMENT_CHARACTER : codePoint;
  }

  #isAtEnd(): boolean {
    return this.#offset >= this.#text.length;
  }

  #advance(): void {
    const codePoint = this.#codePoint();
    this.#offset += codePoint > 0xffff ? 2 : 1;
    if (codePoint === 0x0a) {
      this.#line++;
      this.#column = 1;
    } else {
      this.#column++;
    }
  }

  #token(kind: TokenKind, start: Position): Token {
    return {
      kind,
      text: this.#text.slice(start.offset, this.#offset),
      start,
      end: this.#position(),
    };
  }

  #read(): Token {
    while (isBlank(this.#text.charAt(this.#offset))) this.#advance();
    const start = this.#position();
    if (this.#isAtEnd()) return this.#token('end', start);
    if (++this.#tokens > MOST_TOKENS)
      return this.#refuse(`file has more than ${MOST_TOKENS} words`);
    if (this.#text.startsWith('//', this.#offset)) return this.#readComment(start);
    if (this.#text.startsWith('/*', this.#offset)) return this.#refuse(BLOCK_COMMENT_REFUSED);
    const character = this.#text.charAt(this.#offset);
    this.#lineHasToken = character !== '\n';
    if (character === '\n' || isPunctuation(character)) {
      this.#advance();
      return this.#token(character, start);
    }
    if (character === '"' || character === '`') return this.#readString(start, character);
    if (!isIdentifierCharacter(this.#codePoint())) {
      return this.#refuse(`unexpected input character ${quoteCharacter(this.#codePoint())}`);
    }
    return this.#readIdentifier(start);
  }

  #refuse(message: string, position: Position = this.#position()): Token {
    this.#failAt(position, message);
    return this.#token('end', this.#position());
  }

  #readComment(start: Position): Token {
    while (!this.#isAtEnd() && this.#text.charAt(this.#offset) !== '\n') this.#advance();
    if (!this.#isAtEnd()) this.#advance();
    const kind = this.#lineHasToken ? 'suffix-comment' : 'comment';
    this.#lineHasToken = false;
    const token = this.#token(kind, start);
    const text = withoutLineBreak(token.text);
    if (kind === 'suffix-comment') this.suffixComments.push({ text, start });
    return { ...token, text };
  }

  #readString(start: Position, quote: string): Token {
    this.#advance();
    for (;;) {
      const character = this.#text.charAt(this.#offset);
      if (character === '') return this.#refuse('unexpected EOF in string', start);
      if (character === '\n') return this.#refuse('unexpected newline in string');
      this.#advance();
      if (character === quote) return this.#token('string', start);
      if (character !== '\\' || quote === '`') continue;
      if (this.#isAtEnd()) return this.#refuse('unexpected EOF in string', start);
      this.#advance();
    }
  }

  #readIdentifier(start: Position): Token {
    while (!this.#isAtEnd() && isIdentifierCharacter(this.#codePoint())) {
      if (this.#text.startsWith('//', this.#offset)) break;
      if (this.#text.startsWith('/*', this.#offset)) return this.#refuse(BLOCK_COMMENT_REFUSED);
      this.#advance();
    }
    return this.#token('identifier', start);
  }
}

// The syntax of go.mod and go.work: https://go.dev/ref/mod#go-mod-file-lexical

export interface Position {
  /** From 1. */
  readonly line: number;
  /** In characters (not bytes), from 1. */
  readonly column: number;
  /** In UTF-16 units, from 0. */
  readonly offset: number;
}

/** One `//` comment with its slashes; empty text stands for a blank line inside a block. */
export interface Comment {
  text: string;
  readonly start?: Position;
}

export interface Commented {
  /** Whole-line comments above. */
  before: Comment[];
  /** Comments at the end of the line. */
  suffix: Comment[];
}

/** Comments that belong to no statement. */
export interface CommentBlock extends Commented {
  readonly kind: 'comments';
  readonly start: Position;
}

export interface Line extends Commented {
  readonly kind: 'line';
  /** As written, quotes included. Inside a block they do not repeat the block's own. No tokens: removed by an edit. */
  tokens: string[];
  inBlock: boolean;
  /** Absent in lines that an edit added. */
  readonly start?: Position;
  readonly end?: Position;
}

/** A parenthesis, to which comments can hang. */
export interface Parenthesis extends Commented {
  readonly kind: 'parenthesis';
  readonly start?: Position;
}

export interface LineBlock extends Commented {
  readonly kind: 'block';
  readonly tokens: string[];
  lines: Line[];
  readonly open: Parenthesis;
  readonly close: Parenthesis;
  readonly start?: Position;
}

export type Statement = CommentBlock | Line | LineBlock;

export interface Syntax {
  /** The file's name, for problems. */
  readonly name: string;
  /** Comments that found no statement to hang to. */
  before: Comment[];
  statements: Statement[];
}

export function newLine(tokens: string[], inBlock: boolean): Line {
  return { kind: 'line', tokens, inBlock, before: [], suffix: [] };
}

function newParenthesis(): Parenthesis {
  return { kind: 'parenthesis', before: [], suffix: [] };
}

export function newBlock(tokens: string[], lines: Line[]): LineBlock {
  return {
    kind: 'block',
    tokens,
    lines,
    before: [],
    suffix: [],
    open: newParenthesis(),
    close: newParenthesis(),
  };
}

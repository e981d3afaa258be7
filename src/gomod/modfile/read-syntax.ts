import { endsLine, ModfileLexer, type Token } from './lexer.ts';
import { failedFile, problemAt, type ParsedFile } from './problem.ts';
import type {
  Comment,
  CommentBlock,
  Commented,
  Line,
  LineBlock,
  Parenthesis,
  Position,
  Statement,
  Syntax,
} from './syntax.ts';

function lineOf(first: Token, tokens: string[], end: Position, inBlock: boolean): Line {
  return { kind: 'line', tokens, inBlock, start: first.start, end, before: [], suffix: [] };
}

function parenthesisAt(start: Position, before: Comment[] = []): Parenthesis {
  return { kind: 'parenthesis', start, before, suffix: [] };
}

function readLine(lexer: ModfileLexer): Line {
  const first = lexer.next();
  const tokens = [first.text];
  let { end } = first;
  for (let token = lexer.next(); !endsLine(token.kind); token = lexer.next()) {
    tokens.push(token.text);
    ({ end } = token);
  }
  return lineOf(first, tokens, end, true);
}

/** Blank lines between the lines of a block are kept, several as one. */
function noteBlankLine(comments: Comment[], hasLines: boolean): void {
  const last = comments.at(-1);
  if (last === undefined ? hasLines : last.text !== '') comments.push({ text: '' });
}

/** Reads the closing parenthesis and the end of its line. */
function readClose(lexer: ModfileLexer, comments: Comment[]): Parenthesis {
  const { start } = lexer.next();
  const isBlankLine = comments.length === 1 && comments[0]?.text === '';
  if (endsLine(lexer.peek())) lexer.next();
  else lexer.fail('syntax error (expected newline after closing paren)');
  return parenthesisAt(start, isBlankLine ? [] : comments);
}

function readBlock(
  lexer: ModfileLexer,
  file: string,
  start: Position,
  tokens: string[],
  open: Position,
): LineBlock {
  const lines: Line[] = [];
  function blockEndingIn(close: Parenthesis): LineBlock {
    return {
      kind: 'block',
      tokens,
      lines,
      start,
      open: parenthesisAt(open),
      close,
      before: [],
      suffix: [],
    };
  }
  let comments: Comment[] = [];
  for (;;) {
    const kind = lexer.peek();
    if (kind === ')') return blockEndingIn(readClose(lexer, comments));
    if (kind === 'end') {
      lexer.fail(
        `syntax error (unterminated block started at ${file}:${start.line}:${start.column})`,
      );
      return blockEndingIn(parenthesisAt(open));
    }
    if (kind === 'suffix-comment') {
      lexer.next();
    } else if (kind === '\n') {
      lexer.next();
      noteBlankLine(comments, lines.length > 0);
    } else if (kind === 'comment') {
      const comment = lexer.next();
      comments.push({ text: comment.text, start: comment.start });
    } else {
      lines.push({ ...readLine(lexer), before: comments });
      comments = [];
    }
  }
}

/** A parenthesis opens a block only at the end of its line; elsewhere it is a token like any other. */
function readStatement(lexer: ModfileLexer, file: string): Line | LineBlock {
  const first = lexer.next();
  const tokens = [first.text];
  let { end } = first;
  for (;;) {
    const token = lexer.next();
    if (endsLine(token.kind)) return lineOf(first, tokens, end, false);
    if (token.kind !== '(') {
      tokens.push(token.text);
      ({ end } = token);
      continue;
    }
    if (endsLine(lexer.peek())) return readBlock(lexer, file, first.start, tokens, token.start);
    if (lexer.peek() !== ')') {
      tokens.push(token.text);
      continue;
    }
    const close = lexer.next();
    if (endsLine(lexer.peek())) {
      lexer.next();
      const parentheses = { open: parenthesisAt(token.start), close: parenthesisAt(close.start) };
      return {
        kind: 'block',
        tokens,
        lines: [],
        start: first.start,
        ...parentheses,
        before: [],
        suffix: [],
      };
    }
    tokens.push(token.text, close.text);
  }
}

function readStatements(lexer: ModfileLexer, file: string): Statement[] {
  const statements: Statement[] = [];
  let pending: CommentBlock | undefined;
  for (;;) {
    const kind = lexer.peek();
    if (kind === 'comment') {
      const { text, start } = lexer.next();
      pending ??= { kind: 'comments', start, before: [], suffix: [] };
      pending.before.push({ text, start });
    } else if (kind === '\n' || kind === 'end') {
      if (pending !== undefined) statements.push(pending);
      pending = undefined;
      if (kind === 'end') return statements;
      lexer.next();
    } else {
      const statement = readStatement(lexer, file);
      if (pending !== undefined) statement.before = pending.before;
      pending = undefined;
      statements.push(statement);
    }
  }
}

interface Span {
  readonly target: Commented;
  readonly endOffset: number;
}

function spanOf(
  target: Commented,
  start: Position | undefined,
  end: Position | undefined,
  width = 0,
): Span[] {
  if (start === undefined || end === undefined || start.line !== end.line) return [];
  return [{ target, endOffset: end.offset + width }];
}

/** Everything on one line that an end-of-line comment can follow, in order of its end. */
function spansOf(statement: Statement): Span[] {
  if (statement.kind === 'comments') return spanOf(statement, statement.start, statement.start);
  if (statement.kind === 'line') return spanOf(statement, statement.start, statement.end);
  const { open, close, lines } = statement;
  return [
    ...spanOf(open, open.start, open.start, 1),
    ...lines.flatMap((line) => spanOf(line, line.start, line.end)),
    ...spanOf(close, close.start, close.start, 1),
    ...spanOf(statement, statement.start, close.start, 1),
  ];
}

/** Gives each end-of-line comment to what stands before it; what finds no place goes to the top of the file. */
function placeSuffixComments(syntax: Syntax, comments: readonly Comment[]): void {
  let left = comments.length;
  for (const { target, endOffset } of syntax.statements.flatMap(spansOf).toReversed()) {
    const end = left;
    while (left > 0 && (comments[left - 1]?.start?.offset ?? 0) >= endOffset) left--;
    if (left < end) target.suffix.push(...comments.slice(left, end));
  }
  syntax.before.push(...comments.slice(0, left));
}

/** Reads the statements of a go.mod or go.work file without looking at what they mean. */
export function readSyntax(file: string, text: string): ParsedFile<Syntax> {
  const lexer = new ModfileLexer(text);
  const syntax: Syntax = { name: file, before: [], statements: readStatements(lexer, file) };
  if (lexer.problem !== undefined) {
    return failedFile([problemAt(file, lexer.problem.position, lexer.problem.message)]);
  }
  placeSuffixComments(syntax, lexer.suffixComments);
  return { ok: true, value: syntax };
}

import { trimSpace } from '../text/index.ts';
import type { Comment, LineBlock, Parenthesis, Statement, Syntax } from './syntax.ts';

function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && (line.charAt(end - 1) === ' ' || line.charAt(end - 1) === '\t')) end--;
  return line.slice(0, end);
}

function joinTokens(tokens: readonly string[]): string {
  let text = '';
  let separator = '';
  for (const token of tokens) {
    const closes = token === ',' || token === ')' || token === ']' || token === '}';
    text += closes ? token : separator + token;
    separator = token === '(' || token === '[' || token === '{' ? '' : ' ';
  }
  return text;
}

/** Collects lines; end-of-line comments wait until their line ends. */
class Printer {
  margin = 0;
  readonly #lines: string[] = [];
  #current = '';
  #waiting: Comment[] = [];

  write(text: string): void {
    const [first = '', ...others] = text.split('\n');
    this.#current += first;
    for (const line of others) {
      this.#lines.push(this.#current);
      this.#current = line;
    }
  }

  queue(comments: readonly Comment[]): void {
    this.#waiting.push(...comments);
  }

  /** Ends the line. Never leaves two blank lines in a row, nor one at the top. */
  endLine(): void {
    for (const [index, comment] of this.#waiting.entries()) {
      if (index > 0) this.#breakLine();
      this.#current += (index === 0 ? ' ' : '') + trimSpace(comment.text);
    }
    this.#waiting = [];
    this.#current = withoutTrailingBlanks(this.#current);
    const followsBlank =
      this.#lines.length === 0 || (this.#lines.length > 1 && this.#lines.at(-1) === '');
    if (this.#current !== '' || !followsBlank) this.#lines.push(this.#current);
    this.#current = '\t'.repeat(this.margin);
  }

  #breakLine(): void {
    this.#lines.push(withoutTrailingBlanks(this.#current));
    this.#current = '\t'.repeat(this.margin);
  }

  wholeLines(comments: readonly Comment[]): void {
    if (comments.length === 0) return;
    this.#current = withoutTrailingBlanks(this.#current);
    if (this.#current !== '') this.#lines.push(this.#current);
    this.#current = '\t'.repeat(this.margin);
    for (const comment of comments) {
      this.#current += trimSpace(comment.text);
      this.endLine();
    }
  }

  text(): string {
    const lines = [...this.#lines, this.#current];
    while (lines.length > 1 && lines.at(-1) === '' && lines.at(-2) === '') lines.pop();
    return lines.length === 1 && lines[0] === '' ? '' : lines.join('\n');
  }
}

function printParenthesis(printer: Printer, parenthesis: Parenthesis, text: string): void {
  printer.wholeLines(parenthesis.before);
  printer.write(text);
  printer.queue(parenthesis.suffix);
}

function printBlock(printer: Printer, block: LineBlock): void {
  printer.write(`${joinTokens(block.tokens)} `);
  printParenthesis(printer, block.open, '(');
  printer.margin++;
  for (const line of block.lines) {
    printer.endLine();
    printStatement(printer, line);
  }
  printer.margin--;
  printer.endLine();
  printParenthesis(printer, block.close, ')');
}

function printStatement(printer: Printer, statement: Statement): void {
  printer.wholeLines(statement.before);
  if (statement.kind === 'line') printer.write(joinTokens(statement.tokens));
  if (statement.kind === 'block') printBlock(printer, statement);
  printer.queue(statement.suffix);
}

/** Prints statements in Go's layout, comments included. */
export function printSyntax(syntax: Syntax): string {
  const printer = new Printer();
  for (const comment of syntax.before) {
    printer.write(trimSpace(comment.text));
    printer.endLine();
  }
  for (const [index, statement] of syntax.statements.entries()) {
    printStatement(printer, statement);
    if (statement.kind !== 'comments') printer.endLine();
    if (index + 1 < syntax.statements.length) printer.endLine();
  }
  return printer.text();
}

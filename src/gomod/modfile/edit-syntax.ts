import {
  newBlock,
  newLine,
  type Line,
  type LineBlock,
  type Statement,
  type Syntax,
} from './syntax.ts';

function verbOf(statement: Statement): string | undefined {
  return statement.kind === 'comments' ? undefined : statement.tokens[0];
}

function contains(statement: Statement, line: Line): boolean {
  return statement === line || (statement.kind === 'block' && statement.lines.includes(line));
}

/** Makes a one-line statement the only line of a new block. */
function wrapInBlock(syntax: Syntax, line: Line): LineBlock {
  const block = newBlock(line.tokens.slice(0, 1), [line]);
  line.tokens = line.tokens.slice(1);
  line.inBlock = true;
  syntax.statements[syntax.statements.indexOf(line)] = block;
  return block;
}

function addToBlock(block: LineBlock, after: Line | undefined, tokens: readonly string[]): Line {
  const line = newLine(tokens.slice(1), true);
  const index = after === undefined ? -1 : block.lines.indexOf(after);
  block.lines.splice(index < 0 ? block.lines.length : index + 1, 0, line);
  return line;
}

/**
 * Where a new directive goes: near a line (into its block when both have the same verb, else after it), to the last
 * directive of its verb if there is one, or to the end of the file.
 */
export type Place = Line | 'with its kind' | 'at the end';

function indexOfPlace(
  statements: readonly Statement[],
  place: Place,
  verb: string | undefined,
): number {
  if (place === 'at the end') return -1;
  if (place === 'with its kind')
    return statements.findLastIndex((statement) => verbOf(statement) === verb);
  return statements.findIndex((statement) => contains(statement, place));
}

export function addLine(syntax: Syntax, place: Place, tokens: string[]): Line {
  const { statements } = syntax;
  const index = indexOfPlace(statements, place, tokens[0]);
  const neighbour = statements[index];
  if (neighbour === undefined || neighbour.kind === 'comments' || verbOf(neighbour) !== tokens[0]) {
    const line = newLine(tokens, false);
    statements.splice(neighbour === undefined ? statements.length : index + 1, 0, line);
    return line;
  }
  const block = neighbour.kind === 'block' ? neighbour : wrapInBlock(syntax, neighbour);
  return addToBlock(block, typeof place === 'string' ? undefined : place, tokens);
}

export function updateLine(line: Line, tokens: string[]): void {
  line.tokens = line.inBlock ? tokens.slice(1) : tokens;
}

/** Marks a line as removed; `cleanUp` takes marked lines out. */
export function removeLine(line: Line): void {
  line.tokens = [];
  line.suffix = [];
}

function isRemoved(line: Line): boolean {
  return line.tokens.length === 0;
}

/** Turns a block of one line into that line, so that what points to the line stays right. */
function unwrapBlock(block: LineBlock, line: Line): Line {
  line.before = [...block.before, ...line.before];
  line.suffix = [...line.suffix, ...block.suffix];
  line.tokens = [...block.tokens, ...line.tokens];
  line.inBlock = false;
  return line;
}

function cleanBlock(block: LineBlock): Statement[] {
  block.lines = block.lines.filter((line) => !isRemoved(line));
  const [only] = block.lines;
  if (only === undefined) return [];
  const isCollapsible = block.lines.length === 1 && block.close.before.length === 0;
  return [isCollapsible ? unwrapBlock(block, only) : block];
}

/** Takes out removed lines and empty blocks, and turns blocks of one line into lines. */
export function cleanUp(syntax: Syntax): void {
  syntax.statements = syntax.statements.flatMap((statement) => {
    if (statement.kind === 'block') return cleanBlock(statement);
    return statement.kind === 'line' && isRemoved(statement) ? [] : [statement];
  });
}

import { compareBytes } from '../text/index.ts';
import { compareVersions } from '../version/index.ts';
import type { DirectiveFile, Modfile, Workfile } from './modfile.ts';
import type { Line, LineBlock } from './syntax.ts';
import type { VersionInterval } from './tokens.ts';

/** From this language version on, `go` sorts excluded versions by precedence; older files keep their order by letters. */
const FIRST_WITH_SORTED_EXCLUSIONS = 'v1.21';

function compareLines(left: Line, right: Line): number {
  const length = Math.min(left.tokens.length, right.tokens.length);
  for (let index = 0; index < length; index++) {
    const order = compareBytes(left.tokens[index] ?? '', right.tokens[index] ?? '');
    if (order !== 0) return order;
  }
  return left.tokens.length - right.tokens.length;
}

function compareExclusions(left: Line, right: Line): number {
  const [leftPath = '', leftVersion = ''] = left.tokens;
  const [rightPath = '', rightVersion = ''] = right.tokens;
  if (left.tokens.length !== 2 || right.tokens.length !== 2) return compareLines(left, right);
  return compareBytes(leftPath, rightPath) || compareVersions(leftVersion, rightVersion);
}

function intervalOf(line: Line): VersionInterval {
  const [first = '', low = '', comma, high = '', last] = line.tokens;
  if (line.tokens.length === 1) return { low: first, high: first };
  const isInterval = line.tokens.length === 5 && first === '[' && comma === ',' && last === ']';
  return isInterval ? { low, high } : { low: '', high: '' };
}

/** The latest retraction comes first. */
function compareRetractions(left: Line, right: Line): number {
  const [leftInterval, rightInterval] = [intervalOf(left), intervalOf(right)];
  return (
    compareVersions(rightInterval.low, leftInterval.low) ||
    compareVersions(rightInterval.high, leftInterval.high)
  );
}

interface Keyed {
  readonly line: Line;
}

/** Splits a list into what stays and the lines of those whose key an earlier one had. */
function withoutRepeats<T extends Keyed>(
  list: readonly T[],
  keyOf: (item: T) => string,
  removed: Set<Line>,
): T[] {
  const keys = new Set<string>();
  return list.filter((item) => {
    const key = keyOf(item);
    if (keys.has(key)) removed.add(item.line);
    keys.add(key);
    return !removed.has(item.line);
  });
}

function keyOfModule(module: { readonly path: string; readonly version: string }): string {
  return JSON.stringify([module.path, module.version]);
}

function isModfile(file: DirectiveFile): file is Modfile {
  return 'require' in file;
}

/** The last of several replacements counts, and of everything else the first. */
function removeRepeats(file: DirectiveFile): void {
  const removed = new Set<Line>();
  if (isModfile(file)) {
    file.exclude = withoutRepeats(file.exclude, (exclude) => keyOfModule(exclude.module), removed);
    file.tool = withoutRepeats(file.tool, (tool) => tool.path, removed);
    file.ignore = withoutRepeats(file.ignore, (ignore) => ignore.path, removed);
  }
  const latestFirst = file.replace.toReversed();
  const kept = withoutRepeats(latestFirst, (replace) => keyOfModule(replace.old), removed);
  file.replace = kept.toReversed();
  file.syntax.statements = file.syntax.statements.filter((statement) => {
    if (statement.kind === 'line') return !removed.has(statement);
    if (statement.kind === 'comments') return true;
    statement.lines = statement.lines.filter((line) => !removed.has(line));
    return statement.lines.length > 0;
  });
}

function orderOf(
  file: Modfile | Workfile,
  { tokens: [verb] }: LineBlock,
): (left: Line, right: Line) => number {
  if (!isModfile(file)) return compareLines;
  if (verb === 'retract') return compareRetractions;
  const language = `v${file.go?.version ?? ''}`;
  const sortsByVersion = compareVersions(language, FIRST_WITH_SORTED_EXCLUSIONS) >= 0;
  return verb === 'exclude' && sortsByVersion ? compareExclusions : compareLines;
}

/** Sorts the lines of every block as `go` does when it writes the file, after taking out repeated directives. */
export function sortBlocks(file: Modfile | Workfile): void {
  removeRepeats(file);
  for (const statement of file.syntax.statements) {
    if (statement.kind === 'block') statement.lines.sort(orderOf(file, statement));
  }
}

import { quote } from '../text/index.ts';
import { commentText, deprecationOf, isMarkedIndirect } from './comments.ts';
import {
  readGo,
  readGodebug,
  readModuleVersion,
  readReplace,
  readToolchain,
  type Directive,
  type DirectiveReader,
} from './directives.ts';
import type { Modfile, PathDirective, Workfile } from './modfile.ts';
import { failedFile, problemAt, type ModfileProblem, type ParsedFile } from './problem.ts';
import { readSyntax } from './read-syntax.ts';
import type { Statement, Syntax } from './syntax.ts';
import { argumentAt, countOf, readString, readVersionInterval } from './tokens.ts';

function readModule(file: Modfile, directive: Directive): string | undefined {
  if (file.module !== undefined) return 'repeated module statement';
  const { line, block } = directive;
  file.module = { path: '', deprecated: deprecationOf(line, block), line };
  if (countOf(directive) !== 1) return 'usage: module module/path';
  const path = readString(directive, 0);
  if (path.ok) file.module.path = path.value;
  return path.ok ? undefined : path.problem;
}

function readRequire(file: Modfile, directive: Directive): string | undefined {
  const module = readModuleVersion(directive);
  if (!module.ok) return module.problem;
  const { line } = directive;
  file.require.push({ module: module.value, indirect: isMarkedIndirect(line), line });
  return undefined;
}

function readExclude(file: Modfile, directive: Directive): string | undefined {
  const module = readModuleVersion(directive);
  if (!module.ok) return module.problem;
  file.exclude.push({ module: module.value, line: directive.line });
  return undefined;
}

/** In a dependency an interval that cannot be read is passed over: later versions of Go may allow other forms. */
function readRetract(file: Modfile, directive: Directive): string | undefined {
  const { line, block, strict } = directive;
  const rationale = commentText(line, block);
  const read = readVersionInterval(directive);
  if (!read.ok) return strict ? read.problem : undefined;
  const { interval, length } = read.value;
  if (strict && countOf(directive) > length) {
    return `unexpected token after version: ${quote(argumentAt(directive, length))}`;
  }
  file.retract.push({ ...interval, rationale, line });
  return undefined;
}

function readPath(directive: Directive, list: PathDirective[], usage: string): string | undefined {
  if (countOf(directive) !== 1) return usage;
  const path = readString(directive, 0);
  if (!path.ok) return path.problem;
  list.push({ path: path.value, line: directive.line });
  return undefined;
}

interface Grammar<File> {
  readonly directives: ReadonlyMap<string, DirectiveReader<File>>;
  /** Those that may stand in a parenthesized block. */
  readonly inBlocks: ReadonlySet<string>;
}

const MODFILE: Grammar<Modfile> = {
  directives: new Map<string, DirectiveReader<Modfile>>([
    ['go', readGo],
    ['toolchain', readToolchain],
    ['module', readModule],
    ['godebug', readGodebug],
    ['require', readRequire],
    ['exclude', readExclude],
    ['replace', readReplace],
    ['retract', readRetract],
    [
      'tool',
      (file, line) => readPath(line, file.tool, 'tool directive expects exactly one argument'),
    ],
    [
      'ignore',
      (file, line) => readPath(line, file.ignore, 'ignore directive expects exactly one argument'),
    ],
  ]),
  inBlocks: new Set([
    'module',
    'godebug',
    'require',
    'exclude',
    'replace',
    'retract',
    'tool',
    'ignore',
  ]),
};

/** What Go reads in the go.mod of a dependency; the rest may be of later versions or for the main module alone. */
const DEPENDENCY_DIRECTIVES = ['go', 'module', 'retract', 'require', 'ignore'];

const DEPENDENCY_MODFILE: Grammar<Modfile> = {
  directives: new Map(
    [...MODFILE.directives].filter(([verb]) => DEPENDENCY_DIRECTIVES.includes(verb)),
  ),
  inBlocks: MODFILE.inBlocks,
};

const WORKFILE: Grammar<Workfile> = {
  directives: new Map<string, DirectiveReader<Workfile>>([
    ['go', readGo],
    ['toolchain', readToolchain],
    ['godebug', readGodebug],
    ['use', (file, line) => readPath(line, file.use, 'usage: use local/dir')],
    ['replace', readReplace],
  ]),
  inBlocks: new Set(['godebug', 'use', 'replace']),
};

function directivesOf(statement: Statement, strict: boolean): Directive[] {
  if (statement.kind === 'comments') return [];
  const verb = statement.tokens[0] ?? '';
  if (statement.kind === 'line') {
    return [
      { verb, line: statement, block: undefined, tokens: statement.tokens, first: 1, strict },
    ];
  }
  return statement.lines.map((line) => ({
    verb,
    line,
    block: statement,
    tokens: line.tokens,
    first: 0,
    strict,
  }));
}

function isKnownBlock<File>(statement: Statement, grammar: Grammar<File>): boolean {
  if (statement.kind !== 'block') return true;
  return statement.tokens.length === 1 && grammar.inBlocks.has(statement.tokens[0] ?? '');
}

function readDirectives<File>(
  file: File,
  syntax: Syntax,
  grammar: Grammar<File>,
  strict: boolean,
): ModfileProblem[] {
  const problems: ModfileProblem[] = [];
  function report(statement: Statement, message: string | undefined): void {
    if (message !== undefined) problems.push(problemAt(syntax.name, statement.start, message));
  }
  for (const statement of syntax.statements) {
    if (statement.kind === 'comments') continue;
    if (!isKnownBlock(statement, grammar)) {
      if (strict) report(statement, `unknown block type: ${statement.tokens.join(' ')}`);
      continue;
    }
    for (const directive of directivesOf(statement, strict)) {
      const read = grammar.directives.get(directive.verb);
      if (read !== undefined) report(directive.line, read(file, directive));
      else if (strict) report(directive.line, `unknown directive: ${directive.verb}`);
    }
  }
  return problems;
}

/**
 * Reads a go.mod file. With `lax`, as `go` reads that of a dependency: what only the main module may say, and what is
 * unknown, is passed over.
 */
export function parseModfile(
  name: string,
  text: string,
  options: { readonly lax?: boolean } = {},
): ParsedFile<Modfile> {
  const strict = options.lax !== true;
  const syntax = readSyntax(name, text);
  if (!syntax.ok) return syntax;
  const file: Modfile = {
    syntax: syntax.value,
    godebug: [],
    require: [],
    exclude: [],
    replace: [],
    retract: [],
    tool: [],
    ignore: [],
  };
  const problems = readDirectives(
    file,
    syntax.value,
    strict ? MODFILE : DEPENDENCY_MODFILE,
    strict,
  );
  return problems.length === 0 ? { ok: true, value: file } : failedFile(problems);
}

/** Reads a go.work file. */
export function parseWorkfile(name: string, text: string): ParsedFile<Workfile> {
  const syntax = readSyntax(name, text);
  if (!syntax.ok) return syntax;
  const file: Workfile = { syntax: syntax.value, godebug: [], replace: [], use: [] };
  const problems = readDirectives(file, syntax.value, WORKFILE, true);
  return problems.length === 0 ? { ok: true, value: file } : failedFile(problems);
}

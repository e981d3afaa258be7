import { parseSync } from '@swc/core';

/** One function of a source file. */
export interface SourceFunction {
  readonly name: string;
  readonly line: number;
  /** Lines of its own: without those of the functions inside it, and without empty ones. */
  readonly ownLines: number;
  /** A top-level constant that holds an arrow or function expression. */
  readonly isTopLevelConstant: boolean;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Found extends Span {
  readonly name: string;
  readonly isTopLevelConstant: boolean;
  readonly inner: Found[];
}

type Node = Readonly<Record<string, unknown>>;

const kinds = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'Constructor',
  'MethodProperty',
]);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function nameOf(node: Node): string | undefined {
  const named = node['identifier'] ?? node['key'] ?? node['id'];
  return isNode(named) && typeof named['value'] === 'string' ? named['value'] : undefined;
}

function walk(value: unknown, into: Found[], name: string, depth: number): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, into, name, depth);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  const known = nameOf(node) ?? name;
  let target = into;
  let deeper = depth;
  if (kinds.has(String(node['type']))) {
    const { start, end } = (node['span'] ?? (node['function'] as Node)['span']) as Span;
    const isConstant = depth === 0 && /^(Arrow)?FunctionExpression$/.test(String(node['type']));
    const found = { name: known, start, end, isTopLevelConstant: isConstant, inner: [] };
    into.push(found);
    target = found.inner;
    deeper += 1;
  }
  // An arrow in a call or an object at the top is data; only `const x = () => …` is a function in disguise.
  const isPlain = [
    'VariableDeclarator',
    'VariableDeclaration',
    'ExportDeclaration',
    'Module',
  ].includes(String(node['type']));
  for (const [key, child] of Object.entries(node)) {
    if (key !== 'span') walk(child, target, known, isPlain || deeper > depth ? deeper : deeper + 1);
  }
}

/** Every function of a TypeScript source, the inner ones too. */
export function functionsOf(source: string): readonly SourceFunction[] {
  const module = parseSync(source, { syntax: 'typescript', target: 'es2024' });
  // swc's positions count bytes, on over all files of the process; the module's begins at its first token.
  const bytes = Buffer.from(source);
  const firstToken = bytes.length - Buffer.from(stripLeading(source)).length;
  const base = module.span.start - firstToken;
  const found: Found[] = [];
  walk(module.body, found, 'anonymous', 0);
  return found.flatMap((one) => flatten(one, bytes, base));
}

function stripLeading(source: string): string {
  return source.replace(/^(\s+|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/, '');
}

function flatten(one: Found, bytes: Buffer, base: number): readonly SourceFunction[] {
  const line = linesIn(bytes.subarray(0, one.start - base)).length;
  let own = textOf(one, bytes, base);
  for (const inner of one.inner) own = own.replace(textOf(inner, bytes, base), '');
  const ownLines = own.split('\n').filter((text) => /\S/.test(text)).length;
  const { name, isTopLevelConstant } = one;
  return [
    { name, line, ownLines, isTopLevelConstant },
    ...one.inner.flatMap((inner) => flatten(inner, bytes, base)),
  ];
}

function textOf(span: Span, bytes: Buffer, base: number): string {
  return bytes.subarray(span.start - base, span.end - base).toString();
}

function linesIn(bytes: Buffer): readonly string[] {
  return bytes.toString().split('\n');
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modulePathOf } from './module-path-of.ts';
import { parseModfile, parseWorkfile } from './parse-modfile.ts';

function problemsOf(text: string, lax = false): string {
  const file = parseModfile('go.mod', text, { lax });
  return file.ok ? '' : file.problem;
}

test('parseModfile() reads every directive with its position and comments', () => {
  const file = parseModfile(
    'go.mod',
    `// Deprecated: use example.com/n
module example.com/m // the module

go 1.24.0
toolchain go1.24.1
godebug default=go1.21
require (
	example.com/a v1.2.3
	"example.com/b" v0.1.0 // indirect; why
)
exclude example.com/a v1.2.2
replace example.com/a v1.2.3 => ../a
replace example.com/b => example.com/c v1.0.0
// Broken.
retract [v1.0.0, v1.1.0]
tool example.com/a/cmd
ignore ./node_modules
`,
  );
  assert.ok(file.ok);
  const { value } = file;
  assert.equal(value.module?.path, 'example.com/m');
  assert.equal(value.module.deprecated, 'use example.com/n\nthe module');
  assert.equal(value.go?.version, '1.24.0');
  assert.equal(value.toolchain?.name, 'go1.24.1');
  assert.deepEqual(
    value.godebug.map(({ key, value: set }) => [key, set]),
    [['default', 'go1.21']],
  );
  assert.deepEqual(
    value.require.map(({ module, indirect, line }) => [
      module.path,
      module.version,
      indirect,
      line.start?.line,
      line.start?.column,
    ]),
    [
      ['example.com/a', 'v1.2.3', false, 8, 2],
      ['example.com/b', 'v0.1.0', true, 9, 2],
    ],
  );
  assert.deepEqual(
    value.exclude.map(({ module }) => module),
    [{ path: 'example.com/a', version: 'v1.2.2' }],
  );
  assert.deepEqual(
    value.replace.map((replace) => replace.new),
    [
      { path: '../a', version: '' },
      { path: 'example.com/c', version: 'v1.0.0' },
    ],
  );
  assert.deepEqual(
    value.retract.map(({ low, high, rationale }) => [low, high, rationale]),
    [['v1.0.0', 'v1.1.0', 'Broken.']],
  );
  assert.deepEqual(
    value.tool.map(({ path }) => path),
    ['example.com/a/cmd'],
  );
  assert.deepEqual(
    value.ignore.map(({ path }) => path),
    ['./node_modules'],
  );
});

const REFUSED: readonly (readonly [text: string, problem: string])[] = [
  ['module a\nmodule b\n', 'go.mod:2: repeated module statement'],
  ['modul a\n', 'go.mod:1: unknown directive: modul'],
  ['go 1\n', "go.mod:1: invalid go version '1': must match format 1.23.0"],
  ['go (\n\t1.21\n)\n', 'go.mod:1: unknown block type: go'],
  ['require a.b/c\n', 'go.mod:1: usage: require module/path v1.2.3'],
  [
    'require a.b/c main\n',
    'go.mod:1: require a.b/c: version "main" invalid: must be of the form v1.2.3',
  ],
  [
    'require (\n\ta.b/c v2.0.0\n)\n',
    'go.mod:2:2: require a.b/c: version "v2.0.0" invalid: should be v0 or v1, not v2',
  ],
  ['require a.b/v1 v1.0.0\n', 'go.mod:1: invalid module path'],
  ["module 'a'\n", 'go.mod:1: invalid quoted string: unquoted string cannot contain quote'],
  ['module "a\n', 'go.mod:1:10: unexpected newline in string'],
  ['module "a', 'go.mod:1:8: unexpected EOF in string'],
  ['/* x */\n', 'go.mod:1: mod files must use // comments (not /* */ comments)'],
  ['module a\u0001\n', String.raw`go.mod:1:9: unexpected input character '\x01'`],
  [
    'require (\n\ta.b/c v1.0.0\n',
    'go.mod:3: syntax error (unterminated block started at go.mod:1:1)',
  ],
  ['require (\n) x\n', 'go.mod:2:4: syntax error (expected newline after closing paren)'],
  ['retract [v1.0.0\n', "go.mod:1: expected ',' after version"],
  [
    'replace a.b/c => a.b/d@v1\n',
    "go.mod:1: replacement module must match format 'path version', not 'path@version'",
  ],
  [
    'replace a.b/c => ./d v1.0.0\n',
    'go.mod:1: replacement module directory path "./d" cannot have version',
  ],
];

test('parseModfile() refuses in the words of Go', () => {
  for (const [text, problem] of REFUSED) assert.equal(problemsOf(text), problem);
});

test('parseModfile() reports every problem, one a line', () => {
  assert.equal(
    problemsOf('x\nmodule a\ny z\n'),
    'go.mod:1: unknown directive: x\ngo.mod:3: unknown directive: y',
  );
});

test('parseModfile() passes over what only a main module may say when it reads a dependency', () => {
  const text = 'module a\ngo 1.21x\nreplace nonsense\nfuture (\n\tx\n)\nretract [v1\n';
  assert.equal(problemsOf(text, true), '');
  assert.notEqual(problemsOf(text), '');
  const file = parseModfile('go.mod', text, { lax: true });
  assert.equal(file.ok && file.value.go?.version, '1.21');
});

test('parseWorkfile() reads go.work', () => {
  const file = parseWorkfile(
    'go.work',
    'go 1.24\n\nuse (\n\t./a\n\t"./b c"\n)\nreplace x.y/z => ./z\n',
  );
  assert.ok(file.ok);
  assert.deepEqual(
    file.value.use.map(({ path }) => path),
    ['./a', './b c'],
  );
  const refused = parseWorkfile('go.work', 'module a\n');
  assert.equal(refused.ok ? '' : refused.problem, 'go.work:1: unknown directive: module');
});

test('modulePathOf() finds the path in a file that is broken elsewhere', () => {
  assert.equal(modulePathOf('nonsense (\nmodule "a.b/c" // x\n'), 'a.b/c');
  assert.equal(modulePathOf('modules x\n'), '');
});

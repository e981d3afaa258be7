import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editModfile, type ModfileEdit } from './edit-modfile.ts';
import { formatModfile, printModfile } from './format-modfile.ts';
import type { Modfile } from './modfile.ts';
import { parseModfile } from './parse-modfile.ts';
import { setRequire } from './set-require.ts';
import { toJson } from './to-json.ts';

function read(text: string): Modfile {
  const file = parseModfile('go.mod', text);
  assert.ok(file.ok, file.ok ? '' : file.problem);
  return file.value;
}

function edited(text: string, ...edits: readonly ModfileEdit[]): string {
  const file = read(text);
  for (const edit of edits) assert.equal(editModfile(file, edit), undefined);
  return formatModfile(file);
}

test('printModfile() lays a file out as Go does and keeps every comment', () => {
  const text =
    '// top\n\n\nmodule  a.b/c // name\nrequire ( // open\n\n// about d\na.b/d   v1.0.0 // d\n\n\na.b/e v1.0.0\n\n// last\n) // close\n';
  const printed =
    '// top\n\nmodule a.b/c // name\n\nrequire ( // open\n\t// about d\n\ta.b/d v1.0.0 // d\n\n\ta.b/e v1.0.0\n\n// last\n) // close\n';
  assert.equal(printModfile(read(text)), printed);
});

test('formatModfile() sorts blocks, drops repeats and unfolds blocks of one line', () => {
  const text =
    'module a.b/m\ngo 1.21\nrequire (\n\tz.z/z v1.0.0\n\ta.a/a v1.0.0\n)\nexclude (\n\ta.b/c v1.10.0\n\ta.b/c v1.9.0\n\ta.b/c v1.9.0\n)\nretract (\n\tv1.0.0\n)\n';
  const formatted =
    'module a.b/m\n\ngo 1.21\n\nrequire (\n\ta.a/a v1.0.0\n\tz.z/z v1.0.0\n)\n\nexclude (\n\ta.b/c v1.9.0\n\ta.b/c v1.10.0\n)\n\nretract v1.0.0\n';
  assert.equal(formatModfile(read(text)), formatted);
});

test('editModfile() adds, changes and drops directives', () => {
  const start = 'module a.b/m\n\nrequire a.b/c v1.0.0 // keep\n';
  assert.equal(
    edited(
      start,
      { kind: 'require', path: 'a.b/c', version: 'v1.1.0' },
      { kind: 'require', path: 'a.b/d', version: 'v1.0.0' },
    ),
    'module a.b/m\n\nrequire (\n\ta.b/c v1.1.0 // keep\n\ta.b/d v1.0.0\n)\n',
  );
  assert.equal(edited(start, { kind: 'droprequire', path: 'a.b/c' }), 'module a.b/m\n');
  assert.equal(
    edited(
      'module a.b/m\n',
      { kind: 'go', version: '1.24.0' },
      { kind: 'toolchain', name: 'go1.24.1' },
    ),
    'module a.b/m\n\ngo 1.24.0\n\ntoolchain go1.24.1\n',
  );
  assert.equal(
    edited('module a.b/m\n', {
      kind: 'replace',
      old: { path: 'a.b/c', version: '' },
      new: { path: '../c d', version: '' },
    }),
    'module a.b/m\n\nreplace a.b/c => "../c d"\n',
  );
  assert.equal(
    edited('module a.b/m\n', {
      kind: 'retract',
      interval: { low: 'v1.0.0', high: 'v1.1.0' },
      rationale: 'broken',
    }),
    'module a.b/m\n\n// broken\nretract [v1.0.0, v1.1.0]\n',
  );
  assert.equal(
    edited(
      'module a.b/m\n\ntool a.b/t\n',
      { kind: 'tool', path: 'a.b/s' },
      { kind: 'droptool', path: 'a.b/t' },
      { kind: 'ignore', path: './n' },
    ),
    'module a.b/m\n\ntool a.b/s\n\nignore ./n\n',
  );
});

test('editModfile() says why a change cannot be made', () => {
  const file = read('module a.b/m\n');
  assert.equal(editModfile(file, { kind: 'go', version: 'x' }), 'invalid language version "x"');
  assert.equal(editModfile(file, { kind: 'toolchain', name: 'x' }), 'invalid toolchain name "x"');
  assert.equal(
    editModfile(file, { kind: 'exclude', path: 'a.b/c', version: 'v2.0.0' }),
    'version "v2.0.0" invalid: should be v2.0.0+incompatible (or module a.b/c/v2)',
  );
  assert.equal(
    editModfile(file, { kind: 'exclude', path: 'a.b/c/v3', version: 'v3' }),
    'version "v3" invalid: must be of the form v3.2.3',
  );
});

test('setRequire() keeps the places and comments of what stays', () => {
  const file = read(
    'module a.b/m\n\nrequire (\n\ta.b/c v1.0.0 // why\n\ta.b/d v1.0.0 // indirect\n\ta.b/e v1.0.0\n)\n',
  );
  setRequire(file, [
    { path: 'a.b/c', version: 'v1.5.0', indirect: true },
    { path: 'a.b/d', version: 'v1.0.0', indirect: false },
    { path: 'a.b/f', version: 'v1.0.0', indirect: true },
  ]);
  assert.equal(
    formatModfile(file),
    'module a.b/m\n\nrequire (\n\ta.b/c v1.5.0 // indirect; why\n\ta.b/d v1.0.0\n\ta.b/f v1.0.0 // indirect\n)\n',
  );
});

test('toJson() prints what `go mod edit -json` prints', () => {
  assert.equal(
    toJson(read('module a.b/m\nrequire a.b/c v1.0.0 // indirect\nreplace a.b/c => ./<c>\n')),
    `{
	"Module": {
		"Path": "a.b/m"
	},
	"Require": [
		{
			"Path": "a.b/c",
			"Version": "v1.0.0",
			"Indirect": true
		}
	],
	"Exclude": null,
	"Replace": [
		{
			"Old": {
				"Path": "a.b/c"
			},
			"New": {
				"Path": "./\\u003cc\\u003e"
			}
		}
	],
	"Retract": null,
	"Tool": null,
	"Ignore": null
}
`,
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainPath } from './explain-path.ts';
import { explainSetting } from './explain-setting.ts';
import { matchingPattern } from './matching-pattern.ts';
import { explanationsAsText, pathAsJson, pathAsText } from './render.ts';
import { shellLines } from './shell-lines.ts';
import type { Surroundings } from './surroundings.ts';

function around(values: Readonly<Record<string, string>>): Surroundings {
  const all = { GOPROXY: 'https://a.example,direct', GOSUMDB: 'sum.golang.org', ...values };
  return {
    settings: {
      version: 'go1.26.0',
      values: new Map(Object.entries(all)),
      origins: new Map(Object.keys(values).map((name) => [name, 'environment'])),
      problem: undefined,
    },
    goMod: { file: '/src/go.mod', go: '1.24', toolchain: 'go1.27.1' },
  };
}

const paths: readonly [
  name: string,
  values: Readonly<Record<string, string>>,
  module: string,
  sources: readonly string[],
  database: string | undefined,
][] = [
  ['a public module', {}, 'm.test/x', ['proxy', 'direct'], 'sum.golang.org'],
  [
    'a list that ends',
    { GOPROXY: 'https://a|https://b' },
    'm.test/x',
    ['proxy', 'proxy'],
    'sum.golang.org',
  ],
  ['GOPROXY=off', { GOPROXY: 'off' }, 'm.test/x', ['off'], 'sum.golang.org'],
  [
    'off beside a pattern',
    { GOPROXY: 'off', GONOPROXY: 'm.test' },
    'm.test/x',
    ['direct'],
    'sum.golang.org',
  ],
  ['a pattern of GONOPROXY', { GONOPROXY: '*.test' }, 'm.test/x', ['direct'], 'sum.golang.org'],
  ['another pattern', { GONOPROXY: 'm.test/y' }, 'm.test/x', ['proxy', 'direct'], 'sum.golang.org'],
  [
    'a pattern of GONOSUMDB',
    { GONOSUMDB: 'a,m.test/*' },
    'm.test/x/y',
    ['proxy', 'direct'],
    undefined,
  ],
  ['no database', { GOSUMDB: 'off' }, 'm.test/x', ['proxy', 'direct'], undefined],
  [
    'a database with a key',
    { GOSUMDB: 'db.test+1+k https://x' },
    'm.test/x',
    ['proxy', 'direct'],
    'db.test',
  ],
  ['a vendor directory', { GOFLAGS: '-v -mod=vendor' }, 'm.test/x', ['none'], 'sum.golang.org'],
  ['a value that go refuses', { GOPROXY: 'nonsense' }, 'm.test/x', ['none'], 'sum.golang.org'],
  [
    'a toolchain',
    { GONOSUMDB: '*' },
    'golang.org/toolchain',
    ['proxy', 'direct'],
    'sum.golang.org',
  ],
  [
    'a toolchain from a directory',
    { GOPROXY: 'file:///x' },
    'golang.org/toolchain',
    ['proxy'],
    undefined,
  ],
];

for (const [name, values, module, sources, database] of paths) {
  test(`explainPath() with ${name} says who is asked`, () => {
    const explained = explainPath(around(values), module);
    assert.deepEqual(
      explained.sources.map(({ kind }) => kind),
      sources,
    );
    assert.equal(explained.checksum.database, database);
    assert.equal(explained.checksum.isAsked, database !== undefined);
    assert.ok(pathAsText(explained).endsWith('\n'));
    assert.ok(JSON.parse(pathAsJson(explained)));
  });
}

test('matchingPattern() names the one that matches', () => {
  assert.equal(matchingPattern('a.test,*.corp/x,c.test', 'git.corp/x/y'), '*.corp/x');
  assert.equal(matchingPattern('a.test,,[', 'b.test/x'), undefined);
});

test('passwords are shown nowhere', () => {
  const secret = around({
    GOPROXY: 'https://user:hunter2@a.example|https://b.example?token=hunter2,direct',
    GOFLAGS: '-ldflags=-X=main.token=hunter2',
  });
  const settings = ['GOPROXY', 'GOFLAGS'].flatMap((name) => explainSetting(secret, name) ?? []);
  const path = explainPath(secret, 'm.test/x');
  const shown =
    explanationsAsText(settings) + JSON.stringify(settings) + pathAsText(path) + pathAsJson(path);
  assert.ok(shown.includes('a.example') && !shown.includes('hunter2'), shown);
});

test('GOTOOLCHAIN is explained with the line of go.mod', () => {
  const explained = explainSetting(around({ GOTOOLCHAIN: 'auto' }), 'GOTOOLCHAIN');
  assert.match(
    explained?.meaning.join(' ') ?? '',
    /\/src\/go\.mod asks for go1\.27\.1 \(toolchain line\)/,
  );
  assert.equal(explainSetting(around({}), 'GOUNKNOWN'), undefined);
});

test('shellLines() quotes for each shell what it would take apart', () => {
  assert.equal(shellLines('sh', 'http://h:1'), 'export GOPROXY=http://h:1\n');
  assert.equal(shellLines('bash', "http://h/a'b&c"), "export GOPROXY='http://h/a'\\''b&c'\n");
  assert.equal(shellLines('fish', "http://h/a'b"), "set -gx GOPROXY 'http://h/a\\'b'\n");
  assert.equal(shellLines('powershell', "http://h/a'b"), "$env:GOPROXY = 'http://h/a''b'\n");
});

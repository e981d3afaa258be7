import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doorNames, kindOf, kinds, publicSubDoors } from '../../architecture.mjs';
import { committedFiles, isTest, matching, readDoor, text } from './sources.ts';

const doors = matching('src/**/index.ts');

test('each folder under src has its door, except those of the roots', () => {
  const folders = new Set(matching('src/*/**/*.ts').map((path) => path.split('/')[1] ?? ''));
  for (const folder of folders) {
    assert.ok(kindOf(folder) !== undefined, `src/${folder} is not in architecture.mjs`);
    if (kinds.roots.folders.includes(folder)) continue;
    // Entered by its sub-folders' doors instead.
    if (publicSubDoors.includes(`${folder}/*`)) continue;
    assert.ok(doors.includes(`src/${folder}/index.ts`), `src/${folder} has no index.ts`);
  }
});

test('no folder under src is deeper than two', () => {
  const deep = matching('src/*/*/*/**/*.ts').filter((path) => !path.includes('/testdata/'));
  assert.deepEqual(deep, []);
});

test('each door says on its first line what the folder is for, and lists a dozen names at most', () => {
  const problems = doors.flatMap((path) => {
    const door = readDoor(path);
    const folder = path.slice('src/'.length, -'/index.ts'.length);
    const more = doorNames.more[folder];
    const values = door.exports.filter((one) => !one.isType).length;
    const found = [...door.problems];
    if (!/^\/\/ \S.{20,}/.test(text(path))) found.push(`${path}: no purpose line`);
    if (door.exports.length === 0) found.push(`${path}: exports nothing`);
    if (values > (more ?? doorNames.values) || door.exports.length > (more ?? doorNames.names)) {
      found.push(`${path}: ${values} values and ${door.exports.length - values} types`);
    }
    return found;
  });
  assert.deepEqual(problems, []);
});

test('no folder is called after nothing', () => {
  const empty = /^(types|models|common|shared|utils?|helpers?|core|lib|misc)(\.ts)?$/;
  const named = committedFiles()
    .filter((path) => path.startsWith('src/'))
    .filter((path) => path.split('/').some((part) => empty.test(part)));
  assert.deepEqual(named, []);
});

test('file names are in kebab case', () => {
  const odd = matching('{src,test,bench,scripts}/**/*.ts')
    .filter((path) => !path.includes('/testdata/'))
    .filter((path) => !/^[a-z0-9/-]+(\.[a-z]+)*\.ts$/.test(path));
  assert.deepEqual(odd, []);
});

test('no file is longer than 400 lines, no test longer than 600', () => {
  const long = matching('{src,test,bench,scripts}/**/*.ts')
    .map((path) => ({ path, lines: text(path).split('\n').length - 1 }))
    .filter(({ path, lines }) => lines > (isTest(path) ? 600 : 400))
    .map(({ path, lines }) => `${path}: ${lines} lines`);
  assert.deepEqual(long, []);
});

test('no rule is silenced, and no test is skipped or left alone', () => {
  const silencers =
    /@ts-(ignore|expect-error|nocheck)|(oxlint|eslint)-disable|\b(test|it|suite|describe)\.(skip|only|todo)\(/;
  const silenced = matching('{src,test,bench,scripts}/**/*.ts')
    .filter((path) => !path.startsWith('test/repository/') && !path.includes('/testdata/'))
    .filter((path) => silencers.test(text(path)));
  assert.deepEqual(silenced, []);
});

test('test names are sentences without obligation or issue numbers', () => {
  const names = matching('{src,test}/**/*.{test,contract}.ts').flatMap((path) =>
    [...text(path).matchAll(/^\s*(?:await )?test\(\s*(['"`])(.*?)\1,/gm)].map(
      (found) => `${path}: ${found[2] ?? ''}`,
    ),
  );
  assert.ok(names.length > 10, 'the pattern finds no test names any more');
  assert.deepEqual(
    names.filter((name) => /\bshould\b|#\d+/.test(name)),
    [],
  );
});

test('every port has a contract suite, and each of its adapters runs it', () => {
  for (const contract of matching('src/**/*.contract.ts')) {
    const file = contract.split('/').at(-1) ?? '';
    const runners = matching('{src,test}/**/*.test.ts').filter((path) =>
      text(path).includes(`/${file}'`),
    );
    assert.ok(runners.length > 0, `no test runs ${contract}`);
  }
});

test('tests and benchmarks enter the folders of src by their doors', () => {
  const door = /^(index|adapters|waiting)\.ts$|^[a-z-]+\/index\.ts$|\.contract\.ts$/;
  const past = matching('{test,bench}/**/*.ts')
    // What is compared with Go itself may lie deeper, as in a test beside the code.
    .filter((path) => !path.startsWith('test/oracle'))
    .flatMap((path) =>
      [...text(path).matchAll(/from '(?:\.\.\/)+src\/([a-z-]+)\/([^']+)'/g)]
        .filter(([, folder = '']) => !kinds.roots.folders.includes(folder))
        .filter(([, , inside = '']) => !door.test(inside))
        .map(([, folder = '', inside = '']) => `${path}: src/${folder}/${inside}`),
    );
  assert.deepEqual(past, []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArtifactKind } from '../protocol/index.ts';
import { createClientView } from './client-view.ts';
import type { ClientView } from './client-view.ts';
import { baseOf } from './guess.ts';

const WIDE = { first: 100, most: 100 };

function createView(zip = WIDE): ClientView {
  const known = { mod: 100, info: 100, zip: 1 };
  return createClientView({
    mod: WIDE,
    prunedMod: WIDE,
    info: WIDE,
    zip,
    importedZip: WIDE,
    known,
  });
}

function ask(view: ClientView, kind: ArtifactKind, path: string, version = 'v1.0.0'): void {
  view.asked({ key: `${baseOf(path, version) ?? ''}.${kind}`, kind, path, version }, true);
}

function arrive(
  view: ClientView,
  path: string,
  requires: readonly string[],
  isPruned = false,
): void {
  const list = requires.map((required) => {
    const [name = '', version = ''] = required.split('@');
    return { path: name, version, indirect: false };
  });
  view.arrived({ path, version: 'v1.0.0' }, { list, isPruned });
}

function guesses(view: ClientView): readonly string[] {
  const keys: string[] = [];
  for (let guess = view.next(); guess !== undefined; guess = view.next()) {
    keys.push(guess.key);
    view.windows[guess.window].begin();
  }
  return keys;
}

test('what a go.mod without pruning requires is guessed once, toolchains and bad names never', () => {
  const view = createView();
  arrive(view, 'a.test/top', [
    'a.test/Upper@v1.2.0',
    'a.test/low@v1.0.0',
    'golang.org/toolchain@v0.0.1-go1.26.0.linux-amd64',
    'a.test/../x@v1.0.0',
    'a.test/low@main',
  ]);
  arrive(view, 'a.test/other', ['a.test/low@v1.0.0']);
  assert.deepEqual(guesses(view), ['a.test/!upper/@v/v1.2.0.mod', 'a.test/low/@v/v1.0.0.mod']);
});

test('below a pruned go.mod only versions newer than those asked are guessed', () => {
  const view = createView();
  ask(view, 'mod', 'a.test/top');
  ask(view, 'mod', 'a.test/low', 'v1.5.0');
  arrive(view, 'a.test/top', ['a.test/low@v1.4.0', 'a.test/low@v1.6.0'], true);
  assert.deepEqual(guesses(view), ['a.test/low/@v/v1.6.0.mod']);
});

test('what a pruned go.mod requires that nobody asked for waits until somebody does', () => {
  const view = createView();
  ask(view, 'mod', 'a.test/top');
  arrive(view, 'a.test/top', ['a.test/middle@v1.0.0'], true);
  assert.deepEqual(guesses(view), ['a.test/middle/@v/v1.0.0.mod']);
  arrive(view, 'a.test/middle', ['a.test/low@v1.0.0'], true);
  assert.deepEqual(guesses(view), []);
  ask(view, 'mod', 'a.test/middle');
  assert.deepEqual(guesses(view), ['a.test/low/@v/v1.0.0.mod']);
});

test('after the first .info the newest versions of all paths follow in order of their paths', () => {
  const view = createView();
  for (const [path, version] of [
    ['a.test/c', 'v1.0.0'],
    ['a.test/b', 'v1.9.0'],
    ['a.test/b', 'v1.10.0'],
    ['a.test/a', 'v1.0.0'],
  ] as const) {
    ask(view, 'mod', path, version);
  }
  ask(view, 'info', 'a.test/a');
  assert.deepEqual(guesses(view), [
    'a.test/a/@v/v1.0.0.zip',
    'a.test/b/@v/v1.10.0.info',
    'a.test/c/@v/v1.0.0.info',
    'a.test/b/@v/v1.10.0.zip',
    'a.test/c/@v/v1.0.0.zip',
  ]);
});

test('a build that asks a zip is followed along what that module imports from', () => {
  const view = createView();
  for (const path of ['a.test/a', 'a.test/b', 'a.test/c']) ask(view, 'mod', path);
  arrive(view, 'a.test/a', ['a.test/c@v1.0.0']);
  ask(view, 'zip', 'a.test/a');
  assert.deepEqual(guesses(view), ['a.test/a/@v/v1.0.0.info', 'a.test/c/@v/v1.0.0.zip']);
});

test('a build asks .mod and .info behind each zip, and nothing of what such a go.mod requires', () => {
  const view = createView();
  // Who asks zips and nothing else is no go command.
  ask(view, 'zip', 'a.test/first');
  ask(view, 'zip', 'a.test/first');
  assert.deepEqual(guesses(view), []);
  ask(view, 'mod', 'a.test/first');
  ask(view, 'zip', 'a.test/a');
  assert.deepEqual(guesses(view), ['a.test/a/@v/v1.0.0.mod', 'a.test/a/@v/v1.0.0.info']);
  ask(view, 'mod', 'a.test/a');
  arrive(view, 'a.test/a', ['a.test/b@v1.0.0'], true);
  arrive(view, 'a.test/a', ['a.test/c@v1.0.0']);
  assert.deepEqual(guesses(view), []);
});

const NAMED = ['a.test/a', 'a.test/b', 'a.test/c'].flatMap((path) =>
  (['mod', 'zip'] as const).map((kind) => ({ path, version: 'v1.0.0', kind })),
);

test('of what go.sum names a build is given what its modules import from, and no more', () => {
  const view = createView();
  view.expect(NAMED, false);
  ask(view, 'zip', 'a.test/a');
  arrive(view, 'a.test/a', ['a.test/b@v1.0.0'], true);
  assert.deepEqual(guesses(view), [
    'a.test/a/@v/v1.0.0.mod',
    'a.test/a/@v/v1.0.0.info',
    'a.test/b/@v/v1.0.0.zip',
  ]);
  // At its end it asks the .info of what it has: that is no download of all.
  ask(view, 'info', 'a.test/a');
  assert.deepEqual(guesses(view), []);
});

test('all that go.sum names comes when a download is known, and by its first .info else', () => {
  for (const isAll of [true, false]) {
    const few = { first: 1, most: 100 };
    const known = { mod: 100, info: 100, zip: 100 };
    const windows = { mod: few, prunedMod: few, info: few, zip: few, importedZip: few, known };
    const view = createClientView(windows);
    view.expect(NAMED, isAll);
    assert.equal(guesses(view).length, isAll ? 9 : 3);
    ask(view, 'info', 'a.test/c');
    assert.equal(guesses(view).length, isAll ? 0 : 5);
  }
});

test('a go.mod that go.sum names without its module is guessed like one below a pruned one', () => {
  const view = createView();
  view.expect([{ path: 'a.test/old', version: 'v1.0.0', kind: 'mod' }], false);
  assert.equal(view.next()?.window, 'prunedMod');
});

test('a full window of one kind keeps no other kind waiting', () => {
  const view = createView({ first: 0, most: 0 });
  view.expect(
    [
      { path: 'a.test/a', version: 'v1.0.0', kind: 'zip' },
      { path: 'a.test/a', version: 'v1.0.0', kind: 'mod' },
    ],
    false,
  );
  assert.deepEqual(guesses(view), ['a.test/a/@v/v1.0.0.mod', 'a.test/a/@v/v1.0.0.info']);
});

test('what the client has asked meanwhile is no guess any more', () => {
  const view = createView();
  arrive(view, 'a.test/top', ['a.test/a@v1.0.0', 'a.test/b@v1.0.0']);
  ask(view, 'mod', 'a.test/a');
  assert.deepEqual(guesses(view), ['a.test/b/@v/v1.0.0.mod']);
});

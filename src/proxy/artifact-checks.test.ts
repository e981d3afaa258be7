import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkInfo, checkList, checkModStart, looksLikeMarkup } from './artifact-checks.ts';

test('checkInfo() takes JSON with the canonical version that was asked', () => {
  const cases: readonly (readonly [string, string | undefined, RegExp | undefined])[] = [
    ['{"Version":"v1.0.0","Time":"2026-01-01T00:00:00Z"}', 'v1.0.0', undefined],
    ['{"Version":"v1.0.0"}', undefined, undefined],
    ['{"Version":"v2.0.0+incompatible"}', 'v2.0.0+incompatible', undefined],
    ['{"Version":"v1.0.1"}', 'v1.0.0', /version v1.0.1 instead of v1.0.0/u],
    ['{"Version":"v1"}', undefined, /not canonical/u],
    ['{"Version":"main"}', undefined, /not canonical/u],
    ['{"Version":1}', undefined, /not canonical/u],
    ['{"version":"v1.0.0"}', 'v1.0.0', /without a Version/u],
    ['null', undefined, /without a Version/u],
    ['[]', undefined, /without a Version/u],
    ['{"Version":"v1.0', 'v1.0.0', /not JSON$/u],
    ['', 'v1.0.0', /not JSON$/u],
    ['<html>', 'v1.0.0', /web page/u],
  ];
  for (const [text, version, problem] of cases) {
    const answer = checkInfo(Buffer.from(text), version);
    if (problem === undefined) assert.equal(answer, undefined, text);
    else assert.match(answer?.problem ?? 'nothing', problem, text);
  }
});

test('looksLikeMarkup() tells a web page by its first byte that is no white space', () => {
  for (const text of ['<!doctype html>', ' \r\n\t<html>', '\uFEFF<html>', '<']) {
    assert.equal(looksLikeMarkup(Buffer.from(text)), true, text);
    assert.match(checkModStart(Buffer.from(text))?.problem ?? '', /web page/u);
    assert.match(checkList(Buffer.from(text))?.problem ?? '', /web page/u);
  }
  for (const text of ['', ' \n', 'module m.test/x\n', 'v1.0.0\n<', '\uFEFFmodule x']) {
    assert.equal(looksLikeMarkup(Buffer.from(text)), false, text);
    assert.equal(checkModStart(Buffer.from(text)), undefined);
    assert.equal(checkList(Buffer.from(text)), undefined);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healing } from '../proxy/index.ts';
import { formatHealing, parseHealing } from './healing.ts';

test('parseHealing() reads durations, shares and numbers by their names, and prints them again', () => {
  for (const text of ['patience=30s', 'failure_ratio=0.25', 'attempts=3', 'retry_base=50ms']) {
    const parsed = parseHealing(text);
    assert.ok(parsed.ok, text);
    assert.equal(formatHealing(parsed.value), text);
  }
  for (const { name, kind } of healing.parameters) {
    const text = `${name}=${kind === 'duration' ? '1s' : '1'}`;
    assert.ok(parseHealing(text).ok, text);
  }
});

test('parseHealing() says what is wrong, and what was meant', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['patiense=1s', /did you mean patience\?$/u],
    ['xyz', /see docs\/healing\.md$/u],
    ['patience', /NAME=VALUE/u],
    ['patience=', /is not a duration/u],
    ['patience=0s', /from 1ms to 1d/u],
    ['patience=2d', /from 1ms to 1d/u],
    ['failure_ratio=1.1', /from 0 to 1/u],
    ['attempts=-1', /above 0/u],
    ['attempts=0', /above 0/u],
    ['attempts=1e9', /above 0/u],
    ['maximum_upstreams=5', /no NAME=VALUE/u],
  ];
  for (const [text, problem] of cases) {
    const parsed = parseHealing(text);
    assert.ok(!parsed.ok, text);
    assert.match(parsed.problem, problem);
    // The text itself stands in front of it already.
    assert.match(parsed.problem, /^(?:is no NAME=VALUE|does not fit: )[^"]+$/u);
  }
});

test('healing.settingsOf() changes what is named and nothing else', () => {
  const changed = healing.settingsOf(
    new Map([
      ['patience', 30_000],
      ['failure_ratio', 0.25],
    ]),
  );
  assert.deepEqual(changed, {
    walk: { patienceMilliseconds: 30_000 },
    health: { failureRatio: 0.25 },
  });
  assert.deepEqual(healing.settingsOf(new Map()), { walk: {}, health: {} });
});

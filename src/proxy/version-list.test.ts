import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseLatest, joinVersions } from './version-list.ts';

const PSEUDO = 'v1.9.0-0.20260101000000-0123456789ab';

function join(upstream: string, ...stored: readonly string[]): string {
  return joinVersions(Buffer.from(upstream), stored).toString();
}

test("joinVersions() leaves the upstream's lines as they are and adds what only the store has", () => {
  assert.equal(join('v1.0.0\nv1.1.0\n', 'v1.0.0'), 'v1.0.0\nv1.1.0\n');
  assert.equal(join('v1.1.0\n', 'v1.10.0', 'v1.9.0'), 'v1.1.0\nv1.9.0\nv1.10.0\n');
  assert.equal(join('v1.1.0', 'v1.2.0'), 'v1.1.0\nv1.2.0\n');
  assert.equal(join('', 'v1.2.0'), 'v1.2.0\n');
  assert.equal(
    join('v1.0.0 2026-01-01T00:00:00Z\nodd line\n', 'v1.0.0'),
    'v1.0.0 2026-01-01T00:00:00Z\nodd line\n',
  );
  assert.equal(join('v1.0.0\r\n', 'v1.0.0'), 'v1.0.0\r\n');
  // P-21: pseudo-versions are in no list.
  assert.equal(join('v1.0.0\n', PSEUDO), 'v1.0.0\n');
});

test('chooseLatest() prefers releases, then pre-releases, then pseudo-versions', () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['v1.9.0', 'v1.10.0', 'v2.0.0-rc.1', PSEUDO], 'v1.10.0'],
    [['v1.0.0-rc.1', 'v1.0.0-rc.2', PSEUDO], 'v1.0.0-rc.2'],
    [['v0.0.0-20250101000000-0123456789ab', PSEUDO], PSEUDO],
  ];
  for (const [versions, latest] of cases) {
    assert.equal(chooseLatest(versions), latest);
    assert.equal(chooseLatest(versions.toReversed()), latest);
  }
});

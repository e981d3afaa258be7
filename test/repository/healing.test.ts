import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration } from '../../src/configuration/duration.ts';
import { healing } from '../../src/proxy/index.ts';
import { text } from './sources.ts';

test('docs/healing.md has each parameter with its standard value and a reason, and no other', () => {
  const rows = text('docs/healing.md').matchAll(/^\| `(\w+)` \| (\S+) \| \S.{20,} \|$/gmu);
  assert.deepEqual(
    [...rows].map(([, name, standard]) => [name, standard]),
    healing.parameters.map(({ name, kind, standard }) => [
      name,
      kind === 'duration' ? formatDuration(standard) : String(standard),
    ]),
  );
});

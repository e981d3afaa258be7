import assert from 'node:assert/strict';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createDiskFiles } from '../../platform/adapters.ts';
import { sweepQuarantine } from './sweep-quarantine.ts';

const WEEK = 7 * 86_400_000;

test('sweepQuarantine() counts from when something was found damaged, not from when it was written', async (context) => {
  const folder = join(await temporaryFolder(context), 'm.test', '@v');
  await mkdir(folder, { recursive: true });
  const clock = createTestClock();
  const now = Math.trunc(clock.epochMilliseconds() / 1000);
  const names = {
    justFound: `v1.0.0.zip.${now - 60}-0123456789ab`,
    foundLongAgo: `v1.0.1.zip.${now - 8 * 86_400}-0123456789ab`,
    withoutTime: 'v1.0.2.zip.0123456789ab',
  };
  const written = now - 30 * 86_400;
  for (const name of Object.values(names)) {
    await writeFile(join(folder, name), 'x');
    await utimes(join(folder, name), written, written);
  }
  await sweepQuarantine({ files: createDiskFiles(), clock }, folder, WEEK);
  assert.deepEqual(await readdir(folder), [names.justFound]);
});

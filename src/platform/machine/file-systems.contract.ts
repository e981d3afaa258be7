import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FileSystems } from './file-systems.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

/** What every adapter of the port FileSystems must do. */
export function fileSystemsContract(name: string, make: () => FileSystems): void {
  test(`${name}: the space of a folder is told, also of one that is not there yet`, async (t) => {
    const folder = await temporaryFolder(t);
    const here = await make().space(folder);
    assert.ok(here.freeBytes > 0);
    assert.ok(here.freeEntries === undefined || here.freeEntries > 0);
    assert.ok((await make().space(join(folder, 'not', 'yet'))).freeBytes > 0);
  });
}

import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskError, isAbsent } from '../disk-error.ts';
import type { FileSystems, Space } from './file-systems.ts';

export function createFileSystems(): FileSystems {
  return { space };
}

async function space(path: string): Promise<Space> {
  try {
    const { bavail, bsize, files, ffree } = await statfs(path);
    // Those that make inodes as they need them say 0 of 0.
    return { freeBytes: bavail * bsize, freeEntries: files === 0 ? undefined : ffree };
  } catch (error) {
    const parent = dirname(path);
    if (!isAbsent(error) || parent === path) throw diskError('measure the space at', path, error);
    return space(parent);
  }
}

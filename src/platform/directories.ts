import { constants } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCode } from './disk-error.ts';
import { closeDescriptor, openDescriptor, syncDescriptor } from './file-calls.ts';

/** Makes the names in a directory durable: without it a rename may be forgotten by a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const descriptor = await openDescriptor(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await syncDescriptor(descriptor);
  } finally {
    await closeDescriptor(descriptor);
  }
}

/** Makes a directory and its parents; each new name is made durable in the directory that holds it. */
export async function makeDirectories(directory: string): Promise<void> {
  const absolute = resolve(directory);
  const first = await mkdir(absolute, { recursive: true });
  if (first === undefined) return;
  const outermost = dirname(first);
  for (let holder = dirname(absolute); ; holder = dirname(holder)) {
    await syncDirectory(holder);
    if (holder.length <= outermost.length) return;
  }
}

/** Tries first, and makes the parents of `path` only when they turn out to be absent. */
export async function withParents<T>(path: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    await makeDirectories(dirname(path));
    return attempt();
  }
}

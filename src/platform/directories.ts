import { constants } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
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
export async function makeDirectories(directory: string, mode?: number): Promise<void> {
  const made: string[] = [];
  await makeWithParents(resolve(directory), made, mode);
  for (const path of made.toReversed()) {
    await syncDirectory(dirname(path));
  }
}

/**
 * Step by step and not with Node's `recursive`, which never ends where a file system answers ENOENT
 * although the parent is there (as /proc does).
 */
async function makeWithParents(path: string, made: string[], mode?: number): Promise<void> {
  if (await makeOne(path, made, mode)) return;
  const parent = dirname(path);
  if (parent !== path) await makeWithParents(parent, made);
  if (!(await makeOne(path, made, mode))) {
    // Once more for the error itself.
    await mkdir(path);
  }
}

/** False when the parent is absent. */
async function makeOne(path: string, made: string[], mode?: number): Promise<boolean> {
  try {
    await mkdir(path, mode);
    made.push(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    if (systemCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return true;
    throw error;
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

import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { AtomicWrite, AtomicWriteResult } from './atomic-writer-messages.ts';
import { systemCode, toSystemFailure } from './disk-error.ts';
import type { FileNote } from './files.ts';

/* The entry of the thread that writes small files durably; started by `createAtomicWriter()`. */

const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
const NOTE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND;

/** Whole and on the disk, under the name that nobody knows. */
function writeTemporary({ temporary, bytes }: AtomicWrite): void {
  const descriptor = withParents(temporary, () => openSync(temporary, CREATE_FLAGS, 0o666));
  try {
    let written = 0;
    while (written < bytes.length) {
      written += writeSync(descriptor, bytes, written);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function rename({ path, temporary, note }: AtomicWrite): void {
  if (note !== undefined) appendNote(note);
  withParents(path, () => {
    renameSync(temporary, path);
  });
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Not flushed: whoever reads it must notice by itself when a power cut took it. */
function appendNote({ path, bytes }: FileNote): void {
  const descriptor = withParents(path, () => openSync(path, NOTE_FLAGS, 0o666));
  try {
    writeSync(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
}

/** New parents are not made durable by themselves: a name that a power cut takes away is a miss, not damage. */
function withParents<T>(path: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    makeDirectories(dirname(path));
    return attempt();
  }
}

/** Step by step: Node's `recursive` never ends where a parent is there and ENOENT comes all the same. */
function makeDirectories(path: string): void {
  if (makeDirectory(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectories(parent);
  if (!makeDirectory(path)) mkdirSync(path);
}

/** False when the parent is absent. */
function makeDirectory(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    if (systemCode(error) === 'EEXIST') return true;
    throw error;
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made, or the disk is gone; the error that led here says more.
  }
}

/**
 * All renames between two rounds of flushing: the first directory that is flushed takes the others'
 * entries with it where the file system has one journal, which halves the commits of a batch.
 */
function run(batch: readonly AtomicWrite[]): readonly AtomicWriteResult[] {
  const results: AtomicWriteResult[] = batch.map(() => undefined);
  function attempt(index: number, work: () => void): void {
    if (results[index] !== undefined) return;
    try {
      work();
    } catch (error) {
      results[index] = toSystemFailure(error);
    }
  }
  for (const [index, write] of batch.entries()) {
    attempt(index, () => {
      orRemove(write, writeTemporary);
    });
  }
  for (const [index, write] of batch.entries()) {
    attempt(index, () => {
      orRemove(write, rename);
    });
  }
  const flushed = new Map<string, AtomicWriteResult>();
  for (const [index, { path }] of batch.entries()) {
    if (results[index] !== undefined) continue;
    const directory = dirname(path);
    if (!flushed.has(directory)) {
      attempt(index, () => {
        syncDirectory(directory);
      });
      flushed.set(directory, results[index]);
    }
    results[index] = flushed.get(directory);
  }
  return results;
}

function orRemove(write: AtomicWrite, step: (write: AtomicWrite) => void): void {
  try {
    step(write);
  } catch (error) {
    removeQuietly(write.temporary);
    throw error;
  }
}

const port = parentPort;
port?.on('message', (batch: readonly AtomicWrite[]) => {
  port.postMessage(run(batch));
});

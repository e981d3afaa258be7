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

function writeOne({ path, temporary, bytes, note }: AtomicWrite): void {
  const descriptor = withParents(temporary, () => openSync(temporary, CREATE_FLAGS, 0o666));
  try {
    try {
      let written = 0;
      while (written < bytes.length) {
        written += writeSync(descriptor, bytes, written);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (note !== undefined) appendNote(note);
    withParents(path, () => {
      renameSync(temporary, path);
    });
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  const directory = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
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

function run(write: AtomicWrite): AtomicWriteResult {
  try {
    writeOne(write);
    return undefined;
  } catch (error) {
    return toSystemFailure(error);
  }
}

const port = parentPort;
port?.on('message', (batch: readonly AtomicWrite[]) => {
  port.postMessage(batch.map(run));
});

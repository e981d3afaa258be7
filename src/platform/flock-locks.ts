import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { startError } from './command-error.ts';
import { diskError } from './disk-error.ts';
import { closeDescriptor, openDescriptor } from './file-calls.ts';
import { ProgramError } from './errors.ts';
import { withParents } from './directories.ts';
import type { Lock, Locks } from './locks.ts';

const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
/** What `flock` ends with when somebody else has the lock. */
const CONFLICT = 1;

/**
 * The locks of the go command, `flock(2)`, for which Node has no call. The program `flock` takes one on a
 * descriptor of ours and ends; the lock belongs to the open file, so it stays until we close that.
 * Throws `command-not-found` where there is no such program.
 */
export function createFlockLocks(): Locks {
  return { tryExclusive };
}

async function tryExclusive(path: string): Promise<Lock | undefined> {
  let descriptor: number;
  try {
    descriptor = await withParents(path, () => openDescriptor(path, FLAGS));
  } catch (error) {
    throw diskError('lock', path, error);
  }
  let isHeld = false;
  try {
    isHeld = await runFlock(descriptor, dirname(resolve(path)));
  } finally {
    if (!isHeld) await closeDescriptor(descriptor);
  }
  if (!isHeld) return undefined;
  let isReleased = false;
  return {
    release: async () => {
      if (isReleased) return;
      isReleased = true;
      await closeDescriptor(descriptor);
    },
  };
}

/** False when somebody else has it. The descriptor is number 3 in the child. */
function runFlock(descriptor: number, directory: string): Promise<boolean> {
  return new Promise((resolvePromise, reject) => {
    const child = spawn('flock', ['-n', '-x', '3'], {
      stdio: ['ignore', 'ignore', 'ignore', descriptor],
    });
    child.once('error', (error) => reject(startError('flock', directory, error)));
    child.once('close', (code) => {
      if (code === 0 || code === CONFLICT) resolvePromise(code === 0);
      else reject(noLock(code));
    });
  });
}

function noLock(code: number | null): ProgramError {
  return new ProgramError({
    code: 'file-lock-failed',
    kind: 'unavailable',
    message: `the program flock could not lock a file and ended with code ${code ?? 'unknown'}`,
    hint: 'file systems without locks, as some network mounts, cannot be shared safely: use one on this machine',
  });
}

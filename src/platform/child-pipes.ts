import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { closeDescriptor, openDescriptor } from './file-calls.ts';

/** A pipe of the system: the child gets the one end as a stream, we read the other. */
export interface ChildPipe {
  readonly source: Readable;
  /** A descriptor for the child; it must be closed here as soon as the child has it. */
  readonly writeEnd: number;
}

/** It makes a name in a directory; a machine on which that takes longer has other troubles. */
const MAKE_MILLISECONDS = 5000;

/**
 * As many pipes as asked for, or none where this machine has no `mkfifo` or no place for it. What Node hands to a child
 * is a socket, which nobody can open by name: `echo text > /dev/stderr` in a script would fail, and a reader that has
 * gone would be "Connection reset by peer" in place of SIGPIPE.
 */
export async function makeChildPipes(count: number): Promise<readonly ChildPipe[] | undefined> {
  let folder: string | undefined;
  const made: ChildPipe[] = [];
  try {
    folder = await mkdtemp(join(tmpdir(), 'cofferdam-streams-'));
    const paths = Array.from({ length: count }, (_, index) => join(folder ?? '', `${index}`));
    await makeNames(paths);
    for (const path of paths) made.push(await openBoth(path));
    return made;
  } catch {
    for (const { source, writeEnd } of made) {
      source.destroy();
      await closeDescriptor(writeEnd);
    }
    return undefined;
  } finally {
    // Both ends are open; the name is not needed any more.
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function makeNames(paths: readonly string[]): Promise<void> {
  await promisify(execFile)('mkfifo', ['-m', '600', ...paths], { timeout: MAKE_MILLISECONDS });
}

async function openBoth(path: string): Promise<ChildPipe> {
  // A reader that does not wait for a writer comes first; then the writer has one and need not wait either.
  const readEnd = await openDescriptor(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const writeEnd = await openDescriptor(path, constants.O_WRONLY);
    return { source: new Socket({ fd: readEnd, readable: true, writable: false }), writeEnd };
  } catch (error) {
    await closeDescriptor(readEnd);
    throw error;
  }
}

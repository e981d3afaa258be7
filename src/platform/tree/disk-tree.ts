import { constants } from 'node:fs';
import type { Dirent, Stats } from 'node:fs';
import { chmod, lstat, readdir, realpath, rmdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskError, systemCode, unlessAbsent } from '../disk-error.ts';
import { openDescriptor, statDescriptor } from '../file-calls.ts';
import type { ReadableFile } from '../files.ts';
import { createOpenFile } from '../open-file.ts';
import type { Tree, TreeEntry, TreeKind, TreeName } from './tree.ts';

/** A pipe in the place of a file must not make the program wait for its writer. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const OWNER_READS = 0o400;
const OWNER_ENTERS = 0o500;
const OWNER_CHANGES = 0o700;
const OTHERS_CHANGE = 0o022;
const PERMISSIONS = 0o7777;

export function createDiskTree(): Tree {
  // Root may read everything.
  const user = process.getuid?.();
  return {
    user: user === 0 ? undefined : user,
    look: (path) => unlessAbsent('look at', path, async () => toEntry(await lstat(path))),
    list: (directory) => unlessAbsent('list', directory, () => list(directory)),
    open,
    realPath: (path) => unlessAbsent('look at', path, () => realpath(path)),
    mark: async (path) => {
      await unlessAbsent('write', path, () => writeFile(path, '', { flag: 'a' }));
    },
    makeReadable: async (path) => {
      await unlessAbsent('make readable', path, () => makeReadable(path));
    },
    remove: async (path) => {
      await unlessAbsent('remove', path, () => remove(path));
    },
  };
}

async function list(directory: string): Promise<readonly TreeName[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
}

async function open(path: string): Promise<ReadableFile | undefined> {
  const descriptor = await unlessAbsent('open', path, () => openDescriptor(path, READ_FLAGS));
  if (descriptor === undefined) return undefined;
  const { read, close } = createOpenFile(descriptor, path);
  try {
    const stats = await statDescriptor(descriptor);
    if (stats.isFile()) {
      const { size, mtimeMs: modifiedMilliseconds } = stats;
      return { status: { size, modifiedMilliseconds, kind: 'file' }, read, close };
    }
  } catch (error) {
    await close();
    throw diskError('look at', path, error);
  }
  await close();
  return undefined;
}

function toEntry(stats: Stats): TreeEntry {
  const needed = stats.isDirectory() ? OWNER_ENTERS : OWNER_READS;
  return {
    kind: kindOf(stats),
    size: stats.size,
    modifiedMilliseconds: stats.mtimeMs,
    owner: stats.uid,
    isReadable: (stats.mode & needed) === needed,
    isShared: (stats.mode & OTHERS_CHANGE) !== 0,
  };
}

function kindOf(entry: Stats | Dirent): TreeKind {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'directory' : 'other';
}

async function makeReadable(path: string): Promise<void> {
  const stats = await lstat(path);
  // `chmod` follows links, and nobody can read the bits of one.
  if (stats.isSymbolicLink()) return;
  const added = stats.isDirectory() ? OWNER_ENTERS : OWNER_READS;
  await chmod(path, (stats.mode & PERMISSIONS) | added);
}

/** `go` writes its modules without write permission, so that nobody edits them by mistake. */
async function remove(path: string): Promise<void> {
  try {
    await removeInside(path);
  } catch (error) {
    if (systemCode(error) !== 'EACCES') throw error;
    await allowing(dirname(path), () => removeInside(path));
  }
}

async function removeInside(path: string): Promise<void> {
  const stats = await lstat(path);
  if (!stats.isDirectory()) {
    await unlink(path);
    return;
  }
  if ((stats.mode & OWNER_CHANGES) !== OWNER_CHANGES) {
    await chmod(path, (stats.mode & PERMISSIONS) | OWNER_CHANGES);
  }
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    await (entry.isDirectory() ? removeInside(inside) : unlink(inside));
  }
  await rmdir(path);
}

/** With a directory that may be changed for as long as the call takes. */
async function allowing(directory: string, call: () => Promise<void>): Promise<void> {
  const { mode } = await lstat(directory);
  await chmod(directory, (mode & PERMISSIONS) | OWNER_CHANGES);
  try {
    await call();
  } finally {
    await chmod(directory, mode & PERMISSIONS);
  }
}

import { constants } from 'node:fs';
import type { Dirent, Stats } from 'node:fs';
import { readdir, rename, rm, stat, statfs, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createAtomicWriter } from './atomic-writer.ts';
import { makeDirectories, syncDirectory, withParents } from './directories.ts';
import { diskError, isAbsent, systemCode, unlessAbsent } from './disk-error.ts';
import {
  closeDescriptor,
  openDescriptor,
  statDescriptor,
  syncDescriptor,
  writeFully,
} from './file-calls.ts';
import { createReadTogether } from './file-reader.ts';
import type { DirectoryEntry, Files, FileStatus, GrowingFile, ReadableFile } from './files.ts';
import { createOpenFile } from './open-file.ts';
import { createReadWhole, READ_FLAGS } from './read-whole.ts';

const CREATE_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
const APPEND_FLAGS = constants.O_WRONLY | constants.O_APPEND;

export function createDiskFiles(): Files {
  const writer = createAtomicWriter();
  return {
    readWhole: createReadWhole(),
    readTogether: createReadTogether(),
    open,
    create,
    rename: (from, to) => doing('rename to', to, () => renameDurably(from, to)),
    writeAtomically: (path, bytes, scratch, note) =>
      doing('write', path, () => writer.write(path, bytes, scratch, note)),
    append: (path, bytes) => doing('append to', path, () => append(path, bytes)),
    list: (directory) => unlessAbsent('list', directory, () => list(directory)),
    status: (path) => unlessAbsent('look at', path, async () => toStatus(await stat(path))),
    remove: (path) => doing('remove', path, () => remove(path)),
    makeDirectory: (path, options) =>
      doing('make the directory', path, () =>
        makeDirectories(path, options?.isPrivate === true ? 0o700 : undefined),
      ),
    freeBytes: (path) => doing('measure the free space at', path, () => freeBytes(path)),
  };
}

async function doing<T>(what: string, path: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw diskError(what, path, error);
  }
}

async function open(
  path: string,
  options?: Parameters<Files['open']>[1],
): Promise<ReadableFile | undefined> {
  const flags = options?.isPatient === true ? constants.O_RDONLY : READ_FLAGS;
  const descriptor = await unlessAbsent('open', path, () => openDescriptor(path, flags));
  if (descriptor === undefined) return undefined;
  const file = createOpenFile(descriptor, path);
  try {
    const status = toStatus(await statDescriptor(descriptor));
    const read = status.kind === 'other' ? file.readOn : file.read;
    return { status, read, close: file.close };
  } catch (error) {
    await file.close();
    throw diskError('look at', path, error);
  }
}

async function create(path: string): Promise<GrowingFile> {
  const descriptor = await doing('create', path, () =>
    withParents(path, () => openDescriptor(path, CREATE_FLAGS)),
  );
  const { append: write, read, truncate, sync, close } = createOpenFile(descriptor, path);
  return { path, write, read, truncate, sync, close };
}

async function renameDurably(from: string, to: string): Promise<void> {
  await withParents(to, () => rename(from, to));
  await syncDirectory(dirname(to));
}

async function append(path: string, bytes: Uint8Array): Promise<void> {
  const { descriptor, isNew } = await openForAppend(path);
  try {
    await writeFully(descriptor, bytes, null);
    await syncDescriptor(descriptor);
  } finally {
    await closeDescriptor(descriptor);
  }
  if (isNew) await syncDirectory(dirname(path));
}

async function openForAppend(path: string): Promise<{ descriptor: number; isNew: boolean }> {
  try {
    return { descriptor: await openDescriptor(path, APPEND_FLAGS), isNew: false };
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    const flags = APPEND_FLAGS | constants.O_CREAT;
    return { descriptor: await withParents(path, () => openDescriptor(path, flags)), isNew: true };
  }
}

async function list(directory: string): Promise<readonly DirectoryEntry[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
}

async function remove(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (isAbsent(error)) return;
    // Linux says EISDIR for a directory, other systems EPERM.
    if (systemCode(error) !== 'EISDIR' && systemCode(error) !== 'EPERM') throw error;
    await rm(path, { recursive: true, force: true });
  }
}

/** A path that does not exist yet lies on the file system of its nearest existing parent. */
async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(path);
    if (!isAbsent(error) || parent === path) throw error;
    return freeBytes(parent);
  }
}

function toStatus(stats: Stats): FileStatus {
  return { size: stats.size, modifiedMilliseconds: stats.mtimeMs, kind: kindOf(stats) };
}

function kindOf(entry: Stats | Dirent): FileStatus['kind'] {
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'directory' : 'other';
}

import type { Clock, Files, Logger, Random } from '../../platform/index.ts';
import { unescapeVersion } from '../../gomod/path/index.ts';
import { compareVersions, isPseudoVersion } from '../../gomod/version/index.ts';
import { createListWriter } from './list-writer.ts';
import type { Draft, Storage, StoredArtifact } from './storage.ts';

export interface DiskStorageSettings {
  /** `<store>/modules`: a valid `GOPROXY=file://` base (interface.md section 5). */
  readonly tree: string;
  /** A directory of this process alone, on the same file system as the tree. */
  readonly scratch: string;
  /** `<store>/hashes`: what was recorded about an artifact, kept apart from it. */
  readonly hashes: string;
}

export interface DiskStorageNeeds {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
}

/** After a burst: nobody reads the `list` files while it lasts. */
const LIST_MILLISECONDS = 5000;
/** Of a toolchain `go` asks neither `.mod` nor, for its own machine, `.info` (P-80, P-81). */
const TOOLCHAIN = 'golang.org/toolchain';
/** Enough for `{"size":…,"sha256":"…"}`; a larger file is not ours. */
const MAXIMUM_RECORD_BYTES = 1024;
/** Ours holds only versions that are here; the largest in use has some hundred kilobytes. */
const MAXIMUM_LIST_BYTES = 16 * 1024 * 1024;
/** Small artifacts are hashed when they are read, which costs less than opening a second file. */
const RECORDED_FROM_BYTES = 1024 * 1024;

export function createDiskStorage(needs: DiskStorageNeeds, settings: DiskStorageSettings): Storage {
  const { files, random } = needs;
  const lists = createListWriter(
    needs,
    { writeDelayMilliseconds: LIST_MILLISECONDS },
    async (escapedPath) => {
      const versions = await completeVersions(escapedPath);
      const listed = versions.filter((version) => !isPseudoVersion(version));
      const text = listed.map((version) => `${version}\n`).join('');
      await files.writeAtomically(
        treePath(`${escapedPath}/@v/list`),
        Buffer.from(text),
        settings.scratch,
      );
    },
  );

  async function listOf(escapedPath: string): Promise<string> {
    const versions = await completeVersions(escapedPath);
    const listed = versions
      .filter((version) => !isPseudoVersion(version))
      .toSorted(compareVersions);
    return listed.map((version) => `${version}\n`).join('');
  }

  function treePath(key: string): string {
    return `${settings.tree}/${key}`;
  }

  function committed(key: string): void {
    // Only with the zip can a version be used at all, and the zip mostly comes last.
    if (!key.startsWith('sumdb/')) {
      lists.changed(key.slice(0, key.lastIndexOf('/@v/')));
    }
  }

  async function open(key: string): Promise<StoredArtifact | undefined> {
    const file = await files.open(treePath(key));
    if (file === undefined) {
      return undefined;
    }
    if (file.status.kind !== 'file') {
      await file.close();
      return undefined;
    }
    const { size, modifiedMilliseconds } = file.status;
    const sha256 = size < RECORDED_FROM_BYTES ? undefined : await readRecord(key, size);
    return {
      size,
      modifiedMilliseconds,
      sha256,
      read: async (buffer, position) => file.read(buffer, position),
      close: async () => file.close(),
    };
  }

  async function readRecord(key: string, size: number): Promise<string | undefined> {
    const bytes = await files.readWhole(`${settings.hashes}/${key}.json`, MAXIMUM_RECORD_BYTES);
    if (bytes === undefined) {
      return undefined;
    }
    const match = /^\{"size":(\d+),"sha256":"([0-9a-f]{64})"\}\n$/u.exec(bytes.toString('latin1'));
    return match !== null && Number(match[1]) === size ? match[2] : undefined;
  }

  async function writeRecord(key: string, file: string, sha256: string): Promise<void> {
    const status = await files.status(file);
    if (status !== undefined && status.size >= RECORDED_FROM_BYTES) {
      const record = Buffer.from(`{"size":${status.size},"sha256":"${sha256}"}\n`);
      await files.writeAtomically(`${settings.hashes}/${key}.json`, record, settings.scratch);
    }
  }

  async function begin(): Promise<Draft> {
    const file = await files.create(`${settings.scratch}/${random.bytes(12).toString('hex')}`);
    let isCommitted = false;
    let isReleased = false;
    return {
      file,
      async commit(key, sha256) {
        await file.sync();
        if (sha256 !== undefined) {
          await writeRecord(key, file.path, sha256);
        }
        await files.rename(file.path, treePath(key));
        isCommitted = true;
        committed(key);
      },
      async release() {
        if (isReleased) {
          return;
        }
        isReleased = true;
        await file.close();
        if (!isCommitted) {
          await files.remove(file.path);
        }
      },
    };
  }

  async function completeVersions(escapedPath: string): Promise<readonly string[]> {
    const entries = (await files.list(treePath(`${escapedPath}/@v`))) ?? [];
    const names = new Set(
      entries.filter((entry) => entry.kind === 'file').map((entry) => entry.name),
    );
    const versions: string[] = [];
    for (const name of names) {
      if (!name.endsWith('.zip')) {
        continue;
      }
      const escaped = name.slice(0, -'.zip'.length);
      const version = unescapeVersion(escaped);
      const isComplete =
        escapedPath === TOOLCHAIN || (names.has(`${escaped}.info`) && names.has(`${escaped}.mod`));
      if (version.ok && isComplete) {
        versions.push(version.value);
      }
    }
    return versions;
  }

  return {
    open,
    begin,
    async put(key, bytes) {
      await files.writeAtomically(treePath(key), bytes, settings.scratch);
      committed(key);
    },
    async has(key) {
      return (await files.status(treePath(key)))?.kind === 'file';
    },
    completeVersions,
    repairLists: async () => {
      for await (const escapedPath of modulesBelow(files, settings.tree)) {
        const known = await files.readWhole(treePath(`${escapedPath}/@v/list`), MAXIMUM_LIST_BYTES);
        if (known?.toString() !== (await listOf(escapedPath))) {
          lists.changed(escapedPath);
        }
      }
    },
    close: async () => lists.close(),
  };
}

/** The escaped paths of all modules in the tree, one directory at a time. */
async function* modulesBelow(files: Files, tree: string): AsyncGenerator<string> {
  const waiting = [''];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const { name, kind } of (await files.list(`${tree}/${path}`)) ?? []) {
      const isDatabase = path === '' && name === 'sumdb';
      if (kind !== 'directory' || isDatabase) continue;
      if (name === '@v') yield path;
      else waiting.push(path === '' ? name : `${path}/${name}`);
    }
  }
}

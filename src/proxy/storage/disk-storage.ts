import type {
  Clock,
  Files,
  FileStatus,
  Logger,
  Random,
  ReadableFile,
} from '../../platform/index.ts';
import { unescapeVersion } from '../../gomod/path/index.ts';
import { compareVersions, isPseudoVersion } from '../../gomod/version/index.ts';
import { createCheckedArtifact } from './checked-artifact.ts';
import { createListWriter } from './list-writer.ts';
import { createQuarantine } from './quarantine.ts';
import type { Damage } from './quarantine.ts';
import { createStoredDraft, readSums } from './stored-draft.ts';
import type { Draft, Storage, StoredArtifact, StoredBytes } from './storage.ts';
import { createSumsFiles } from './sums-files.ts';
import { modulesBelow, versionsOf } from './tree-versions.ts';
import { createTrust, problemOf, problemOfSize, sumBytes } from './trust.ts';

export interface DiskStorageSettings {
  /** `<store>/modules`: a valid `GOPROXY=file://` base (interface.md section 5). */
  readonly tree: string;
  /** A directory of this process alone, on the same file system as the tree. */
  readonly scratch: string;
  /** `<store>/blocks`: the sums of each artifact, kept apart from it. */
  readonly blocks: string;
  /** `<store>/quarantine`: what was found damaged, for whoever wants to look; undefined leaves it. */
  readonly quarantine: string | undefined;
}

export interface DiskStorageNeeds {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  /** The SHA-256 of an artifact whose sums were lost, from when it was first seen. */
  readonly recall: (key: string) => Promise<string | undefined>;
  /** Told of each artifact that was found damaged. */
  readonly damaged: (damage: Damage) => void;
}

type ReadResult = StoredBytes | 'absent' | 'too-large';

/** After a burst: nobody reads the `list` files while it lasts. */
const LIST_MILLISECONDS = 5000;
/** Of a toolchain `go` asks neither `.mod` nor, for its own machine, `.info` (P-80, P-81). */
const TOOLCHAIN = 'golang.org/toolchain';
/** Ours holds only versions that are here; the largest in use has some hundred kilobytes. */
const MAXIMUM_LIST_BYTES = 16 * 1024 * 1024;
export function createDiskStorage(needs: DiskStorageNeeds, settings: DiskStorageSettings): Storage {
  const { files, random } = needs;
  const { tree } = settings;
  const sums = createSumsFiles(files, settings.blocks);
  const trust = createTrust({ ...needs, sums });
  const quarantine = createQuarantine(needs, { tree, directory: settings.quarantine });
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
    return `${tree}/${key}`;
  }

  function committed(key: string): void {
    // Only with the zip can a version be used at all, and the zip mostly comes last.
    if (!key.startsWith('sumdb/')) {
      lists.changed(key.slice(0, key.lastIndexOf('/@v/')));
    }
  }

  /** Once more when it looks damaged: another process may have replaced it between the two files. */
  async function read(key: string, limitBytes: number): Promise<ReadResult> {
    const first = await readOnce(key, limitBytes);
    return first === 'damaged' ? readOrTake(key, limitBytes) : first;
  }

  async function readOrTake(key: string, limitBytes: number): Promise<ReadResult> {
    const again = await readOnce(key, limitBytes, async (status, problem) =>
      quarantine.take(key, status, problem),
    );
    return again === 'damaged' ? 'absent' : again;
  }

  async function readOnce(
    key: string,
    limitBytes: number,
    accuse?: (status: FileStatus, problem: string) => Promise<void>,
  ): Promise<ReadResult | 'damaged'> {
    const [file, content] = await files.readTogether([treePath(key), sums.pathOf(key)], limitBytes);
    if (file === undefined || file.status.kind !== 'file') {
      return 'absent';
    }
    const { bytes, status } = file;
    if (bytes === undefined) {
      return 'too-large';
    }
    const recorded = sums.find(key, content?.bytes);
    const checked =
      recorded === undefined
        ? await trust.adopt(key, sumBytes(bytes))
        : { sums: recorded, problem: problemOf(recorded, bytes) };
    if (checked.problem !== undefined) {
      await accuse?.(status, checked.problem);
      return 'damaged';
    }
    const { modifiedMilliseconds } = status;
    return { bytes, modifiedMilliseconds, sha256: checked.sums.sha256 };
  }

  async function open(key: string): Promise<StoredArtifact | undefined> {
    const file = await files.open(treePath(key));
    if (file === undefined) {
      return undefined;
    }
    try {
      const opened = file.status.kind === 'file' ? await check(key, file) : undefined;
      if (opened === undefined) {
        await file.close();
      }
      return opened;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Without recorded sums the whole file is read before its first byte is given out. */
  async function check(key: string, file: ReadableFile): Promise<StoredArtifact | undefined> {
    const accuse = async (problem: string): Promise<void> =>
      quarantine.take(key, file.status, problem);
    const recorded = await sums.read(key);
    const checked =
      recorded === undefined
        ? await trust.adopt(key, await readSums(file))
        : { sums: recorded, problem: problemOfSize(recorded, file.status.size) };
    if (checked.problem === undefined) {
      return createCheckedArtifact(file, checked.sums, accuse);
    }
    await accuse(checked.problem);
    return undefined;
  }

  async function begin(): Promise<Draft> {
    const file = await files.create(`${settings.scratch}/${random.bytes(12).toString('hex')}`);
    return createStoredDraft({ files, sums, pathOf: treePath, committed }, file);
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
    read,
    open,
    begin,
    async put(key, bytes) {
      const summed = sumBytes(bytes);
      const note = sums.note(key, summed);
      await files.writeAtomically(treePath(key), bytes, settings.scratch, note);
      committed(key);
      return summed.sha256;
    },
    async has(key) {
      return (await files.status(treePath(key)))?.kind === 'file';
    },
    completeVersions,
    modules: () => modulesBelow(files, tree),
    versions: async (escapedPath) => versionsOf(files, tree, escapedPath),
    async remove(unit) {
      // The zip first: without it a version is not named in any list.
      for (const extension of ['zip', 'mod', 'info']) {
        await files.remove(treePath(`${unit}.${extension}`));
      }
      await files.remove(sums.pathOf(`${unit}.zip`));
      committed(`${unit}.zip`);
    },
    repairLists: async () => {
      for await (const escapedPath of modulesBelow(files, tree)) {
        const known = await files.readWhole(treePath(`${escapedPath}/@v/list`), MAXIMUM_LIST_BYTES);
        if (known?.toString() !== (await listOf(escapedPath))) {
          lists.changed(escapedPath);
        }
      }
    },
    close: async () => lists.close(),
  };
}

import type { Clock, Files, Logger } from '../../platform/index.ts';
import { MAXIMUM_LOOKUP_BYTES, parseLookup } from './lookup-text.ts';
import { openTreeHead, type TreeHead, type VerifierKey } from './signed-note.ts';

/** The pinned head on disk, shared by every relay on this store. */
export interface HeadStore {
  /** The head on disk; undefined when there is none that can be believed. */
  read(): Promise<TreeHead | undefined>;
  /** Replaces the head, after noting it in the list of all heads ever pinned. */
  write(head: TreeHead): Promise<void>;
}

export interface HeadStoreSettings {
  readonly key: VerifierKey | undefined;
  /** Where the tree of protocol files of this database is. */
  readonly directory: string;
  readonly stateDirectory: string;
  readonly scratch: string;
}

export function createHeadStore(
  needs: { readonly files: Files; readonly clock: Clock; readonly logger: Logger },
  settings: HeadStoreSettings,
): HeadStore {
  const { files } = needs;
  const { key, directory, stateDirectory, scratch } = settings;

  function open(note: Buffer, where: string): TreeHead | undefined {
    const opened = openTreeHead(note, key);
    if (!opened.ok) {
      needs.logger.error('a stored head of a checksum database cannot be believed', {
        where,
        problem: opened.problem,
      });
      return undefined;
    }
    return opened.head;
  }

  /** After a loss of the state, or in a tree from elsewhere: the newest head of any stored lookup. */
  async function recover(folder: string): Promise<TreeHead | undefined> {
    let newest: TreeHead | undefined;
    for (const { name, kind } of (await files.list(folder)) ?? []) {
      const path = `${folder}/${name}`;
      const found = kind === 'directory' ? await recover(path) : await headOf(path);
      if (found !== undefined && found.size > (newest?.size ?? 0)) {
        newest = found;
      }
    }
    return newest;
  }

  async function headOf(path: string): Promise<TreeHead | undefined> {
    const bytes = await files.readWhole(path, MAXIMUM_LOOKUP_BYTES);
    const lookup = bytes === undefined ? undefined : parseLookup(bytes);
    return lookup === undefined ? undefined : open(lookup.note, path);
  }

  async function write(head: TreeHead): Promise<void> {
    const entry = {
      time: new Temporal.Instant(BigInt(needs.clock.epochMilliseconds()) * 1_000_000n).toString(),
      size: head.size,
      root: head.root.toString('base64'),
      note: head.note.toString('utf8'),
    };
    await files.append(`${stateDirectory}/heads.jsonl`, Buffer.from(`${JSON.stringify(entry)}\n`));
    await files.writeAtomically(`${stateDirectory}/head`, head.note, scratch);
  }

  return {
    read: async () => {
      const path = `${stateDirectory}/head`;
      const note = await files.readWhole(path, MAXIMUM_LOOKUP_BYTES);
      const head = note === undefined ? undefined : open(note, path);
      return head ?? (await recover(`${directory}/lookup`));
    },
    write,
  };
}

import type { FileNote, Files } from '../../platform/index.ts';
import { findSums, formatSums } from './block-sums.ts';
import type { BlockSums } from './block-sums.ts';

/** The recorded sums, in one small file per version beside the tree. */
export interface SumsFiles {
  /** Where the sums of an artifact stand, together with those of its siblings. */
  pathOf(key: string): string;
  /** In the content of that file. */
  find(key: string, content: Buffer | undefined): BlockSums | undefined;
  read(key: string): Promise<BlockSums | undefined>;
  /** To be written together with the artifact. */
  note(key: string, sums: BlockSums): FileNote;
  append(key: string, sums: BlockSums): Promise<void>;
}

/** Each commit of a version adds a line of at most 70 kB; a file above this is not ours. */
const MAXIMUM_BYTES = 1024 * 1024;

export function createSumsFiles(files: Files, directory: string): SumsFiles {
  function pathOf(key: string): string {
    return `${directory}/${withoutExtension(key)}.sums`;
  }

  function find(key: string, content: Buffer | undefined): BlockSums | undefined {
    return content === undefined ? undefined : findSums(content, extensionOf(key));
  }

  function note(key: string, sums: BlockSums): FileNote {
    return { path: pathOf(key), bytes: formatSums(extensionOf(key), sums) };
  }

  return {
    pathOf,
    find,
    async read(key) {
      const [file] = await files.readTogether([pathOf(key)], MAXIMUM_BYTES);
      return find(key, file?.bytes);
    },
    note,
    async append(key, sums) {
      const { path, bytes } = note(key, sums);
      await files.append(path, bytes);
    },
  };
}

/** `m.test/x/@v/v1.0.0` names the version, whose three files belong together. */
function withoutExtension(key: string): string {
  return key.slice(0, key.lastIndexOf('.'));
}

function extensionOf(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1);
}

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SocketFolder {
  /** Where a server may listen. */
  readonly path: string;
  /** Once somebody listens there: for nobody but this user, whatever the file mode mask says. */
  restrict(): Promise<void>;
  remove(): Promise<void>;
}

/** The kernel keeps 104 bytes for such a path on macOS and BSD and 108 on Linux, its end included. */
const MAXIMUM_PATH_BYTES = 103;
/** What mkdtemp puts at the end. */
const RANDOM_CHARACTERS = 6;

/**
 * A folder that only this user may enter, with room for one socket: in `parent`, or where temporary
 * files go when that path would be too long for the kernel.
 */
export async function makeSocketFolder(parent: string): Promise<SocketFolder> {
  const fits =
    Buffer.byteLength(join(parent, 'link-', 'engine')) + RANDOM_CHARACTERS <= MAXIMUM_PATH_BYTES;
  const folder = await mkdtemp(fits ? join(parent, 'link-') : join(tmpdir(), 'cofferdam-'));
  const path = join(folder, 'engine');
  return {
    path,
    restrict: async () => chmod(path, 0o600),
    remove: async () => rm(folder, { recursive: true, force: true }),
  };
}

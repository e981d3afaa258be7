import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Scratch {
  readonly directory: string;
  /** A home with nothing of the user's: neither his git settings nor his netrc may decide a verdict. */
  readonly home: string;
  remove(): Promise<void>;
}

export async function createScratch(): Promise<Scratch> {
  const directory = await mkdtemp(join(tmpdir(), 'cofferdam-conformance-'));
  const home = join(directory, 'home');
  await mkdir(home);
  await writeFile(
    join(home, '.gitconfig'),
    '[user]\n\tname = conformance\n\temail = conformance@localhost\n',
  );
  return { directory, home, remove: () => removeTree(directory) };
}

/** Where compiled test programs and the last results stay. */
export async function openCacheDirectory(): Promise<string> {
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  for (const directory of [
    join(base, 'cofferdam-conformance'),
    join(tmpdir(), 'cofferdam-conformance-cache'),
  ]) {
    try {
      await mkdir(directory, { recursive: true });
      return directory;
    } catch {
      // A home that cannot be written is common in containers: the temporary folder serves as well.
    }
  }
  throw new Error('Neither the cache folder nor the temporary folder can be written.');
}

/** Module caches of stopped scripts are read-only folders, which only root removes without asking. */
async function removeTree(directory: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
  try {
    await rm(directory, options);
  } catch {
    await makeWritable(directory);
    await rm(directory, options);
  }
}

async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o700);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(directory, entry.name));
  }
}

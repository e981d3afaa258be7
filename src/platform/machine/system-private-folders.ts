import { rmSync } from 'node:fs';
import {
  access,
  constants,
  mkdtemp,
  readdir,
  readlink,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskError } from '../disk-error.ts';
import type { PrivateFolder, PrivateFolders } from './private-folders.ts';

/** On Linux it is memory: what is written there never reaches a disk. */
const MEMORY_FOLDER = '/dev/shm';
const NAME = /^cofferdam-(\d{1,10})-(\d{1,20})-\w{6}$/;
/** What was killed leaves its folder. A process of another container cannot be looked for, so time must tell there. */
const LEFT_MILLISECONDS = 24 * 3600 * 1000;

/** `parent` instead of the place that the system has for it. */
export function createPrivateFolders(parent?: string): PrivateFolders {
  return {
    async make() {
      const place = parent ?? (await choosePlace());
      await sweep(place).catch(() => undefined);
      try {
        // mkdtemp makes it with 0700.
        return hold(
          await mkdtemp(join(place, `cofferdam-${process.pid}-${await processSpace()}-`)),
        );
      } catch (error) {
        throw diskError('make a private folder in', place, error);
      }
    },
  };
}

async function choosePlace(): Promise<string> {
  try {
    await access(MEMORY_FOLDER, constants.W_OK | constants.X_OK);
    return MEMORY_FOLDER;
  } catch {
    return tmpdir();
  }
}

function hold(path: string): PrivateFolder {
  function removeNow(): void {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // The program ends; nobody is left to tell.
    }
  }
  process.once('exit', removeNow);
  return {
    path,
    async write(name, text) {
      const file = join(path, name);
      try {
        await writeFile(file, text, { mode: 0o600, flag: 'wx' });
      } catch (error) {
        throw diskError('write', file, error);
      }
      return file;
    },
    async remove() {
      try {
        await rm(path, { recursive: true, force: true });
      } catch (error) {
        throw diskError('remove', path, error);
      }
      process.off('exit', removeNow);
    },
  };
}

/** Within one of these the numbers of processes are unique (pid_namespaces(7)); 0 where there are none. */
async function processSpace(): Promise<string> {
  const name = await readlink('/proc/self/ns/pid').catch(() => '');
  return /\d+/.exec(name)?.[0] ?? '0';
}

async function sweep(place: string): Promise<void> {
  const own = process.getuid?.();
  const ownSpace = await processSpace();
  for (const name of await readdir(place)) {
    const [, number = '0', space] = NAME.exec(name) ?? [];
    const pid = Number(number);
    if (pid === 0 || isAlive(pid)) continue;
    const path = join(place, name);
    const { uid, mtimeMs } = await stat(path);
    const isOld = mtimeMs < performance.timeOrigin + performance.now() - LEFT_MILLISECONDS;
    if (uid === own && (space === ownSpace || isOld))
      await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A root file system with the executable, the libraries that it needs, and nothing else. */
export interface BareRoot {
  readonly folder: string;
  /** In an empty directory, with an empty environment. */
  start(words: readonly string[], stdin?: 'ignore' | 'pipe'): ChildProcess;
}

/** Mounts and changing the root are for root alone. */
export function hindrance(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'made for Linux on x64';
  const tried = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return tried.status === 0 ? undefined : 'no mount namespace can be made here (root is needed)';
}

/** Enters the root given first, with what container engines put into any, and becomes what follows. */
const ENTER =
  'mount --rbind /proc "$0/proc" && mount --bind /dev/null "$0/dev/null" && exec env -i "$(command -v unshare)" --root="$0" --wd=/empty "$@"';

export function createBareRoot(folder: string, executable: string): BareRoot {
  for (const name of ['proc', 'dev', 'empty', 'tmp', 'bin']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'dev/null'), '');
  place(folder, executable, '/cofferdam');
  place(folder, realpathSync('/bin/true'), '/bin/true');
  return {
    folder,
    start: (words, stdin = 'ignore') =>
      spawn('unshare', ['-m', 'sh', '-c', ENTER, folder, '/cofferdam', ...words], {
        stdio: [stdin, 'pipe', 'pipe'],
      }),
  };
}

/** With the libraries that the loader says it needs, where it looks for them. */
function place(folder: string, program: string, target: string): void {
  const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/gu);
  for (const [, path = ''] of libraries) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    copyFileSync(realpathSync(path), join(folder, path));
  }
  copyFileSync(program, join(folder, target));
  chmodSync(join(folder, target), 0o755);
}

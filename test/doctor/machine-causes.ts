import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProgramError } from '../../src/platform/index.ts';
import type { Files } from '../../src/platform/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Cause } from './planted-cause.ts';

/** Files of the kernel as they would be on another machine. */
function kernel(cause: string, code: string, replaced: Readonly<Record<string, string>>): Cause {
  return {
    cause,
    code,
    plant: () => ({
      change: (files: Files): Files => ({
        ...files,
        async readWhole(path, limit) {
          const text = replaced[path];
          return text === undefined ? files.readWhole(path, limit) : Buffer.from(text);
        },
      }),
    }),
  };
}

function refusing(
  cause: string,
  code: string,
  kind: 'denied' | 'full',
  systemError: string,
): Cause {
  return {
    cause,
    code,
    async plant(t) {
      const folder = await temporaryFolder(t);
      return {
        environment: { GOMODCACHE: folder },
        change: (files) => ({
          ...files,
          async create(path) {
            if (!path.startsWith(folder)) return files.create(path);
            throw new ProgramError({
              code: kind === 'full' ? 'disk-full' : 'disk-denied',
              kind,
              message: `cannot write ${path}`,
              details: { systemError },
            });
          },
        }),
      };
    },
  };
}

function cached(cause: string, code: string, name: string, isOld = false): Cause {
  return {
    cause,
    code,
    async plant(t) {
      const folder = await temporaryFolder(t);
      const path = join(folder, name);
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, '');
      const hourAgo = new Date(Date.now() - 3_600_000);
      if (isOld) await utimes(path, hourAgo, hourAgo);
      return { environment: { GOMODCACHE: folder } };
    },
  };
}

const LIMITS = 'Max open files            256                  256                  files     \n';
const ROOT = { '/proc/self/cgroup': '0::/\n' };

export const machineCauses: readonly Cause[] = [
  kernel('a container with 256 MiB', 'memory-limit-low', {
    ...ROOT,
    '/sys/fs/cgroup/memory.max': '268435456\n',
  }),
  kernel('a container whose linker was killed', 'oom-killed', {
    ...ROOT,
    '/sys/fs/cgroup/memory.max': '8589934592\n',
    '/sys/fs/cgroup/memory.events': 'oom_kill 2\n',
  }),
  kernel('ten more processes', 'process-limit', {
    ...ROOT,
    '/sys/fs/cgroup/pids.max': '100\n',
    '/sys/fs/cgroup/pids.current': '90\n',
  }),
  kernel('256 open files', 'fd-limit', { '/proc/self/limits': LIMITS }),
  kernel('a temporary directory without programs', 'tmp-noexec', {
    '/proc/self/mounts': 'overlay / overlay rw,noexec 0 0\n',
  }),
  refusing('a module cache of another user', 'cache-permission-denied', 'denied', 'EACCES'),
  refusing('a module cache that is read-only', 'cache-readonly', 'denied', 'EROFS'),
  refusing('a full disk', 'disk-full', 'full', 'ENOSPC'),
  refusing('a used up quota', 'disk-full', 'full', 'EDQUOT'),
  cached(
    'an empty go.mod in the cache',
    'cache-empty-file-hash',
    'cache/download/a.test/a/@v/v1.0.0.mod',
  ),
  cached('an empty zip in the cache', 'cache-corrupt', 'cache/download/a.test/a/@v/v1.0.0.zip'),
  cached('a lock that a killed git left', 'git-lock-left', 'cache/vcs/abc/shallow.lock', true),
];

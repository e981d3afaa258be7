import { isAbsolute, join, resolve } from 'node:path';
import type { ModuleCacheTarget } from '../cli/index.ts';
import { goServices } from '../go-services.ts';
import { isVerifierKey, readGoSums, readGoVariables } from '../gosettings/index.ts';
import { createModuleCache } from '../modcache/index.ts';
import type { ModuleCache } from '../modcache/index.ts';
import { createZipChecker } from '../module-zip/index.ts';
import { ProgramError } from '../platform/index.ts';
import { createDiskTree, createFlockLocks } from '../platform/adapters.ts';
import { proveCopy } from '../proxy/checksum/index.ts';
import type { ProgramContext } from './program-context.ts';

const names = ['GOMODCACHE', 'GOMOD', 'GOWORK', 'GOFLAGS', 'GOSUMDB'];

/** `cofferdam modcache`: the module cache of the `go` on PATH, or the one that was named. */
export async function withModuleCache<T>(
  context: ProgramContext,
  { directory: named, only }: ModuleCacheTarget,
  use: (cache: ModuleCache) => Promise<T>,
): Promise<T> {
  const { clock, files, processes, directory, environment } = context;
  const { signal } = new AbortController();
  const answer = await readGoVariables(processes, directory, environment, signal, names);
  const values = answer.kind === 'read' ? answer.values : new Map<string, string>();
  const place =
    named === undefined
      ? (values.get('GOMODCACHE') ?? guess(environment))
      : resolve(directory, named);
  const tree = createDiskTree();
  const root = await tree.realPath(place ?? '');
  if (root === undefined || !isAbsolute(place ?? '')) throw absent(place);
  const { hashes } = await readGoSums(files, {
    GOMOD: values.get('GOMOD') ?? '',
    GOWORK: values.get('GOWORK') ?? '',
    GOFLAGS: values.get('GOFLAGS') ?? '',
    GOMODCACHE: root,
  });
  const zips = createZipChecker({ files }, { workers: 1 });
  const keys = keysOf(values.get('GOSUMDB') ?? '');
  try {
    return await use(
      createModuleCache(
        {
          clock,
          tree,
          zips,
          locks: createFlockLocks(),
          proveCopy: ({ database, ...copy }) => proveCopy({ ...copy, key: keys.get(database) }),
        },
        { directory: root, goSums: hashes, only },
      ),
    );
  } finally {
    await zips.close();
  }
}

/** As go does without settings of its own: https://go.dev/ref/mod#environment-variables */
function guess({ GOMODCACHE, GOPATH, HOME }: ProgramContext['environment']): string | undefined {
  if (GOMODCACHE !== undefined && GOMODCACHE !== '') return GOMODCACHE;
  const [first = ''] = (GOPATH ?? '').split(':');
  if (first !== '') return join(first, 'pkg', 'mod');
  return HOME === undefined || HOME === '' ? undefined : join(HOME, 'go', 'pkg', 'mod');
}

/** By database: Go's own, and the one in GOSUMDB. */
function keysOf(setting: string): ReadonlyMap<string, string> {
  const { name, key, alias } = goServices.checksumDatabase;
  const keys = new Map([
    [name, key],
    [alias.name, key],
  ]);
  const [written = ''] = setting.split(' ');
  if (isVerifierKey(written)) keys.set(written.slice(0, written.indexOf('+')), written);
  return keys;
}

function absent(place: string | undefined): ProgramError {
  return new ProgramError({
    code: 'modcache-absent',
    kind: 'bad-input',
    message:
      place === undefined
        ? 'there is no module cache, because neither GOMODCACHE nor HOME says where'
        : `there is no module cache in ${JSON.stringify(place)}`,
    hint: 'name it with --modcache; go makes it with the first download',
  });
}

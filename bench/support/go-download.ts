import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from './child.ts';
import type { ModuleGraph } from '../../src/drills/index.ts';

/** Writes the main module of a graph into a folder. */
export async function writeMain(graph: ModuleGraph, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, text] of Object.entries(graph.main))
    await writeFile(join(directory, name), text);
}

/**
 * Milliseconds of one `go mod download` into a module cache of its own. It stays until the end: for
 * seconds after many files were removed, ext4 makes new ones several times slower, for everybody.
 */
export async function timeDownload(main: string, proxy: string, scratch: string): Promise<number> {
  return timeCommand(['go', 'mod', 'download'], main, { GOPROXY: proxy, GOSUMDB: 'off' }, scratch);
}

/** The same for a command around it. */
export async function timeCommand(
  command: readonly string[],
  main: string,
  variables: NodeJS.ProcessEnv,
  scratch: string,
): Promise<number> {
  const cache = await mkdtemp(join(scratch, 'module-cache-'));
  const { milliseconds } = await runToEnd(command, main, {
    PATH: process.env['PATH'],
    HOME: scratch,
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOMODCACHE: cache,
    GOPATH: join(scratch, 'go'),
    GOTOOLCHAIN: 'local',
    ...variables,
  });
  return milliseconds;
}

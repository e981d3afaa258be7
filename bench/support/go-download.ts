import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from './child.ts';
import type { ModuleGraph } from '../../src/drills/index.ts';

/** Writes the main module of a graph into a folder. */
export async function writeMain(graph: ModuleGraph, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, text] of Object.entries(graph.main))
    await writeFile(join(directory, name), text);
}

/** Milliseconds of one `go mod download` into an empty module cache, which is removed afterwards. */
export async function timeDownload(main: string, proxy: string, scratch: string): Promise<number> {
  const cache = join(scratch, 'module-cache');
  await rm(cache, { recursive: true, force: true });
  const { milliseconds } = await runToEnd(['go', 'mod', 'download'], main, {
    PATH: process.env['PATH'],
    HOME: scratch,
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOMODCACHE: cache,
    GOPATH: join(scratch, 'go'),
    GOPROXY: proxy,
    GOSUMDB: 'off',
    GOTOOLCHAIN: 'local',
  });
  await rm(cache, { recursive: true, force: true });
  return milliseconds;
}

import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface DownloadedModule {
  readonly Path: string;
  readonly Version: string;
  readonly Sum: string;
  readonly GoModSum: string;
}

/** `go mod download -json` of a main module with empty caches: what came, in order. */
export async function goModDownload(
  folder: string,
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Promise<readonly DownloadedModule[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const { stdout } = await run('go', ['mod', 'download', '-json'], {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      GOENV: 'off',
      GOFLAGS: '-modcacherw -mod=mod',
      GOPATH: join(folder, 'gopath'),
      GOTOOLCHAIN: 'local',
      ...environment,
    },
  });
  // The output is one JSON object after the other.
  const texts = stdout.split(/^(?=\{$)/mu).filter((text) => text.trim() !== '');
  return texts.map((text) => {
    const { Path, Version, Sum, GoModSum } = JSON.parse(text) as DownloadedModule;
    return { Path, Version, Sum, GoModSum };
  });
}

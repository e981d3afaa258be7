import { cpSync, globSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where this repository stands. */
export const repository: string = dirname(dirname(import.meta.dirname));

/** A temporary copy of the sources and the tools' settings, in which a test plants mistakes. */
export interface WorkingCopy extends AsyncDisposable {
  readonly directory: string;
  write(path: string, text: string): Promise<void>;
  /** The TypeScript files under src/. */
  sources(): readonly string[];
}

const settings = [
  'package.json',
  'tsconfig.json',
  'architecture.mjs',
  '.dependency-cruiser.mjs',
  '.oxlintrc.json',
];

export async function workingCopy(): Promise<WorkingCopy> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'cofferdam-repository-')));
  for (const name of [...settings, 'src', 'test']) {
    cpSync(join(repository, name), join(directory, name), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(directory, 'node_modules'));
  return {
    directory,
    async write(path, text) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    },
    sources() {
      return globSync('src/**/*.ts', { cwd: directory });
    },
    async [Symbol.asyncDispose]() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

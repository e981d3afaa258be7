import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { DoctorOptions } from '../../src/doctor/index.ts';
import type { Files } from '../../src/platform/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A machine with one thing wrong. */
export interface Planted {
  readonly environment?: Readonly<Record<string, string>>;
  readonly options?: Partial<DoctorOptions>;
  /** Files of the repository, beside or in place of the sound go.mod. */
  readonly files?: Readonly<Record<string, string>>;
  readonly change?: (files: Files) => Files;
}

export interface Cause {
  readonly cause: string;
  /** What the first finding must be. */
  readonly code: string;
  plant(t: TestContext): Promise<Planted> | Planted;
}

export const MODULE = { path: 'm.test/M1', version: 'v1.0.0' } as const;

const SOUND_MODFILE: string = `module example.test/main\n\ngo 1.21\n\nrequire ${MODULE.path} ${MODULE.version}\n`;

/** A repository with these files. */
export async function repository(
  t: TestContext,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const [name, text] of Object.entries({ 'go.mod': SOUND_MODFILE, ...files })) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return folder;
}

/** A folder for PATH with a git that says one thing and fails. */
export async function failingGit(t: TestContext, says: string): Promise<string> {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'git');
  const script = `#!/bin/sh\ncase "$1" in --version) echo git version 2.99.0;; ls-remote) echo "${says}" >&2; exit 128;; *) exit 1;; esac\n`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return folder;
}

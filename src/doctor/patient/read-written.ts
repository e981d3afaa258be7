import { join } from 'node:path';
import type { Files } from '../../platform/index.ts';
import type { WrittenSetting } from './patient.ts';

/** Where CI systems, images and tasks set variables. */
const FILES = [
  'Dockerfile',
  '.gitlab-ci.yml',
  '.travis.yml',
  '.drone.yml',
  '.circleci/config.yml',
  '.buildkite/pipeline.yml',
  'azure-pipelines.yml',
  'bitbucket-pipelines.yml',
  'cloudbuild.yaml',
  'docker-compose.yml',
  'compose.yaml',
  'Jenkinsfile',
  'Makefile',
  '.env',
  '.envrc',
];
const FOLDERS = ['.github/workflows'];

/** Files that people write are far below; one that is not is no configuration. */
const FILE_BYTES = 1024 * 1024;
/** A monorepo may have dozens of workflows. */
const FILES_MAXIMUM = 60;

const SETTING =
  /\b(GOPROXY|GOSUMDB|GOPRIVATE|GONOPROXY|GONOSUMDB|GOINSECURE|GOFLAGS|GOTOOLCHAIN|GO111MODULE)["']?[ \t]{0,8}(?:\?=|:=|[:=])[ \t]{0,8}("[^"\n]{0,500}"|'[^'\n]{0,500}'|[^\s"'#;&\\]{1,500})/g;

/** Settings that the repository itself has for other places than this one. */
export async function readWritten(
  files: Pick<Files, 'readWhole' | 'list'>,
  directory: string,
): Promise<readonly WrittenSetting[]> {
  const names = [...FILES];
  for (const folder of FOLDERS) {
    const entries = await files.list(join(directory, folder)).catch(() => undefined);
    for (const { name, kind } of entries ?? []) {
      if (kind === 'file' && /\.ya?ml$/.test(name)) names.push(`${folder}/${name}`);
    }
  }
  const texts = await Promise.all(
    names.slice(0, FILES_MAXIMUM).map(async (file) => {
      const bytes = await files.readWhole(join(directory, file), FILE_BYTES).catch(() => undefined);
      return bytes === undefined ? [] : settingsIn(file, bytes.toString('utf8'));
    }),
  );
  return texts.flat();
}

function settingsIn(file: string, text: string): readonly WrittenSetting[] {
  const settings: WrittenSetting[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(?:#|\/\/)/.test(line)) continue;
    for (const [, name = '', written = ''] of line.matchAll(SETTING)) {
      const value = written.replace(/^(["'])(.*)\1$/, '$2');
      // What another variable decides cannot be known from here.
      if (!/[$`{]/.test(value)) settings.push({ name, value, file, line: index + 1 });
    }
  }
  return settings;
}

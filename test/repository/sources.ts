import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './working-copy.ts';

/** Everything git would commit, tracked or new, that still exists. */
export function committedFiles(): readonly string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    { cwd: repository, encoding: 'utf8' },
  );
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(repository, path)));
}

export function text(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

export function matching(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: repository, exclude: ['node_modules/**'] }).toSorted();
}

/** Tests, contract suites and what they need: not shipped behaviour. */
export function isTest(path: string): boolean {
  return /\.(test|contract|fuzz)\.ts$|\/testdata\/|^(test|bench)\//.test(path);
}

export interface DoorExport {
  readonly name: string;
  readonly from: string;
  readonly isType: boolean;
}

/** The names that a door lists; a statement of any other kind is reported as `problem`. */
export function readDoor(path: string): {
  readonly exports: readonly DoorExport[];
  readonly problems: readonly string[];
} {
  const exports: DoorExport[] = [];
  const problems: string[] = [];
  const body = text(path).replaceAll(/^\s*\/\/.*$/gm, '');
  for (const statement of body.split(';').map((part) => part.trim())) {
    if (statement === '') continue;
    const parts = /^export (type )?\{([^}]*)\} from '([^']+)'$/s.exec(statement);
    if (parts === null) {
      problems.push(`${path}: a door only lists names (\`export { … } from '…'\`): ${statement}`);
      continue;
    }
    for (const listed of (parts[2] ?? '').split(',')) {
      const name = listed.trim();
      const isType = parts[1] !== undefined || name.startsWith('type ');
      if (name !== '') exports.push({ name, from: parts[3] ?? '', isType });
    }
  }
  return { exports, problems };
}

import { isAbsolute, relative, resolve } from 'node:path';
import type { Modfile, ModuleVersion, Workfile } from '../gomod/modfile/index.ts';
import type { ManifestNeeds } from './needs.ts';
import type { Problem } from './problem.ts';

type ReplaceDirective = Modfile['replace'][number];

export interface ReplaceSurroundings {
  readonly file: string;
  readonly directory: string;
  /** The nearest directory above with a `.git`, if there is one. */
  readonly repository: string | undefined;
  /** Paths and versions that are required; undefined where they are not known. */
  readonly required: ReadonlyMap<string, string> | undefined;
  /** Where the lines of what was read stand in the file. */
  readonly numbers: readonly number[];
}

/** K06: where sources come from elsewhere than their path says, and whether that place is there. */
export async function checkReplaces(
  { files }: ManifestNeeds,
  read: Modfile | Workfile,
  around: ReplaceSurroundings,
): Promise<Problem[]> {
  const problems = conflicts(read.replace);
  const { numbers } = around;
  for (const replace of read.replace) {
    const isDirectory = replace.new.version === '';
    problems.push(
      isDirectory
        ? await checkDirectory({ files }, replace, around)
        : describe(replace, `from ${name(replace.new)}`),
    );
    const unused = isUnused(replace, around.required);
    if (unused !== undefined) problems.push(unused);
  }
  return problems.map((problem) => ({ ...problem, line: numbers[(problem.line ?? 1) - 1] }));
}

function name({ path, version }: ModuleVersion): string {
  return version === '' ? path : `${path}@${version}`;
}

function at({ line }: ReplaceDirective): Pick<Problem, 'line' | 'text' | 'code'> {
  return { code: 'K06', line: line.start?.line, text: line.tokens.join(' ') };
}

function describe(replace: ReplaceDirective, source: string): Problem {
  return {
    ...at(replace),
    severity: 'info',
    title: `${name(replace.old)} comes ${source}`,
    explanation:
      'A replace counts in this module only: whoever requires this module gets the original.',
    hint: 'remove it when the original has what is needed',
    command: `go mod edit -dropreplace=${name(replace.old)}`,
  };
}

async function checkDirectory(
  { files }: ManifestNeeds,
  replace: ReplaceDirective,
  { directory, repository, file }: ReplaceSurroundings,
): Promise<Problem> {
  const target = replace.new.path;
  const place = resolve(directory, target);
  const found = await files.status(resolve(place, 'go.mod'));
  if (found === undefined) {
    const there = await files.status(place);
    return {
      ...at(replace),
      severity: 'error',
      title: `${target} ${there === undefined ? 'does not exist' : 'has no go.mod'}`,
      explanation: `${file} takes ${name(replace.old)} from there, so every command of go stops.`,
      hint: 'copy the directory to this place before the first go command, or keep local replaces in a go.work that is not committed',
      command: `go mod edit -dropreplace=${name(replace.old)}`,
    };
  }
  const root = repository ?? directory;
  const isOutside = relative(root, place).startsWith('..');
  if (!isAbsolute(target) && !(isOutside && repository !== undefined)) {
    return describe(replace, `from the directory ${target}`);
  }
  return {
    ...at(replace),
    severity: 'warning',
    title: `${name(replace.old)} comes from a directory that only this machine has`,
    explanation: `${target} is not a part of this repository, so a build in CI or in an image does not find it.`,
    hint: 'move the replace into a go.work that is not committed, or require a version',
    command: `go mod edit -dropreplace=${name(replace.old)}`,
  };
}

function conflicts(replaces: readonly ReplaceDirective[]): Problem[] {
  const groups = Map.groupBy(replaces, ({ old }) => name(old));
  return [...groups].flatMap(([old, group]) => {
    const other = group.find((one) => name(one.new) !== name(group[0]?.new ?? one.new));
    if (other === undefined) return [];
    const targets = group.map((one) => name(one.new)).join(', ');
    return [
      {
        ...at(other),
        severity: 'error',
        title: `${old} is replaced by two things`,
        explanation: `They are ${targets}. go refuses to choose.`,
        hint: 'keep one of them',
      },
    ];
  });
}

function isUnused(
  replace: ReplaceDirective,
  required: ReplaceSurroundings['required'],
): Problem | undefined {
  const version = required?.get(replace.old.path);
  if (required === undefined || version === replace.old.version) return undefined;
  if (version !== undefined && replace.old.version === '') return undefined;
  return {
    ...at(replace),
    severity: 'info',
    title: `nothing uses the replace of ${name(replace.old)}`,
    explanation:
      version === undefined
        ? 'go.mod does not require the module.'
        : `go.mod requires ${version}, and the replace is for another version.`,
    hint: 'remove the line',
    command: `go mod edit -dropreplace=${name(replace.old)}`,
  };
}

import type { Modfile, ModuleVersion, Workfile } from '../gomod/modfile/index.ts';
import { compareVersions } from '../gomod/version/index.ts';
import type { Problem } from './problem.ts';
import { editOf, lineAt, type WorkingLine } from './working-lines.ts';

interface Positioned {
  readonly line: { readonly start?: { readonly line: number } };
}

interface Repetition<T> {
  readonly kept: T;
  readonly dropped: readonly T[];
}

/** K02: a module that is required twice, and other directives that say the same twice. */
export function checkRepeated(file: string, lines: WorkingLine[], read: Modfile): Problem[] {
  // The lines are found before the first of them goes.
  const found = (item: Positioned): WorkingLine | undefined =>
    lineAt(lines, item.line.start?.line ?? 0);
  const requires = repetitions(read.require, ({ module }) => module.path).map((repetition) =>
    requiredTwice(repetition, found),
  );
  const others = [
    ...repetitions(read.exclude, ({ module }) => `exclude ${shown(module)}`),
    ...repetitions(read.replace, (one) => `replace ${shown(one.old)} => ${shown(one.new)}`),
    ...repetitions(read.tool, ({ path }) => `tool ${path}`),
    ...repetitions(read.ignore, ({ path }) => `ignore ${path}`),
  ].map((repetition) => saidTwice(repetition, found));
  return [...requires, ...others].map((build) => build(file));
}

export function checkRepeatedUses(file: string, lines: WorkingLine[], read: Workfile): Problem[] {
  const found = (item: Positioned): WorkingLine | undefined =>
    lineAt(lines, item.line.start?.line ?? 0);
  return [
    ...repetitions(read.use, ({ path }) => path.replace(/^\.\/|\/$/g, '')),
    ...repetitions(read.replace, (one) => `${shown(one.old)} => ${shown(one.new)}`),
  ]
    .map((repetition) => saidTwice(repetition, found))
    .map((build) => build(file));
}

function repetitions<T extends Positioned>(
  items: readonly T[],
  keyOf: (item: T) => string,
): Repetition<T>[] {
  const groups = Map.groupBy(items, keyOf);
  return [...groups.values()].flatMap((group) => {
    const [kept, ...dropped] = group;
    return kept === undefined || dropped.length === 0 ? [] : [{ kept, dropped }];
  });
}

type Find = (item: Positioned) => WorkingLine | undefined;
type Build = (file: string) => Problem;

function requiredTwice(
  { kept: first, dropped }: Repetition<Modfile['require'][number]>,
  find: Find,
): Build {
  const all = [first, ...dropped];
  const highest = all.reduce((best, one) =>
    compareVersions(one.module.version, best.module.version) > 0 ? one : best,
  );
  const gone = all.filter((one) => one !== highest).map(find);
  const isDifferent = all.some(({ module }) => module.version !== highest.module.version);
  const { path, version } = highest.module;
  const versions = all.map(({ module }) => module.version).join(', ');
  return (file) =>
    twice(file, gone, {
      code: 'K02',
      severity: isDifferent ? 'error' : 'warning',
      title: `${path} is required ${all.length === 2 ? 'twice' : `${all.length} times`}`,
      explanation: isDifferent
        ? `The versions are ${versions}. The highest counts. Outside a workspace go stops with "updates to go.mod needed", unless it may write the file (-mod=mod, or go before 1.16).`
        : `Each time at ${version}. go reads it as one, and writes it so the next time.`,
      hint: `keep ${version}`,
    });
}

function saidTwice({ kept, dropped }: Repetition<Positioned>, find: Find): Build {
  const gone = dropped.map(find);
  const text = find(kept)?.text?.trim() ?? '';
  return (file) =>
    twice(file, gone, {
      code: 'K02',
      severity: 'warning',
      title: 'a line stands twice',
      explanation: `"${text}" is said again further down.`,
      hint: 'keep the first',
    });
}

function twice(
  file: string,
  gone: readonly (WorkingLine | undefined)[],
  problem: Problem,
): Problem {
  const lines = gone.filter((line) => line !== undefined);
  for (const line of lines) line.text = undefined;
  return {
    ...problem,
    line: lines[0]?.number,
    text: lines[0]?.original,
    edits: lines.map((line) => editOf(file, line)),
  };
}

function shown({ path, version }: ModuleVersion): string {
  return version === '' ? path : `${path} ${version}`;
}

import { dirname, join } from 'node:path';
import { parseWorkfile, type Modfile, type Workfile } from '../gomod/modfile/index.ts';
import { parseSumfile, type SumEntry } from '../gomod/sumfile/index.ts';
import { compareGoVersions } from '../gomod/version/index.ts';
import { checkGoMod, checkGoSum, type Checked } from './check-go-mod.ts';
import { checkRepeatedUses } from './check-repeated.ts';
import { checkReplaces } from './check-replaces.ts';
import { takeOutMarks } from './conflict-marks.ts';
import type { ManifestNeeds } from './needs.ts';
import type { Problem } from './problem.ts';
import { readManifest, type Manifest } from './read-manifest.ts';
import { repairLines } from './repair-lines.ts';
import { findRepository } from './repository.ts';
import { editOf, lineAt, numbersOf, readLines, type WorkingLine } from './working-lines.ts';

/** What go assumes of a go.work without a go line: https://go.dev/ref/mod#go-work-file-go */
const ASSUMED_GO = '1.18';

interface Member {
  readonly file: string;
  readonly read: Modfile | undefined;
}

/** A go.work with all modules that it uses, their sums and its own. */
export async function checkGoWork(
  needs: ManifestNeeds,
  base: string,
  manifest: Manifest,
): Promise<readonly Checked[]> {
  const { file, text } = manifest;
  const lines = readLines(text);
  const problems = takeOutMarks(file, lines);
  const { value, problems: bad } = repairLines(file, lines, (repaired) =>
    parseWorkfile(file, repaired),
  );
  problems.push(...bad);
  const numbers = numbersOf(lines);
  if (value !== undefined) problems.push(...checkRepeatedUses(file, lines, value));
  const sums = await readManifest(needs, base, `${file}.sum`);
  const shared = sums === undefined ? [] : parseSumfile(sums.file, sums.text).entries;
  const checked: Checked[] = sums === undefined ? [] : [checkGoSum(sums)];
  if (value !== undefined) {
    const { members, files, missing } = await checkMembers(
      needs,
      base,
      manifest,
      value,
      shared,
      numbers,
    );
    const directory = dirname(manifest.path);
    const repository = await findRepository(needs, directory);
    problems.push(
      ...missing,
      ...checkGoLine(file, lines, value, members),
      ...conflicts(value, members),
      ...(await checkReplaces(needs, value, {
        file,
        directory,
        repository,
        numbers,
        required: undefined,
      })),
    );
    checked.push(...files);
  }
  return [{ manifest, problems }, ...checked];
}

async function checkMembers(
  needs: ManifestNeeds,
  base: string,
  { file }: Manifest,
  { use }: Workfile,
  shared: readonly SumEntry[],
  numbers: readonly number[],
): Promise<{
  readonly members: readonly Member[];
  readonly files: readonly Checked[];
  readonly missing: readonly Problem[];
}> {
  const members: Member[] = [];
  const files: Checked[] = [];
  const missing: Problem[] = [];
  for (const { path, line } of use) {
    const name = path.startsWith('/') ? join(path, 'go.mod') : join(dirname(file), path, 'go.mod');
    const manifest = await readManifest(needs, base, name);
    if (manifest === undefined) {
      missing.push({
        code: 'K06',
        severity: 'error',
        title: `${path} has no go.mod`,
        explanation: 'go.work uses it, so every command of go in this workspace stops.',
        line: numbers[(line.start?.line ?? 1) - 1],
        text: `use ${path}`,
        hint: 'copy the directory to this place, or take it out of the workspace',
        command: `go work edit -dropuse=${path}`,
      });
      continue;
    }
    const checked = await checkGoMod(needs, base, manifest, shared);
    members.push({ file: name, read: checked.read });
    files.push(...checked.files);
  }
  return { members, files, missing };
}

/** K01: a workspace must be at least as new as each of its modules. */
function checkGoLine(
  file: string,
  lines: WorkingLine[],
  { go }: Workfile,
  members: readonly Member[],
): Problem[] {
  const version = go?.version ?? ASSUMED_GO;
  const newest = members
    .filter(({ read }) => compareGoVersions(read?.go?.version ?? '1.16', version) > 0)
    .toSorted((one, other) =>
      compareGoVersions(other.read?.go?.version ?? '', one.read?.go?.version ?? ''),
    )[0];
  const wanted = newest?.read?.go?.version;
  if (newest === undefined || wanted === undefined) return [];
  const line = go === undefined ? lines[0] : lineAt(lines, go.line.start?.line ?? 1);
  if (line === undefined) return [];
  if (go === undefined) line.below = [`go ${wanted}`];
  else line.text = `go ${wanted}`;
  return [
    {
      code: 'K01',
      severity: 'error',
      title: `go.work says go ${version}, and a module of it needs go ${wanted}`,
      explanation: `${newest.file} asks for it, and go refuses a workspace that is older than its modules.`,
      line: line.number,
      text: line.original,
      hint: `write go ${wanted}`,
      command: 'go work use',
      edits: [editOf(file, line)],
    },
  ];
}

/** K06: two modules of a workspace replace the same module by different things, and go.work does not decide. */
function conflicts(work: Workfile, members: readonly Member[]): Problem[] {
  const targets = new Map<string, Set<string>>();
  for (const { file, read } of members) {
    for (const { old, new: target } of read?.replace ?? []) {
      const place = target.version === '' ? join(dirname(file), target.path) : target.path;
      const key = `${old.path} ${old.version}`.trim();
      const known = targets.get(key) ?? new Set();
      targets.set(key, known.add(`${place} ${target.version}`.trim()));
    }
  }
  const decided = new Set(work.replace.map(({ old }) => `${old.path} ${old.version}`.trim()));
  return [...targets]
    .filter(
      ([key, all]) => all.size > 1 && !decided.has(key) && !decided.has(key.split(' ')[0] ?? ''),
    )
    .map(([key, all]) => ({
      code: 'K06',
      severity: 'error',
      title: `modules of the workspace replace ${key} by different things`,
      explanation: `They are ${[...all].join(', ')}. go refuses to choose.`,
      hint: 'put the replace that shall win into go.work',
      command: `go work edit -replace=${key.replace(' ', '@')}=TARGET`,
    }));
}

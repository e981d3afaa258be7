import { dirname } from 'node:path';
import { formatModfile, parseModfile, type Modfile } from '../gomod/modfile/index.ts';
import { parseSumfile, type SumEntry } from '../gomod/sumfile/index.ts';
import { checkModuleLine } from './check-module-line.ts';
import { checkRepeated } from './check-repeated.ts';
import { checkReplaces } from './check-replaces.ts';
import { checkMissingSums, checkSums } from './check-sums.ts';
import { checkVersions } from './check-versions.ts';
import { takeOutMarks } from './conflict-marks.ts';
import type { ManifestNeeds } from './needs.ts';
import type { Problem } from './problem.ts';
import { readManifest, type Manifest } from './read-manifest.ts';
import { proposeRebuild } from './rebuild.ts';
import { repairLines } from './repair-lines.ts';
import { findRepository } from './repository.ts';
import { numbersOf, readLines, textOf } from './working-lines.ts';

/** What was found in one file, and its text. */
export interface Checked {
  readonly manifest: Manifest;
  readonly problems: readonly Problem[];
}

export interface CheckedModule {
  readonly files: readonly Checked[];
  readonly read: Modfile | undefined;
}

/** One go.mod with the go.sum beside it. `more` are the sums of a workspace. */
export async function checkGoMod(
  needs: ManifestNeeds,
  base: string,
  manifest: Manifest,
  more: readonly SumEntry[] = [],
): Promise<CheckedModule> {
  const { file, text } = manifest;
  const lines = readLines(text);
  const problems = takeOutMarks(file, lines);
  const {
    value,
    problems: bad,
    lost,
  } = repairLines(file, lines, (repaired) => parseModfile(file, repaired));
  problems.push(...bad);
  const numbers = numbersOf(lines);
  if (value !== undefined) {
    // First, while the lines stand where they were read.
    problems.push(...checkVersions(lines, value));
    problems.push(...checkMeaning(file, lines, value));
  }
  problems.push(...proposeRebuild(file, lost, value));
  if (value !== undefined && problems.length === 0) problems.push(...checkLayout(file, text));
  const sums = await readManifest(needs, base, file.replace(/\.mod$/, '.sum'));
  if (value !== undefined) {
    const directory = dirname(manifest.path);
    const repository = await findRepository(needs, directory);
    const required = new Map(value.require.map(({ module }) => [module.path, module.version]));
    const around = {
      file,
      directory,
      repository,
      numbers,
      required: isComplete(value) ? required : undefined,
    };
    problems.push(...(await checkReplaces(needs, value, around)));
    const entries = sums === undefined ? undefined : parseSumfile(sums.file, sums.text).entries;
    const all =
      entries === undefined && more.length === 0 ? undefined : [...(entries ?? []), ...more];
    problems.push(...checkMissingSums(file, reread(file, lines, value), all));
  }
  const beside = sums === undefined ? [] : [checkGoSum(sums)];
  return { files: [{ manifest, problems }, ...beside], read: value };
}

export function checkGoSum(manifest: Manifest): Checked {
  return { manifest, problems: checkSums(manifest.file, manifest.text) };
}

function checkMeaning(
  file: string,
  lines: ReturnType<typeof readLines>,
  read: Modfile,
): readonly Problem[] {
  // Its edits put lines in, so it comes after those that look for lines by their numbers.
  const repeated = checkRepeated(file, lines, read);
  const isShort = repeated.length > 0;
  const module = isShort ? reread(file, lines, read) : read;
  const hasGoLine = lines.some(({ original }) => /^\s*go(?:lang)?[\s=:\d]/i.test(original));
  return [...repeated, ...checkModuleLine(file, lines, module, hasGoLine)];
}

function reread(file: string, lines: ReturnType<typeof readLines>, read: Modfile): Modfile {
  const parsed = parseModfile(file, textOf(lines));
  return parsed.ok ? parsed.value : read;
}

/** From 1.17 on a go.mod lists everything that a build needs: https://go.dev/ref/mod#graph-pruning */
function isComplete({ go }: Modfile): boolean {
  const [, minor = '0'] = /^1\.(\d+)/.exec(go?.version ?? '') ?? [];
  return Number(minor) >= 17 || /^[2-9]/.test(go?.version ?? '');
}

function checkLayout(file: string, text: string): readonly Problem[] {
  const parsed = parseModfile(file, text);
  if (!parsed.ok || formatModfile(parsed.value) === text.replaceAll('\r\n', '\n')) return [];
  return [
    {
      code: 'K04',
      severity: 'info',
      title: 'the file is not in the layout of go',
      explanation: 'The next command that writes it changes lines that nobody meant to change.',
      hint: 'let go write it anew; no requirement changes',
      command: 'go mod edit -fmt',
    },
  ];
}

import type { FileEdit, Finding } from '../finding/index.ts';
import { checkGoMod, checkGoSum, type Checked } from './check-go-mod.ts';
import { checkGoWork } from './check-go-work.ts';
import { diffOf } from './diff.ts';
import type { ManifestNeeds } from './needs.ts';
import { asFinding, shownEdit, type Problem } from './problem.ts';
import { findManifests, type Manifest } from './read-manifest.ts';
import { applyEdits } from './working-lines.ts';

export interface ManifestReport {
  readonly file: string;
  readonly path: string;
  readonly findings: readonly Finding[];
  /** What the fixes would change, for people; no secret in it. */
  readonly diff: string;
  /** The file with the fixes; undefined where they change nothing. */
  readonly fixed: string | undefined;
}

export interface ManifestSettings {
  /** Where relative paths begin. */
  readonly directory: string;
  /** Also takes out what nobody can read. */
  readonly lastResort: boolean;
}

/** Checks K01 to K07 of these files and directories: go.mod, go.work with its modules, and go.sum. */
export async function lintManifests(
  needs: ManifestNeeds,
  paths: readonly string[],
  settings: ManifestSettings,
): Promise<readonly ManifestReport[]> {
  const reports = new Map<string, ManifestReport>();
  for (const path of paths) {
    for (const manifest of await findManifests(needs, settings.directory, path)) {
      for (const checked of await checkOne(needs, settings.directory, manifest)) {
        const { path: place } = checked.manifest;
        if (!reports.has(place)) reports.set(place, reportOf(checked, settings));
      }
    }
  }
  return [...reports.values()];
}

async function checkOne(
  needs: ManifestNeeds,
  base: string,
  manifest: Manifest,
): Promise<readonly Checked[]> {
  if (manifest.kind === 'go.sum') return [checkGoSum(manifest)];
  if (manifest.kind === 'go.work') return checkGoWork(needs, base, manifest);
  return (await checkGoMod(needs, base, manifest)).files;
}

const SEVERITIES: readonly Finding['severity'][] = ['error', 'warning', 'info'];

function reportOf(
  { manifest, problems }: Checked,
  { lastResort }: ManifestSettings,
): ManifestReport {
  const { file, path, text } = manifest;
  const sorted = problems.toSorted(
    (one, other) =>
      SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
      (one.line ?? 0) - (other.line ?? 0),
  );
  const edits = mergeEdits(
    problems.filter(({ isLastResort }) => isLastResort !== true || lastResort),
  );
  const shown = edits.map((edit) => ({ ...edit, text: shownEdit(edit.text) }));
  return {
    file,
    path,
    findings: sorted.map((problem) => asFinding(file, problem)),
    diff: diffOf(shownEdit(file), shownEdit(text), shown),
    fixed: edits.length === 0 ? undefined : applyEdits(text, edits),
  };
}

/** One line may be changed twice, such as a merged go line: what was said last counts. */
function mergeEdits(problems: readonly Problem[]): readonly FileEdit[] {
  const byLine = new Map<number, FileEdit>();
  for (const { edits = [] } of problems) {
    for (const edit of edits) byLine.set(edit.line, edit);
  }
  return [...byLine.values()];
}

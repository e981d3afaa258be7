import { dirname } from 'node:path';
import type { Files } from '../platform/index.ts';
import { lintManifests, type ManifestReport, type ManifestSettings } from './lint-manifests.ts';
import type { ManifestNeeds } from './needs.ts';

export interface FixedManifests {
  /** What was written. */
  readonly written: readonly ManifestReport[];
  /** What is left. */
  readonly reports: readonly ManifestReport[];
}

interface FixNeeds {
  readonly files: ManifestNeeds['files'] & Pick<Files, 'writeAtomically'>;
}

/** One mended line may show the next one that is wrong. */
const MOST_ROUNDS = 4;

/** Writes the fixes of each file, and only where they leave no more errors than there were. */
export async function fixManifests(
  needs: FixNeeds,
  paths: readonly string[],
  settings: ManifestSettings,
): Promise<FixedManifests> {
  const written: ManifestReport[] = [];
  let reports = await lintManifests(needs, paths, settings);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const better: ManifestReport[] = [];
    for (const report of reports) {
      if (report.fixed !== undefined && (await isBetter(needs, paths, settings, report))) {
        better.push(report);
      }
    }
    if (better.length === 0) break;
    for (const { path, fixed = '' } of better) {
      await needs.files.writeAtomically(path, Buffer.from(fixed), dirname(path));
    }
    written.push(...better);
    reports = await lintManifests(needs, paths, settings);
  }
  return { written, reports };
}

async function isBetter(
  { files }: FixNeeds,
  paths: readonly string[],
  settings: ManifestSettings,
  { path, fixed = '', findings }: ManifestReport,
): Promise<boolean> {
  const bytes = Buffer.from(fixed);
  const after = await lintManifests(
    {
      files: {
        status: (place) => files.status(place),
        readWhole: async (place, limit) => (place === path ? bytes : files.readWhole(place, limit)),
      },
    },
    paths,
    settings,
  );
  const left = after.find((report) => report.path === path)?.findings ?? [];
  return weigh(left) < weigh(findings);
}

/** An error counts more than any number of warnings that a file can have. */
function weigh(findings: ManifestReport['findings']): number {
  const weights = { error: 1_000_000, warning: 1000, info: 1 };
  return findings.reduce((sum, { severity }) => sum + weights[severity], 0);
}

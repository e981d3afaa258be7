import type { LintRequest } from '../cli/index.ts';
import { askTidy, fixManifests, lintManifests, type FixedManifests } from '../manifest/index.ts';
import type { ProgramContext } from './program-context.ts';

/** `cofferdam lint`: the manifests of a repository. */
export async function lint(
  context: Pick<ProgramContext, 'files' | 'processes' | 'directory' | 'environment'>,
  { paths, fix, lastResort, tidy }: LintRequest,
): Promise<FixedManifests> {
  const settings = { directory: context.directory, lastResort };
  const { written, reports } = fix
    ? await fixManifests(context, paths, settings)
    : { written: [], reports: await lintManifests(context, paths, settings) };
  if (!tidy) return { written, reports };
  const asked = [];
  for (const report of reports) asked.push(await askTidy(context, context.environment, report));
  return { written, reports: asked };
}

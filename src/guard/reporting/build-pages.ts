import { join } from 'node:path';
import type { Files, Processes } from '../../platform/index.ts';
import { asPage } from './as-page.ts';
import { asGithubOutput } from './as-variables.ts';
import { uploadPage } from './log-commands.ts';
import type { RunReport } from './run-report.ts';

export interface BuildPagesNeeds {
  readonly files: Pick<Files, 'append' | 'writeAtomically'>;
  readonly processes: Pick<Processes, 'run'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly tell: (text: string) => string;
  /** To our stderr, as it is. */
  readonly write: (text: string) => void;
}

/** The agent talks to its server; a build must not end later for it. */
const AGENT_MILLISECONDS = 5000;
const AGENT_BYTES = 64 * 1024;

/** Hands the page to the build system in the way that it documents. What goes wrong there is thrown. */
export async function handOver(
  needs: BuildPagesNeeds,
  report: RunReport,
  { directory, isQuiet }: { readonly directory: string; readonly isQuiet: boolean },
): Promise<void> {
  const { system, summary } = report;
  const page = asPage(report, needs.tell);
  if (system.pageFile !== undefined) await needs.files.append(system.pageFile, Buffer.from(page));
  if (system.outputFile !== undefined) {
    await needs.files.append(system.outputFile, Buffer.from(asGithubOutput(report)));
  }
  if (system.name === 'azure' && system.scratch !== undefined && !isQuiet) {
    // Named after the run, since a job may have several.
    const name = `cofferdam-${report.fingerprint?.id.slice(0, 8) ?? 'run'}-${summary.durationMilliseconds}.md`;
    const file = join(system.scratch, name);
    await needs.files.writeAtomically(file, Buffer.from(page), system.scratch);
    needs.write(uploadPage(file));
  }
  // An annotation stands above the whole build there: only what failed belongs to it.
  if (system.name === 'buildkite' && summary.exitCode !== 0) {
    await annotateBuildkite(needs, page, directory);
  }
}

async function annotateBuildkite(
  { processes, environment }: BuildPagesNeeds,
  page: string,
  directory: string,
): Promise<void> {
  const context = `cofferdam-${environment['BUILDKITE_JOB_ID'] ?? 'run'}`;
  const words = ['annotate', '--style', 'error', '--context', context, '--append'];
  try {
    await processes.run(['buildkite-agent', ...words], {
      directory,
      environment,
      input: Buffer.from(page),
      timeoutMilliseconds: AGENT_MILLISECONDS,
      maximumOutputBytes: AGENT_BYTES,
    });
  } catch {
    // Not there in every container; the log says the same.
  }
}

import { planDownload, runDownload } from './download/index.ts';
import type { DownloadResult } from './download/index.ts';
import type { ExpectedModule } from './engine.ts';
import { say } from './report.ts';
import { endedEarly } from './run-context.ts';
import type { RunContext, RunEnding } from './run-context.ts';

/** What the download phase needs of the preparation. */
export interface DownloadGrounds {
  readonly environment: Readonly<Record<string, string>>;
  /** What go.sum names and the module cache has not. */
  readonly expected: Promise<readonly ExpectedModule[]>;
}

/** These compile nothing when a package does not load, as the phase already knows; a test goes on with the others. */
const STOPS_BEFORE_WORK: ReadonlySet<string> = new Set(['build', 'install', 'run', 'vet']);

/** Fetches the modules of a go command before it starts; gives an ending where it is not to start. */
export async function downloadFirst(
  run: RunContext,
  { environment, expected }: DownloadGrounds,
): Promise<RunEnding | undefined> {
  const { needs, command, options, record, stopped } = run;
  const plan = planDownload(command);
  const reason = await reasonToSkip(run, plan.kind === 'none' ? plan.reason : undefined, expected);
  if (reason !== undefined || plan.kind === 'none') {
    record.begin('download')('skipped', reason);
    return endedEarly(run);
  }
  const result = await runDownload(
    { ...needs, record },
    { command: plan.command, directory: options.directory, environment, signal: stopped },
  );
  const early = endedEarly(run);
  if (early !== undefined) return early;
  if (!isCertain(result) || !STOPS_BEFORE_WORK.has(plan.verb)) return undefined;
  // It says what the command would have said.
  needs.write(result.stderr.toString());
  say(needs, `the download failed, so "go ${plan.verb}" was not started`);
  return { exitCode: result.code, isOwn: true, report: result.report };
}

async function reasonToSkip(
  { options }: RunContext,
  reason: string | undefined,
  expected: DownloadGrounds['expected'],
): Promise<string | undefined> {
  if (options.downloadFirst === false) return 'switched off';
  if (reason !== undefined) return reason;
  const missing = await expected.catch(() => []);
  return missing.some(({ kind }) => kind === 'zip') ? undefined : 'nothing is to be fetched';
}

type Certain = Extract<DownloadResult, { kind: 'failed' }> & { readonly code: number };

/** The network failed in every try: the command could only wait for the same once more. */
function isCertain(result: DownloadResult): result is Certain {
  return result.kind === 'failed' && result.isTransient && (result.code ?? 0) > 0;
}

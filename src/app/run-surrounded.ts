import { join } from 'node:path';
import type { RunRequest } from '../cli/index.ts';
import type { Configuration } from '../config.ts';
import type { ChildOptions, GuardNeeds, RunSummary } from '../guard/index.ts';
import { createMasker, detectBuildSystem, startRunReporter } from '../guard/reporting/index.ts';
import type {
  BuildSystem,
  Masker,
  RunReporter,
  RunReporterSettings,
} from '../guard/reporting/index.ts';
import {
  checkRequiredVariables,
  readCredentials,
  shutNetwork,
  writeCredentialFiles,
} from '../guard/surroundings/index.ts';
import type { ShutNetwork } from '../guard/surroundings/index.ts';
import { createPrivateFolders } from '../platform/adapters.ts';
import type { PrivateFolder } from '../platform/machine/index.ts';
import { keepSignals } from './kept-signals.ts';
import type { RunContext } from './run-context.ts';

/** People see a hang after a minute, and build systems end silent jobs after some. */
const HEARTBEAT_MILLISECONDS = 60_000;
const HISTORY_FILE = 'run-history.jsonl';

/** What one run has around it. */
export interface Surrounded
  extends
    Pick<GuardNeeds, 'environment' | 'signals' | 'write'>,
    Pick<RunReporter, 'observe' | 'engineStarted'> {
  readonly child: ChildOptions;
}

/**
 * Checks what can be checked before the start, makes what the command is to find, and tells of the run.
 * Nothing that is secret stays behind, however it ends.
 */
export async function runSurrounded(
  context: RunContext,
  request: RunRequest<Configuration>,
  use: (around: Surrounded) => Promise<RunSummary>,
): Promise<RunSummary> {
  const { reporting } = request;
  const signals = keepSignals(context.signals);
  let folder: PrivateFolder | undefined;
  let reporter: RunReporter | undefined;
  try {
    checkRequiredVariables(context.environment, reporting.requiredVariables);
    const passwords = readCredentials(context.environment, reporting.credentials);
    const masker = createMasker(context.environment, passwords);
    const shut = reporting.verifyOffline
      ? await shutNetwork(context.processes, context.directory, context.environment)
      : undefined;
    const sees = seen(context, request);
    reporter = await startReporter(context, request, { masker, shut, ...sees });
    const { observe, engineStarted, see, write } = reporter;
    if (passwords.length > 0) folder = await createPrivateFolders().make();
    const variables =
      folder === undefined
        ? {}
        : await writeCredentialFiles(context, folder, reporting.credentials);
    const summary = await use({
      signals,
      environment: { ...context.environment, ...variables },
      write,
      observe,
      engineStarted,
      child: {
        prefix: shut?.prefix,
        variables: shut?.variables,
        seeStdout: sees.seesStdout ? (bytes) => see('stdout', bytes) : undefined,
        seeStderr: sees.seesStderr ? (bytes) => see('stderr', bytes) : undefined,
      },
    });
    if (shut !== undefined && !request.quiet) context.write(offlineLine(summary, shut));
    await reporter.end(summary);
    return summary;
  } finally {
    await reporter?.close();
    await folder?.remove();
    signals.close();
  }
}

interface Seen {
  readonly heartbeatMilliseconds: number | undefined;
  readonly seesStdout: boolean;
  readonly seesStderr: boolean;
}

/** The streams pass through us only where somebody asked for what needs it; stderr also where it does so anyway. */
function seen(context: RunContext, { reporting, diagnose }: RunRequest<Configuration>): Seen {
  const { heartbeatMilliseconds: asked, logFile } = reporting;
  const isTerminal = context.log.isTerminal;
  const wants = typeof asked === 'number' || logFile !== undefined;
  const usual = isTerminal ? undefined : HEARTBEAT_MILLISECONDS;
  const heartbeatMilliseconds = asked === 'off' ? undefined : (asked ?? usual);
  const seesStderr = wants || (heartbeatMilliseconds !== undefined && diagnose && !isTerminal);
  return { heartbeatMilliseconds, seesStdout: wants, seesStderr };
}

async function startReporter(
  context: RunContext,
  { reporting, command, quiet, configuration }: RunRequest<Configuration>,
  {
    masker,
    shut,
    heartbeatMilliseconds,
    seesStdout,
    seesStderr,
  }: Seen & { readonly masker: Masker; readonly shut: ShutNetwork | undefined },
): Promise<RunReporter> {
  const { directory, environment } = context;
  const detected = detectBuildSystem(environment, reporting.buildSystem);
  const { job = detected.job, stage = detected.stage } = reporting;
  const system = { ...detected, job, stage };
  return startRunReporter(
    { ...context, masker },
    {
      command,
      directory,
      system,
      isQuiet: quiet,
      places: {
        directory,
        folder: reporting.reportDirectory,
        files: [
          { kind: 'json', flag: '--summary-file', path: reporting.summaryFile } as const,
          { kind: 'metrics', flag: '--metrics-file', path: reporting.metricsFile } as const,
          { kind: 'variables', flag: '--dotenv-file', path: reporting.dotenvFile } as const,
          { kind: 'junit', flag: '--junit-file', path: reporting.junitFile } as const,
        ].flatMap(({ kind, flag, path }) => (path === undefined ? [] : [{ kind, flag, path }])),
      },
      log:
        reporting.logFile === undefined
          ? undefined
          : { path: reporting.logFile, limitBytes: reporting.logBytes },
      heartbeatMilliseconds,
      seesAll: seesStdout && seesStderr,
      history: historyOf(reporting, system, configuration.store),
      platform: `${process.platform}/${process.arch}`,
      networkShut: shut?.how,
    },
  );
}

/** Whoever builds by hand did not ask for a record of it. */
function historyOf(
  { history, job, stage }: RunRequest<Configuration>['reporting'],
  system: BuildSystem,
  store: string,
): RunReporterSettings['history'] {
  if (history === 'off') return undefined;
  const byStage = stage !== undefined;
  if (history !== undefined) return { path: history, isNamed: true, byStage };
  const isWanted = system.name !== 'none' || job !== undefined || stage !== undefined;
  const isLocal = !/^[a-z][a-z0-9+.-]+:\/\//i.test(store);
  return isWanted && isLocal
    ? { path: join(store, HISTORY_FILE), isNamed: false, byStage }
    : undefined;
}

function offlineLine({ exitCode }: RunSummary, { how, isProof }: ShutNetwork): string {
  const ended = exitCode === 0 ? 'succeeded' : `ended with ${exitCode}`;
  const note = isProof ? '' : '; network namespaces are not permitted here, so this is no proof';
  return `cofferdam: the command ${ended} with the network shut ${how}${note}\n`;
}

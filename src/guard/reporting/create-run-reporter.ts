import { toldCause } from '../../finding/index.ts';
import type { Clock, Files, Processes, Random } from '../../platform/index.ts';
import { createGoodRuns, readFingerprint, tellStage } from '../baseline/index.ts';
import type { Fingerprint } from '../baseline/index.ts';
import { tellConfirmation } from '../confirmation.ts';
import type { EngineSummary } from '../engine.ts';
import type { RunEvent } from '../run-events.ts';
import type { RunSummary } from '../run-summary.ts';
import { asCodeQuality } from './as-code-quality.ts';
import { asJson } from './as-json.ts';
import { asJunit } from './as-junit.ts';
import { asOpenMetrics } from './as-open-metrics.ts';
import { asPage } from './as-page.ts';
import { asDotenv } from './as-variables.ts';
import { handOver } from './build-pages.ts';
import type { BuildSystem } from './build-system.ts';
import { createGroups } from './create-groups.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { Heartbeat } from './heartbeat.ts';
import { createLogCommands } from './log-commands.ts';
import type { LogCommands } from './log-commands.ts';
import { openLogFile } from './log-file.ts';
import type { LogFile } from './log-file.ts';
import type { Masker } from './masker.ts';
import { checkGrowingFile, inDirectory, openReportFiles, writeReportFile } from './report-files.ts';
import type { ReportFile, ReportKind, ReportPlaces } from './report-files.ts';
import { compareWithGoodRuns, sampleProgress } from './run-comparison.ts';
import type { ProgressSamples } from './run-comparison.ts';
import { nameOfCommand } from './run-report.ts';
import type { RunReport } from './run-report.ts';

/** After a run that was stopped some seconds are left to clean up in. */
const FINGERPRINT_MILLISECONDS = 2000;

export interface RunReporterNeeds {
  readonly clock: Clock;
  readonly files: Files;
  readonly processes: Processes;
  readonly random: Random;
  readonly environment: Readonly<Record<string, string>>;
  readonly masker: Masker;
  /** To our stderr, as it is. */
  readonly write: (text: string) => void;
}

export interface RunReporterSettings {
  readonly command: readonly string[];
  readonly directory: string;
  readonly system: BuildSystem;
  /** Errors only; files are written all the same. */
  readonly isQuiet: boolean;
  readonly places: ReportPlaces;
  readonly log: { readonly path: string; readonly limitBytes: number } | undefined;
  readonly heartbeatMilliseconds: number | undefined;
  /** Whether both streams of the command are shown to `see`. */
  readonly seesAll: boolean;
  /** A file of good runs, to compare with; undefined compares nothing. */
  readonly history:
    | {
        readonly path: string;
        readonly isNamed: boolean;
        /** Whatever the command is: the user said which stage this is. */
        readonly byStage: boolean;
      }
    | undefined;
  /** `linux/x64` */
  readonly platform: string;
  readonly networkShut: string | undefined;
}

/** Tells of one run while it goes on, and writes what is wanted of it at its end. */
export interface RunReporter {
  observe(event: RunEvent): void;
  /** What the guard says, without secrets. */
  write(text: string): void;
  engineStarted(summary: () => EngineSummary): void;
  /** What the command writes. */
  see(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** Never rejects: the result of the command matters more than what is told of it. */
  end(summary: RunSummary): Promise<void>;
  /** Ends what goes on beside the command, where there will be no summary. */
  close(): Promise<void>;
}

/** Throws where a file that was asked for cannot be written. */
export async function startRunReporter(
  needs: RunReporterNeeds,
  settings: RunReporterSettings,
): Promise<RunReporter> {
  const files = await openReportFiles(needs, settings.places);
  const { history, directory } = settings;
  if (history?.isNamed === true) {
    await checkGrowingFile(needs, '--history', inDirectory(directory, history.path));
  }
  const log = await openLog(needs, settings);
  const stopped = new AbortController();
  const commands = createLogCommands(
    {
      masker: needs.masker,
      epochSeconds: () => Math.floor(needs.clock.epochMilliseconds() / 1000),
    },
    settings.system.name,
  );
  let engine: (() => EngineSummary) | undefined;
  const progress = sampleProgress(needs.clock, () => engine?.());
  const heartbeat = beginHeartbeat(needs, settings, () => engine?.());
  const fingerprint = beginFingerprint(needs, settings, files, stopped.signal);
  const groups = createGroups(needs, settings, commands);

  async function close(): Promise<unknown> {
    heartbeat?.stop();
    progress.stop();
    groups.close();
    stopped.abort();
    return log?.end();
  }

  return {
    engineStarted(summary) {
      engine = summary;
    },
    observe: groups.observe,
    write(text) {
      groups.flush();
      needs.write(needs.masker.tell(text));
    },
    see(stream, bytes) {
      heartbeat?.heard();
      log?.write(stream, bytes);
    },
    async close() {
      await close();
    },
    async end(summary) {
      heartbeat?.stop();
      progress.stop();
      // A go command that does not answer must not hold up the end.
      const late = needs.clock.after(FINGERPRINT_MILLISECONDS, () => stopped.abort());
      const report = await makeReport(needs, settings, summary, await fingerprint, progress);
      late.cancel();
      if (!settings.isQuiet) tellReport(needs, commands, report);
      await writeReport(needs, settings, files, report);
      const problem = await close();
      if (problem !== undefined) {
        say(needs, `error: ${settings.log?.path ?? 'the log'} is not whole: ${toldCause(problem)}`);
      }
    },
  };
}

function tellReport(needs: RunReporterNeeds, commands: LogCommands, report: RunReport): void {
  for (const line of comparisonLines(report)) say(needs, line);
  const { diagnosis, confirmation } = report.summary;
  const [root] = diagnosis;
  const seen = confirmation === undefined ? [] : [tellConfirmation(confirmation)];
  if (root !== undefined) needs.write(commands.annotation(root, seen));
}

async function writeReport(
  needs: RunReporterNeeds,
  { directory, isQuiet }: RunReporterSettings,
  files: readonly ReportFile[],
  report: RunReport,
): Promise<void> {
  const { tell } = needs.masker;
  for (const { kind, path } of files) {
    await trying(needs, `${path} was not written`, async () =>
      writeReportFile(needs, path, RENDERERS[kind](report, tell)),
    );
  }
  await trying(needs, 'the page of the build system was not written', async () =>
    handOver({ ...needs, tell }, report, { directory, isQuiet }),
  );
}

async function openLog(
  needs: RunReporterNeeds,
  { log, directory }: RunReporterSettings,
): Promise<LogFile | undefined> {
  if (log === undefined) return undefined;
  const path = inDirectory(directory, log.path);
  await checkGrowingFile(needs, '--log-file', path);
  return openLogFile(needs, { path, limitBytes: log.limitBytes });
}

function beginHeartbeat(
  needs: RunReporterNeeds,
  { heartbeatMilliseconds, seesAll, isQuiet }: RunReporterSettings,
  engine: () => EngineSummary | undefined,
): Heartbeat | undefined {
  if (heartbeatMilliseconds === undefined || isQuiet) return undefined;
  function news(): string {
    const { modules = 0, bytesServed = 0 } = engine() ?? {};
    const some = `${modules} module${modules === 1 ? '' : 's'}`;
    return modules === 0 ? '' : `${some} so far (${(bytesServed / 1e6).toFixed(1)} MB)`;
  }
  return startHeartbeat(
    { clock: needs.clock, say: (text) => say(needs, text), news },
    { intervalMilliseconds: heartbeatMilliseconds, seesAll },
  );
}

/** It asks `go` once more, so only where somebody will read it. */
async function beginFingerprint(
  needs: RunReporterNeeds,
  { command, directory, system, platform, history }: RunReporterSettings,
  files: readonly ReportFile[],
  signal: AbortSignal,
): Promise<Fingerprint | undefined> {
  if (files.length === 0 && history === undefined && system.name === 'none') return undefined;
  try {
    return await readFingerprint(
      { ...needs, mask: needs.masker.mask },
      { command, directory, image: system.image, platform },
      signal,
    );
  } catch {
    // What is not known is left out.
    return undefined;
  }
}

async function makeReport(
  needs: RunReporterNeeds,
  settings: RunReporterSettings,
  summary: RunSummary,
  fingerprint: Fingerprint | undefined,
  progress: ProgressSamples,
): Promise<RunReport> {
  const { system, directory, history, networkShut } = settings;
  const report: RunReport = {
    summary,
    system,
    commandName: nameOfCommand(settings.command),
    fingerprint,
    comparison: undefined,
    verdict: undefined,
    networkShut,
  };
  if (history === undefined || fingerprint === undefined) return report;
  const path = inDirectory(directory, history.path);
  const goodRuns = createGoodRuns(needs.files, path);
  try {
    const { byStage } = history;
    const request = { summary, system, directory, fingerprint, progress, byStage };
    return { ...report, ...(await compareWithGoodRuns({ ...needs, history: goodRuns }, request)) };
  } catch (error) {
    say(needs, `the good runs in ${path} cannot be used: ${toldCause(error)}`);
    return report;
  }
}

function comparisonLines({ summary, comparison, verdict }: RunReport): readonly string[] {
  if (comparison === undefined) return [];
  // Where a cause is known, it has been told.
  const where =
    verdict === undefined || summary.diagnosis.length > 0
      ? []
      : [`where to look: ${verdict.cause} (${verdict.confidence}): ${verdict.because}`];
  if (comparison.kind === 'no-baseline') {
    const { runs, needed } = comparison;
    return [
      `no baseline: ${runs} good runs of this work are known, ${needed} are needed`,
      ...where,
    ];
  }
  const stages = comparison.stages.map(tellStage).join('; ');
  const told = stages === '' ? 'no stage came to its end' : stages;
  return [`compared with ${comparison.runs} good runs: ${told}`, ...where];
}

const RENDERERS: Readonly<
  Record<ReportKind, (report: RunReport, tell: (text: string) => string) => string>
> = {
  json: asJson,
  metrics: asOpenMetrics,
  variables: asDotenv,
  junit: asJunit,
  page: asPage,
  'code-quality': asCodeQuality,
};

async function trying(
  needs: RunReporterNeeds,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    say(needs, `error: ${what}: ${toldCause(error)}`);
  }
}

function say({ write, masker }: RunReporterNeeds, text: string): void {
  write(`cofferdam: ${masker.tell(text).replaceAll('\n', ' ')}\n`);
}

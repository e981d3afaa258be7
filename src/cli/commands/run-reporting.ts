import { Option, type Command } from 'commander';
import { buildSystemNames } from '../../guard/reporting/index.ts';
import type { BuildSystemName } from '../../guard/reporting/index.ts';
import { parseCredential } from '../../guard/surroundings/index.ts';
import type { RunReporting } from '../needs.ts';
import { usageError } from '../usage-error.ts';

/** The options that decide what is told of a run, and what surrounds its command. */
export function addReportingOptions(command: Command): void {
  command
    .option('--summary-file <file>', 'write the summary there as JSON')
    .option('--metrics-file <file>', 'write durations and counts there as OpenMetrics')
    .option('--dotenv-file <file>', 'write them there as NAME=value')
    .option('--junit-file <file>', 'write each phase there as a case of JUnit')
    .option('--report-dir <dir>', 'write all of these there, with a page and a code quality report')
    .option('--log-file <file>', 'copy what the command writes there, without secrets')
    .option('--log-size <size>', 'how large that file may grow (16MiB)')
    .option(
      '--heartbeat <duration>',
      'say that a silent command still runs, or off (60s, no terminal)',
    )
    .addOption(
      new Option('--build-system <name>', 'whose log commands and pages to use')
        .choices(['auto', ...buildSystemNames])
        .default('auto'),
    )
    .option('--history <file>', 'good runs to compare with, or off (in the store, where CI builds)')
    .option('--job <name>', 'which job this is, for the comparison')
    .option('--stage <name>', 'which stage of it')
    .option('--require-env <name>', 'refuse to start without this variable (repeatable)', collect)
    .option(
      '--credential <host=variable>',
      'let go and git use the token in this variable for a host; user:variable names a user (repeatable)',
      collect,
    )
    .option('--verify-offline', 'run the command with the network shut, after the download');
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** Enough for the log of a large build, and little beside it. */
const LOG_BYTES = 16 * 2 ** 20;
/** Less has room for neither a beginning nor an end. */
const LEAST_LOG_BYTES = 4096;
/** More would be held in memory by a flood of output. */
const MOST_LOG_BYTES = 2 ** 30;
/** A line each second is a flood of its own. */
const LEAST_HEARTBEAT_MILLISECONDS = 1000;

export interface ReportingParsers {
  readonly parseDuration: (text: string, flag: string) => number;
  readonly parseSize: (text: string, flag: string) => number;
}

export function readReportingOptions(
  options: Readonly<Record<string, unknown>>,
  parsers: ReportingParsers,
): RunReporting {
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  const all = (name: string): readonly string[] => {
    const value = options[name];
    return Array.isArray(value) ? value.map(String) : [];
  };
  return {
    summaryFile: text('summaryFile'),
    metricsFile: text('metricsFile'),
    dotenvFile: text('dotenvFile'),
    junitFile: text('junitFile'),
    reportDirectory: text('reportDir'),
    logFile: text('logFile'),
    logBytes: readLogBytes(text('logSize'), parsers),
    heartbeatMilliseconds: readHeartbeat(text('heartbeat'), parsers),
    buildSystem: buildSystemOf(text('buildSystem')),
    history: text('history'),
    job: text('job'),
    stage: text('stage'),
    requiredVariables: all('requireEnv').map(variableName),
    credentials: all('credential').map(parseCredential),
    verifyOffline: options['verifyOffline'] === true,
  };
}

function readLogBytes(text: string | undefined, { parseSize }: ReportingParsers): number {
  if (text === undefined) return LOG_BYTES;
  const bytes = parseSize(text, '--log-size');
  if (bytes >= LEAST_LOG_BYTES && bytes <= MOST_LOG_BYTES) return bytes;
  throw usageError('--log-size is from 4KiB to 1GiB', 'cofferdam run --log-size 64MiB -- make');
}

function readHeartbeat(
  text: string | undefined,
  { parseDuration }: ReportingParsers,
): RunReporting['heartbeatMilliseconds'] {
  if (text === undefined || text === 'off') return text;
  const milliseconds = parseDuration(text, '--heartbeat');
  if (milliseconds >= LEAST_HEARTBEAT_MILLISECONDS) return milliseconds;
  throw usageError('--heartbeat is at least 1s, or off', 'cofferdam run --heartbeat 30s -- make');
}

/** Commander has refused what is none of them. */
function buildSystemOf(text: string | undefined): BuildSystemName | 'auto' {
  return buildSystemNames.find((name) => name === text) ?? 'auto';
}

function variableName(text: string): string {
  if (/^[A-Za-z_]\w{0,200}$/.test(text)) return text;
  // It may be NAME=value with a secret: it is not repeated.
  throw usageError(
    '--require-env takes the name of a variable',
    'cofferdam run --require-env GOPRIVATE -- make',
  );
}

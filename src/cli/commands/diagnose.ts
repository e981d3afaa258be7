import { Option, type Command } from 'commander';
import {
  diagnosisFormats,
  explainFailure,
  renderDiagnosis,
  type DiagnosisFormat,
} from '../../failures/index.ts';
import type { DiagnosedLog } from '../../failures/index.ts';
import { addExamples } from '../common-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { plainText } from '../format-text.ts';
import type { CommandLineNeeds, Described, DiagnoseRequest } from '../needs.ts';
import { usageError } from '../usage-error.ts';

type Options = Readonly<Record<string, unknown>>;

type Needs = Pick<CommandLineNeeds<Described>, 'diagnose' | 'terminal'>;

export function addDiagnose(parent: Command, needs: Needs, finish: (code: number) => void): void {
  const command = parent
    .command('diagnose')
    .description(
      'read the log of a failed build: the cause, its proof, who mends it and what to type',
    )
    .argument('[file...]', 'logs of any size; - is stdin', ['-'])
    .addOption(
      new Option('--format <format>', 'how to print').choices(diagnosisFormats).default('text'),
    )
    .option('--go-version <version>', 'the Go that wrote the log, where the log does not say it')
    .option(
      '--trace <id>',
      'what a server recorded of the requests of this trace, in place of a log',
    )
    .option('--server <url>', 'the server that recorded it')
    .option('--explain <id>', 'what is known of one cause, in place of a log')
    .option('-q, --quiet', 'nothing on stderr but errors');
  addExamples(command, [
    ['cofferdam diagnose build.log', 'exit code 1 for a cause, 3 when nothing failed'],
    ['go build ./... 2>&1 | cofferdam diagnose -', 'what a command just said'],
    ['cofferdam diagnose --trace ID --server http://127.0.0.1:8080', 'the trace that go printed'],
    [
      'cofferdam diagnose --explain dns-timeout',
      'what a cause means, and what proves and mends it',
    ],
    ['cofferdam diagnose --format github build.log', 'as annotations'],
    ['cofferdam diagnose --format sarif build.log > diagnosis.sarif', 'for programs'],
  ]);
  command.action(async (files: readonly string[], options: Options) => {
    const id = options['explain'];
    finish(typeof id === 'string' ? explain(needs, id) : await diagnoseAll(needs, files, options));
  });
}

function explain({ terminal }: Needs, id: string): number {
  const text = explainFailure(id);
  if (text === undefined) {
    throw usageError(
      `"${id}" is not the name of a cause`,
      'it stands in brackets behind the title of a diagnosis, such as dns-timeout',
    );
  }
  terminal.out.write(text);
  return exitCodes.fine;
}

async function diagnoseAll(
  { diagnose, terminal }: Needs,
  files: readonly string[],
  options: Options,
): Promise<number> {
  const logs: DiagnosedLog[] = [];
  for (const request of readRequests(files, options)) logs.push(await diagnose(request));
  terminal.out.write(renderDiagnosis(logs, options['format'] as DiagnosisFormat));
  if (options['quiet'] !== true) {
    for (const log of logs) terminal.err.write(`${summary(log)}\n`);
  }
  const isFailed = logs.some(({ outcome }) => outcome !== 'no-failure');
  return isFailed ? exitCodes.failure : exitCodes.nothing;
}

function summary(log: DiagnosedLog): string {
  const { source, outcome, findings, lines, failedAtLine, clippedAtLine } = log;
  const cut =
    clippedAtLine === undefined ? '' : `, cut by the build system at line ${clippedAtLine}`;
  const place = `${plainText(source)}: ${lines} line${lines === 1 ? '' : 's'}${cut}`;
  if (outcome === 'no-failure') return `${place}, no failure in it`;
  if (outcome === 'unknown-failure') {
    return `${place}, a failure at line ${failedAtLine ?? '?'} whose cause is not known`;
  }
  const [root] = findings;
  const percent = Math.round((root?.confidence ?? 0) * 100);
  const line = root?.evidence[0]?.line;
  return `${place}, cause ${line === undefined ? 'known' : `at line ${line}`}, confidence ${percent}%`;
}

function readRequests(files: readonly string[], options: Options): readonly DiagnoseRequest[] {
  const trace = options['trace'];
  const server = options['server'];
  if (trace === undefined && server === undefined) {
    const goVersion = readGoVersion(options['goVersion']);
    return files.map((file) => ({ file, goVersion }));
  }
  if (typeof trace !== 'string' || typeof server !== 'string') {
    throw usageError(
      '--trace and --server belong together',
      'name the server that answered the build, such as --server http://127.0.0.1:8080',
    );
  }
  if (!/^[0-9a-f]{32}$/.test(trace)) {
    throw usageError(
      `"${trace}" is not a trace`,
      'it is 32 hexadecimal digits: the last line of an error of the server has it',
    );
  }
  if (files.some((file) => file !== '-')) {
    throw usageError('a log has no meaning beside --trace', 'leave one of them out');
  }
  return [{ trace, server }];
}

function readGoVersion(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const version = /^(?:go)?(1\.\d{1,3}(?:\.\d{1,3}|(?:rc|beta)\d{1,2})?)$/.exec(value)?.[1];
  if (version !== undefined) return version;
  throw usageError(`"${value}" is not a Go version`, 'write it as "go version" does: 1.26.8');
}

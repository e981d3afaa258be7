import { Option, type Command } from 'commander';
import { diagnosisFormats, renderDiagnosis, type DiagnosisFormat } from '../../failures/index.ts';
import type { DiagnosedLog } from '../../failures/index.ts';
import { addExamples } from '../common-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { plainText } from '../format-text.ts';
import type { CommandLineNeeds, Described } from '../needs.ts';
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
    .option('-q, --quiet', 'nothing on stderr but errors');
  addExamples(command, [
    ['cofferdam diagnose build.log', 'exit code 1 for a cause, 3 when nothing failed'],
    ['go build ./... 2>&1 | cofferdam diagnose -', 'what a command just said'],
    ['cofferdam diagnose --format github build.log', 'as annotations'],
    ['cofferdam diagnose --format sarif build.log > diagnosis.sarif', 'for programs'],
  ]);
  command.action(async (files: readonly string[], options: Options) => {
    finish(await diagnoseAll(needs, files, options));
  });
}

async function diagnoseAll(
  { diagnose, terminal }: Needs,
  files: readonly string[],
  options: Options,
): Promise<number> {
  const goVersion = readGoVersion(options['goVersion']);
  const logs: DiagnosedLog[] = [];
  for (const file of files) logs.push(await diagnose({ file, goVersion }));
  terminal.out.write(renderDiagnosis(logs, options['format'] as DiagnosisFormat));
  if (options['quiet'] !== true) {
    for (const log of logs) terminal.err.write(`${summary(log)}\n`);
  }
  const isFailed = logs.some(({ outcome }) => outcome !== 'no-failure');
  return isFailed ? exitCodes.failure : exitCodes.nothing;
}

function summary({ source, outcome, findings, lines, failedAtLine }: DiagnosedLog): string {
  const place = `${plainText(source)}: ${lines} line${lines === 1 ? '' : 's'}`;
  if (outcome === 'no-failure') return `${place}, no failure in it`;
  if (outcome === 'unknown-failure') {
    return `${place}, a failure at line ${failedAtLine ?? '?'} whose cause is not known`;
  }
  const [root] = findings;
  const percent = Math.round((root?.confidence ?? 0) * 100);
  return `${place}, cause at line ${root?.evidence[0]?.line ?? '?'}, confidence ${percent}%`;
}

function readGoVersion(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const version = /^(?:go)?(1\.\d{1,3}(?:\.\d{1,3}|(?:rc|beta)\d{1,2})?)$/.exec(value)?.[1];
  if (version !== undefined) return version;
  throw usageError(`"${value}" is not a Go version`, 'write it as "go version" does: 1.26.8');
}

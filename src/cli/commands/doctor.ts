import { Option, type Command } from 'commander';
import {
  codes,
  compareReports,
  comparisonAsJson,
  comparisonAsText,
  probes,
  readReport,
  reportAsJson,
  reportAsText,
} from '../../doctor/index.ts';
import type { DoctorReport } from '../../doctor/index.ts';
import { catalogue } from '../../failures/index.ts';
import { addExamples, addFormat } from '../common-options.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CommandLineNeeds, Described } from '../needs.ts';
import { createProbeProgress } from '../probe-progress.ts';
import { readResolverAddress } from '../resolver-address.ts';
import { usageError } from '../usage-error.ts';

type Options = Readonly<Record<string, unknown>>;

export function addDoctor<C extends Described>(
  parent: Command,
  needs: CommandLineNeeds<C>,
  finish: (code: number) => void,
): void {
  const command = parent
    .command('doctor')
    .description('probe this machine, its network, its Go settings and its module proxies')
    .option('--deep', 'look longer: link quality, filtered ports, several tries')
    .option('--confirm <id>', 'only the probes that confirm this finding')
    .addOption(
      new Option('--only <probe...>', 'only these probes').choices(probes.map(({ name }) => name)),
    )
    .option('--compare <report...>', 'two reports in JSON: what is different')
    .option('--proxy <list>', 'probe these module proxies instead of those in GOPROXY')
    .option('--resolver <address...>', 'ask these DNS servers instead of those in resolv.conf')
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .option('--patience <factor>', 'multiply each time limit, for slow links')
    .option('-v, --verbose', 'also notes, all times, and what follows from other findings')
    .option('-q, --quiet', 'no progress');
  addFormat(command);
  addExamples(command, [
    ['cofferdam doctor', 'two seconds when all is well; exit code 1 for a finding'],
    ['cofferdam doctor --deep', 'when a build fails now and then'],
    ['cofferdam doctor --confirm dns-timeout', 'is it really that'],
    ['cofferdam doctor --proxy https://proxy.corp.example', 'one proxy, before it is used'],
    ['cofferdam doctor --json > host.json', 'to compare with the same from a container'],
    ['cofferdam doctor --compare host.json container.json', 'what is different there'],
  ]);
  command.action(async (options: Options) => {
    const compared = listOf(options['compare']);
    const isJson = options['format'] === 'json';
    finish(
      await (compared === undefined ? examine(needs, options) : compare(needs, compared, isJson)),
    );
  });
}

async function examine<C extends Described>(
  { doctor, terminal }: CommandLineNeeds<C>,
  options: Options,
): Promise<number> {
  const asJson = options['format'] === 'json';
  const verbose = options['verbose'] === true;
  const progress = createProbeProgress(terminal, options['quiet'] === true);
  let report: DoctorReport;
  try {
    report = await doctor({
      deep: options['deep'] === true,
      confirm: readFinding(options['confirm']),
      only: listOf(options['only']),
      proxies: textOf(options['proxy']),
      resolvers: listOf(options['resolver'])?.map(readResolverAddress),
      patience: readPatience(options['patience']),
      onProbe: progress.show,
    });
  } finally {
    progress.end();
  }
  const proof = catalogue.find(({ id }) => id === report.asked)?.probe;
  terminal.out.write(
    asJson ? reportAsJson(report, proof) : reportAsText(report, { verbose, proof }),
  );
  if (report.probes.length === 0) return exitCodes.nothing;
  const isWrong = report.findings.some(({ severity }) => severity !== 'info');
  return isWrong ? exitCodes.failure : exitCodes.fine;
}

function readFinding(value: unknown): string | undefined {
  const id = textOf(value);
  if (id === undefined || codes.has(id) || catalogue.some((failure) => failure.id === id))
    return id;
  throw usageError(
    `"${id}" is no finding`,
    'cofferdam diagnose and cofferdam doctor print the ids in brackets',
  );
}

/** Beyond these a limit is none. */
function readPatience(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const factor = Number(value);
  if (value !== '' && factor >= 0.1 && factor <= 100) return factor;
  throw usageError(`"${value}" is no factor`, 'write a number from 0.1 to 100, such as 3');
}

async function compare<C extends Described>(
  { readReportFile, terminal }: CommandLineNeeds<C>,
  files: readonly string[],
  isJson: boolean,
): Promise<number> {
  const [first, second, ...more] = files;
  if (first === undefined || second === undefined || more.length > 0) {
    throw usageError(
      '--compare wants two reports',
      'cofferdam doctor --compare host.json container.json',
    );
  }
  const [one, other] = await Promise.all([readReportFile(first), readReportFile(second)]);
  const comparison = compareReports(
    [first, readReport(first, one)],
    [second, readReport(second, other)],
  );
  terminal.out.write(isJson ? comparisonAsJson(comparison) : comparisonAsText(comparison));
  return comparison.findingsDiffer ? exitCodes.failure : exitCodes.fine;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function listOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

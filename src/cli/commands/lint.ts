import { Option, type Command } from 'commander';
import {
  findingsAsGithub,
  findingsAsGitlab,
  findingsAsJson,
  findingsAsJunit,
  findingsAsSarif,
  findingsAsText,
  type Finding,
} from '../../finding/index.ts';
import type { FixedManifests, ManifestReport } from '../../manifest/index.ts';
import { addExamples } from '../common-options.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CommandLineNeeds, Described } from '../needs.ts';

type Options = Readonly<Record<string, unknown>>;
type Needs = Pick<CommandLineNeeds<Described>, 'lint' | 'terminal'>;

const formats = ['text', 'json', 'sarif', 'junit', 'github', 'gitlab'] as const;

export function addLint(parent: Command, needs: Needs, finish: (code: number) => void): void {
  const command = parent
    .command('lint')
    .description('check go.mod, go.work and go.sum, and show the lines that would mend them')
    .argument('[path...]', 'files, or directories that have them', ['.'])
    .addOption(new Option('--format <format>', 'how to print').choices(formats).default('text'))
    .option('--json', 'the same as --format json')
    .option('--fix', 'write what is shown')
    .option('--dry-run', 'with --fix: only show it')
    .option('--last-resort', 'also take out lines that nobody can read; versions stay')
    .option('--tidy', 'also ask go mod tidy -diff, which may download modules')
    .option('-q, --quiet', 'nothing on stderr but errors');
  addExamples(command, [
    ['cofferdam lint', 'go.work or go.mod of this directory; exit code 1 for errors and warnings'],
    ['cofferdam lint go.mod --fix --dry-run', 'what would be written'],
    ['cofferdam lint go.mod --fix', 'write it'],
    ['cofferdam lint --tidy', 'as a gate: go.mod and go.sum fit the code'],
    ['cofferdam lint --format sarif > lint.sarif', 'for programs; also github, gitlab and junit'],
  ]);
  command.action(async (paths: readonly string[], options: Options) => {
    finish(await lintAll(needs, paths, options));
  });
}

async function lintAll(
  { lint, terminal }: Needs,
  paths: readonly string[],
  options: Options,
): Promise<number> {
  const { written, reports } = await lint({
    paths,
    fix: options['fix'] === true && options['dryRun'] !== true,
    lastResort: options['lastResort'] === true,
    tidy: options['tidy'] === true,
  });
  const format = options['json'] === true ? 'json' : String(options['format']);
  terminal.out.write(render(format, { written, reports }));
  if (options['quiet'] !== true) terminal.err.write(`${summary(paths, { written, reports })}\n`);
  if (reports.length === 0) return exitCodes.nothing;
  return isFine(reports) ? exitCodes.fine : exitCodes.failure;
}

function isFine(reports: readonly ManifestReport[]): boolean {
  return reports.every(({ findings }) => findings.every(({ severity }) => severity === 'info'));
}

function render(format: string, { written, reports }: FixedManifests): string {
  const findings = reports.flatMap((report) => report.findings);
  if (format === 'json') return asJson(findings, { written, reports });
  if (format === 'sarif') return findingsAsSarif('cofferdam lint', findings);
  if (format === 'junit') return findingsAsJunit('cofferdam lint', findings);
  if (format === 'github') return findingsAsGithub(findings);
  if (format === 'gitlab') return findingsAsGitlab(findings);
  return asText(findings, { written, reports });
}

function asJson(findings: readonly Finding[], { written, reports }: FixedManifests): string {
  return findingsAsJson(findings, {
    files: reports.map(({ file, diff }) => ({ file, diff })),
    fixed: written.map(({ file, diff }) => ({ file, diff })),
  });
}

function asText(findings: readonly Finding[], { written, reports }: FixedManifests): string {
  const done = written.map(({ diff }) => diff);
  const open = reports.map(({ diff }) => diff);
  return [
    done.join('') === '' ? '' : `fixed:\n${done.join('')}`,
    findingsAsText(findings),
    open.join('') === ''
      ? ''
      : `would be fixed by --fix, or by the command that is named:\n${open.join('')}`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function summary(paths: readonly string[], { written, reports }: FixedManifests): string {
  if (reports.length === 0) {
    return `nothing to check: there is neither a go.mod nor a go.work in ${paths.join(' ')}`;
  }
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = reports
      .flatMap(({ findings }) => findings)
      .filter((finding) => finding.severity === severity).length;
    return count === 0
      ? []
      : [`${count} ${severity}${count === 1 || severity === 'info' ? '' : 's'}`];
  });
  const files = `${reports.length} file${reports.length === 1 ? '' : 's'}`;
  const fixed =
    written.length === 0 ? '' : `, ${new Set(written.map(({ path }) => path)).size} written`;
  return `${files}${fixed}: ${counts.length === 0 ? 'nothing is wrong' : counts.join(', ')}`;
}

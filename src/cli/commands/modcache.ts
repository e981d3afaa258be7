import type { Command } from 'commander';
import {
  healAsJson,
  healAsText,
  readModuleFilter,
  verifyAsJson,
  verifyAsText,
} from '../../modcache/index.ts';
import type { HealReport, ModuleFilter, VerifyReport } from '../../modcache/index.ts';
import { addExamples, addFormat } from '../common-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatBytes } from '../format-text.ts';
import type { CommandLineNeeds, Described, ModuleCacheTarget } from '../needs.ts';
import { createProgress } from '../progress.ts';
import type { Progress } from '../progress.ts';
import { usageError } from '../usage-error.ts';

type Options = Readonly<Record<string, unknown>>;
type Finish = (code: number) => void;

export function addModcache<C extends Described>(
  parent: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const modcache = parent
    .command('modcache')
    .description("check the go command's module cache on this machine, and mend it");
  addExamples(modcache, [
    ['cofferdam modcache verify', 'what is broken; exit code 1 when something is'],
    ['cofferdam modcache heal', 'remove what is broken, and nothing else'],
  ]);
  addVerify(modcache, needs, finish);
  addHeal(modcache, needs, finish);
}

function addVerify<C extends Described>(
  modcache: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const command = modcache
    .command('verify')
    .description('read everything in the module cache, and say what is broken');
  addExamples(command, [
    ['cofferdam modcache verify', 'of the go on PATH; go.sum beside the command is believed'],
    ['cofferdam modcache verify rsc.io/quote@v1.5.2', 'one version'],
    ['cofferdam modcache verify --modcache /go/pkg/mod --format json', 'another one, for programs'],
  ]);
  addTarget(command).action(async (modules: readonly string[], options: Options) => {
    const report = await withCache(needs, modules, options, (cache, work) => cache.verify(work));
    const isJson = options['format'] === 'json';
    needs.terminal.out.write(isJson ? verifyAsJson(report) : verifyAsText(report));
    say(needs, options, summaryOf(report));
    finish(verifyCode(report));
  });
}

function addHeal<C extends Described>(
  modcache: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const command = modcache
    .command('heal')
    .description('remove what is broken in the module cache, so that go fetches it again')
    .option('--dry-run', 'only say what would be removed');
  addExamples(command, [
    ['cofferdam modcache heal && go mod download', 'mend, then fetch again'],
    ['cofferdam modcache heal --dry-run', 'what would be removed, and why'],
  ]);
  addTarget(command).action(async (modules: readonly string[], options: Options) => {
    const isDryRun = options['dryRun'] === true;
    const report = await withCache(needs, modules, options, (cache, work) =>
      cache.heal({ ...work, isDryRun }),
    );
    const isJson = options['format'] === 'json';
    needs.terminal.out.write(isJson ? healAsJson(report) : healAsText(report));
    say(needs, options, healSummary(report));
    finish(healCode(report));
  });
}

function addTarget(command: Command): Command {
  command
    .argument('[module...]', 'only these: MODULE or MODULE@VERSION')
    .option('--modcache <dir>', 'this module cache instead of the one that go uses')
    .option('-q, --quiet', 'nothing on stderr but errors');
  return addFormat(command);
}

type WithCache<C extends Described> = CommandLineNeeds<C>['withModuleCache'];
type Cache = Parameters<Parameters<WithCache<Described>>[1]>[0];
type Work = Parameters<Cache['verify']>[0];

async function withCache<C extends Described, T>(
  { withModuleCache, terminal }: CommandLineNeeds<C>,
  modules: readonly string[],
  options: Options,
  use: (cache: Cache, work: Work) => Promise<T>,
): Promise<T> {
  const only = modules.map(readModule);
  const directory = options['modcache'];
  const target: ModuleCacheTarget = {
    directory: typeof directory === 'string' ? directory : undefined,
    only,
  };
  const progress = createProgress(terminal, options['quiet'] === true || !terminal.err.isTerminal);
  const work = { onProgress: seldom(progress), signal: new AbortController().signal };
  try {
    return await withModuleCache(target, (cache) => use(cache, work));
  } finally {
    progress.end();
  }
}

/** A terminal that is drawn on for each of thousands of versions is what takes the time. */
const SHOWN_EVERY = 25;

function seldom(progress: Progress): Work['onProgress'] {
  return ({ versions, bytes }) => {
    if (versions % SHOWN_EVERY === 1) progress.show(versions, bytes);
  };
}

function readModule(text: string): ModuleFilter {
  const filter = readModuleFilter(text);
  if (filter !== undefined) return filter;
  throw usageError(
    `"${text}" is neither a module path nor MODULE@VERSION`,
    'write it as in go.mod: rsc.io/quote or rsc.io/quote@v1.5.2',
  );
}

function say<C extends Described>(
  { terminal }: CommandLineNeeds<C>,
  options: Options,
  summary: string,
): void {
  if (options['quiet'] !== true) terminal.err.write(`${summary}\n`);
}

function summaryOf({ directory, versions, bytes, damages, unlisted }: VerifyReport): string {
  const read = `${plural(versions, 'version')} in ${directory}, ${formatBytes(bytes)} read`;
  const found = damages.length + unlisted;
  return found === 0 ? `${read}: nothing is broken` : `${read}: ${plural(found, 'finding')}`;
}

function healSummary(report: HealReport): string {
  const { actions, isDryRun, damages } = report;
  if (damages.length === 0) return summaryOf(report);
  const left = actions.filter(({ kind }) => kind === 'left').length;
  const what = plural(actions.length - left, 'path');
  const rest = left === 0 ? '' : `, ${left} left`;
  if (isDryRun) return `${summaryOf(report)}, ${what} would go`;
  const next = actions.length > left ? '; go mod download brings back what is needed' : '';
  return `${summaryOf(report)}, ${what} mended${rest}${next}`;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function verifyCode({ versions, damages }: VerifyReport): number {
  if (damages.length > 0) return exitCodes.failure;
  return versions === 0 ? exitCodes.nothing : exitCodes.fine;
}

/** What was only looked at, or could not be mended, is still broken. */
function healCode(report: HealReport): number {
  const { damages, actions, busy, isDryRun } = report;
  if (damages.length === 0 && busy.length === 0) return verifyCode(report);
  const isLeft = actions.some(({ kind }) => kind === 'left');
  const isStuck = damages.some(
    ({ remove, makeReadable = [], goMends }) =>
      remove.length === 0 && makeReadable.length === 0 && !goMends,
  );
  return isDryRun || isLeft || isStuck || busy.length > 0 ? exitCodes.failure : exitCodes.fine;
}

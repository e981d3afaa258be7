import type { Command } from 'commander';
import { findingsAsJson } from '../../finding/index.ts';
import type { StoreCare, StoreReports } from '../../proxy/index.ts';
import { addExamples, addFormat, addSettings, writtenSettings } from '../common-options.ts';
import type { CommandLineNeeds, Described } from '../needs.ts';
import { createProgress } from '../progress.ts';
import { readPurge } from '../store-arguments.ts';
import {
  describeGarbage,
  describePurge,
  describeRefresh,
  describeStats,
  describeVerify,
} from '../store-text.ts';
import type { Words } from '../store-text.ts';
import { usageError } from '../usage-error.ts';

type Options = Readonly<Record<string, unknown>>;
type Finish = (code: number) => void;

/** What one command does with an open store, and what to say of it. */
type Work = (care: StoreCare, asked: Asked) => Promise<Words>;

interface Asked {
  readonly dryRun: boolean;
  readonly progress: (done: { readonly versions: number; readonly bytes: number }) => void;
  readonly signal: AbortSignal;
}

export function addStore<C extends Described>(
  parent: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const store = parent
    .command('store')
    .description('look at, check, shrink or change the store of a server');
  addExamples(store, [
    ['cofferdam store stats', 'what is in it'],
    ['cofferdam store verify', 'read and check every byte, mend what is damaged'],
    ['cofferdam store gc --max-store-size 5GiB --dry-run', 'what would leave'],
    ['cofferdam store stats --server http://127.0.0.1:8080', 'ask the server that runs'],
  ]);
  addStats(store, needs, finish);
  addVerify(store, needs, finish);
  addGc(store, needs, finish);
  addPurge(store, needs, finish);
  addRefresh(store, needs, finish);
}

function addStats<C extends Described>(
  store: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const command = store.command('stats').description('what the store holds');
  addExamples(command, [
    ['cofferdam store stats', 'of the store in your cache directory'],
    ['cofferdam store stats --store /srv/go --format json', 'for programs'],
  ]);
  addTarget(command, needs, 'stats').action(async (options: Options) => {
    const work: Work = async (care) => describeStats(await care.stats());
    finish(await perform(needs, command, options, { changes: false }, work));
  });
}

function addVerify<C extends Described>(
  store: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const command = store
    .command('verify')
    .description('read and check every stored byte; fetch again what is damaged, or quarantine it');
  addExamples(command, [
    ['cofferdam store verify', 'exit code 1 when anything was damaged'],
    ['cofferdam store verify --dry-run', 'only look'],
    ['cofferdam store verify --offline', 'take out what is damaged, ask nobody'],
  ]);
  addDryRun(addTarget(command, needs, 'verify')).action(async (options: Options) => {
    const work: Work = async (care, asked) => describeVerify(await care.verify(asked));
    finish(await perform(needs, command, options, { changes: !isDry(options) }, work));
  });
}

function addGc<C extends Described>(
  store: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const command = store
    .command('gc')
    .description('remove what was used longest ago, down to the size and age that are set');
  addExamples(command, [
    ['cofferdam store gc --dry-run', 'what would leave'],
    ['cofferdam store gc --max-store-size 5GiB', 'down to nine tenths of that'],
    ["cofferdam store gc --max-age 90d --pin 'corp.example.com/*'", 'what nobody asked for'],
  ]);
  addDryRun(addTarget(command, needs, 'gc')).action(async (options: Options) => {
    const work: Work = async (care, asked) => describeGarbage(await care.collectGarbage(asked));
    finish(await perform(needs, command, options, { changes: !isDry(options) }, work));
  });
}

function addPurge<C extends Described>(
  store: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const command = store
    .command('purge')
    .description('take a module version out of the store on purpose, and write down why')
    .argument('<module[@version]>', 'as in go.mod; without a version, every one of them')
    .requiredOption('--reason <text>', 'why; it stands in the journal and in refusals')
    .option('--block', 'refuse it from now on; otherwise the next who asks fetches it anew')
    .option('--lift', 'refuse it no more');
  addExamples(command, [
    ["cofferdam store purge m.example.com/x@v1.2.3 --reason 'bad bytes'", 'fetched anew'],
    ["cofferdam store purge m.example.com/x --block --reason 'malware'", 'no version any more'],
    ["cofferdam store purge m.example.com/x --lift --reason 'was clean'", 'allowed again'],
  ]);
  addDryRun(addTarget(command, needs, 'purge')).action(async (module: string, options: Options) => {
    const wish = readPurge(module, options);
    const work: Work = async (care, { dryRun }) => {
      const report = await care.purge({ ...wish, dryRun });
      return describePurge(report, module);
    };
    finish(await perform(needs, command, options, { changes: !isDry(options) }, work));
  });
}

function addRefresh<C extends Described>(
  store: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const command = store
    .command('refresh')
    .description('ask upstreams anew for the versions of a module, as after a push')
    .argument('<module...>', 'as in go.mod, without a version');
  addExamples(command, [
    ['cofferdam store refresh m.example.com/x', 'a tag was pushed'],
    ['cofferdam store refresh m.example.com/x --server http://127.0.0.1:8080', 'on that server'],
  ]);
  addTarget(command, needs, 'refresh').action(async (modules: string[], options: Options) => {
    const work: Work = async (care) => {
      const reports: (readonly [string, StoreReports['refresh']])[] = [];
      for (const module of modules) reports.push([module, await care.refresh(module)]);
      return describeRefresh(reports);
    };
    finish(await perform(needs, command, options, { changes: true }, work));
  });
}

function addTarget<C extends Described>(
  command: Command,
  needs: CommandLineNeeds<C>,
  name: string,
): Command {
  command
    .allowExcessArguments(false)
    .option('--server <url>', 'ask the server that runs there instead of opening its store');
  addSettings(command, needs.settingFlags, 'store', `store ${name}`);
  return addFormat(command).option('-q, --quiet', 'nothing on stderr but errors');
}

function addDryRun(command: Command): Command {
  return command.option('--dry-run', 'say what would happen, and change nothing');
}

function isDry(options: Options): boolean {
  return options['dryRun'] === true;
}

async function perform<C extends Described>(
  needs: CommandLineNeeds<C>,
  command: Command,
  options: Options,
  { changes }: { readonly changes: boolean },
  work: Work,
): Promise<number> {
  const { terminal, settingFlags } = needs;
  const isQuiet = options['quiet'] === true;
  const written = writtenSettings(options, settingFlags);
  const server = options['server'];
  if (typeof server === 'string') refuseBoth(written.flags, written.file);
  const target =
    typeof server === 'string'
      ? ({ kind: 'server', url: server } as const)
      : ({
          kind: 'directory',
          configuration: await needs.loadConfiguration(written),
          changes,
          command: command.name(),
        } as const);
  const progress = createProgress(terminal, isQuiet);
  const words = await needs
    .withStore(target, async (care) =>
      work(care, {
        dryRun: isDry(options),
        progress: ({ versions, bytes }) => progress.show(versions, bytes),
        signal: new AbortController().signal,
      }),
    )
    .finally(() => progress.end());
  const isJson = options['format'] === 'json';
  terminal.out.write(isJson ? asJson(words) : words.text);
  if (!isQuiet) terminal.err.write(`${words.summary}\n`);
  return words.exitCode;
}

function asJson({ json, findings }: Words): string {
  return findings === undefined
    ? `${JSON.stringify({ version: 1, ...json })}\n`
    : findingsAsJson(findings, json);
}

/** The server has its own settings; a flag that changes nothing would be a lie. */
function refuseBoth(flags: Readonly<Record<string, unknown>>, file: string | undefined): void {
  const [flag] = [...Object.keys(flags), ...(file === undefined ? [] : ['config'])];
  if (flag === undefined) return;
  throw usageError(
    `--${flag} has no meaning beside --server: that server has its own settings`,
    `leave --${flag} out (a server reads its own settings again on HUP), or leave --server out and work on the directory while no server runs on it`,
  );
}

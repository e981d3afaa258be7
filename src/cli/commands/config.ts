import type { Command } from 'commander';
import { isProgramError } from '../../platform/index.ts';
import { addExamples, addFormat, addSettings, writtenSettings } from '../common-options.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CommandLineNeeds, Described, DescribedValue } from '../needs.ts';

type Options = Readonly<Record<string, unknown>>;

export function addConfig<C extends Described>(
  parent: Command,
  needs: CommandLineNeeds<C>,
  finish: (code: number) => void,
): void {
  const config = parent.command('config').description('show or check the settings of serve');
  addExamples(config, [
    ['cofferdam config print', 'each effective value and where it comes from'],
    ['cofferdam config check --config site.yaml', 'read everything, start nothing'],
  ]);
  const print = config
    .command('print')
    .description('each effective value and where it comes from, secrets hidden')
    .allowExcessArguments(false);
  addFormat(addSettings(print, needs.settingFlags, 'serve'));
  print.action(async (options: Options) => {
    const configuration = await needs.loadConfiguration(
      writtenSettings(options, needs.settingFlags),
    );
    const described = needs.describeConfiguration(configuration);
    needs.terminal.out.write(options['format'] === 'json' ? asJson(described) : asText(described));
    finish(exitCodes.fine);
  });
  const check = config
    .command('check')
    .description('read every setting and say what is wrong; start nothing')
    .allowExcessArguments(false);
  addFormat(addSettings(check, needs.settingFlags, 'serve'));
  check.action(async (options: Options) => {
    const written = writtenSettings(options, needs.settingFlags);
    const load = async (): Promise<Pick<Described, 'files' | 'notices'>> => {
      const configuration = await needs.loadConfiguration(written);
      const more = await needs.checkFiles(configuration);
      return { files: configuration.files, notices: [...configuration.notices, ...more] };
    };
    if (options['format'] === 'json') {
      finish(await checkForPrograms(needs, load));
      return;
    }
    const { files, notices } = await load();
    for (const notice of notices) needs.terminal.err.write(`note: ${notice}\n`);
    const read = files.length === 0 ? 'no file' : files.join(', ');
    needs.terminal.err.write(`the configuration is valid (read: ${read})\n`);
    finish(exitCodes.fine);
  });
}

async function checkForPrograms(
  { terminal }: Pick<CommandLineNeeds<Described>, 'terminal'>,
  load: () => Promise<Pick<Described, 'files' | 'notices'>>,
): Promise<number> {
  function say(answer: object): void {
    terminal.out.write(`${JSON.stringify({ version: 1, ...answer })}\n`);
  }
  try {
    const { files, notices } = await load();
    say({ valid: true, files, notices, problems: [] });
    return exitCodes.fine;
  } catch (error) {
    if (!isProgramError(error) || error.kind !== 'bad-input') throw error;
    const listed = error.details['problems'];
    const { code, message, hint } = error;
    const problems: readonly unknown[] = Array.isArray(listed) ? listed : [{ code, message, hint }];
    say({ valid: false, problems });
    return exitCodes.usage;
  }
}

function asJson(described: readonly DescribedValue[]): string {
  return `${JSON.stringify({ version: 1, settings: described })}\n`;
}

/** Reads as YAML, with the origin behind each value. */
function asText(described: readonly DescribedValue[]): string {
  const lines = described.map(({ key, value }) => `${key}: ${value}`);
  const width = Math.min(60, Math.max(...lines.map((line) => line.length)));
  return described
    .map(({ origin }, index) => `${(lines[index] ?? '').padEnd(width)}  # ${origin}\n`)
    .join('');
}

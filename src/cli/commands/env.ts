import { Option, type Command } from 'commander';
import { checkModulePath } from '../../gomod/path/index.ts';
import {
  explainedNames,
  explainPath,
  explainSetting,
  explanationsAsJson,
  explanationsAsText,
  pathAsJson,
  pathAsText,
  shellLines,
  shells,
} from '../../go-environment/index.ts';
import type { Shell, Surroundings } from '../../go-environment/index.ts';
import { addExamples, addFormat } from '../common-options.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CommandLineNeeds, Described } from '../needs.ts';
import { usageError } from '../usage-error.ts';

type Options = Readonly<Record<string, unknown>>;
type Finish = (code: number) => void;

/** Where `cofferdam serve` listens when nothing else is said. */
const DEFAULT_SERVER = 'http://127.0.0.1:8080';

export function addEnv<C extends Described>(
  parent: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const env = parent
    .command('env')
    .description("explain Go's settings: where each comes from, what it means for a module")
    .addOption(
      new Option('--shell [shell]', 'print the line that makes Go use a server')
        .choices(shells)
        .preset('sh'),
    )
    .option('--server <url>', 'the server for --shell', DEFAULT_SERVER);
  addExamples(env, [
    ['cofferdam env explain', 'every setting that decides where modules come from'],
    ['cofferdam env explain GOPROXY', 'one of them'],
    ['cofferdam env explain-path corp.example.com/lib', 'who is asked for this module, and why'],
    ['eval "$(cofferdam env --shell)"', 'make this shell use the server on this machine'],
    [
      'cofferdam env --shell fish --server https://go.corp.example',
      'another shell, another server',
    ],
  ]);
  env.action((options: Options) => {
    finish(printShell(needs, env, options));
  });
  addExplain(env, needs, finish);
  addExplainPath(env, needs, finish);
}

function printShell<C extends Described>(
  { terminal }: CommandLineNeeds<C>,
  env: Command,
  options: Options,
): number {
  const shell = options['shell'];
  if (shell === undefined) {
    env.outputHelp();
    return exitCodes.fine;
  }
  terminal.out.write(shellLines(shell as Shell, readServer(String(options['server']))));
  return exitCodes.fine;
}

/** As it goes into GOPROXY. What is printed here may stand in a log for years. */
function readServer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || /[\s,|]/.test(text)) {
    throw usageError('the server is not an http or https URL', `for example ${DEFAULT_SERVER}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError(
      'a URL with a user name or password in it is not printed',
      'put the credentials into ~/.netrc, which go reads for https servers',
    );
  }
  return text.replace(/\/+$/, '');
}

function addExplain<C extends Described>(
  env: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const command = env
    .command('explain')
    .description('what is in force, where it comes from, and what it means')
    .argument('[variable]', 'one setting, such as GOPROXY');
  addExamples(command, [
    ['cofferdam env explain', 'all that decide where modules come from'],
    ['cofferdam env explain GOPROXY', 'what a comma and a pipe in it do'],
  ]);
  addFormat(command).action(async (variable: string | undefined, options: Options) => {
    if (variable !== undefined && !explainedNames.includes(variable)) {
      throw usageError(
        `"${variable}" is no setting that is explained here`,
        `these are: ${explainedNames.join(', ')}`,
      );
    }
    const around = await surroundings(needs);
    const names = variable === undefined ? explainedNames : [variable];
    const explained = names.flatMap((name) => explainSetting(around, name) ?? []);
    const isJson = options['format'] === 'json';
    needs.terminal.out.write(
      isJson ? explanationsAsJson(explained) : explanationsAsText(explained),
    );
    finish(exitCodes.fine);
  });
}

function addExplainPath<C extends Described>(
  env: Command,
  needs: CommandLineNeeds<C>,
  finish: Finish,
): void {
  const command = env
    .command('explain-path')
    .description('who is asked for a module, in which order, and whether it is looked up, and why')
    .argument('<module>', 'a module path, as in go.mod');
  addExamples(command, [
    ['cofferdam env explain-path rsc.io/quote', 'a public module'],
    ['cofferdam env explain-path corp.example.com/lib --format json', 'for programs'],
  ]);
  addFormat(command).action(async (module: string, options: Options) => {
    const [path = ''] = module.split('@');
    const problem = checkModulePath(path);
    if (problem !== undefined) {
      throw usageError(`that is no module path: ${problem}`, 'write it as in go.mod: rsc.io/quote');
    }
    const explained = explainPath(await surroundings(needs), path);
    const isJson = options['format'] === 'json';
    needs.terminal.out.write(isJson ? pathAsJson(explained) : pathAsText(explained));
    finish(exitCodes.fine);
  });
}

async function surroundings<C extends Described>(
  needs: CommandLineNeeds<C>,
): Promise<Surroundings> {
  const around = await needs.readGoEnvironment();
  const { problem } = around.settings;
  if (problem !== undefined) {
    needs.terminal.err.write(
      `warning: ${problem}, so this is what the environment says and go would assume\n`,
    );
  }
  return around;
}

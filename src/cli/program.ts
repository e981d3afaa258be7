import { Command, CommanderError } from 'commander';
import { addCompletion } from './commands/completion.ts';
import { addConfig } from './commands/config.ts';
import { addDiagnose } from './commands/diagnose.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEnv } from './commands/env.ts';
import { addLint } from './commands/lint.ts';
import { addModcache } from './commands/modcache.ts';
import { addRun } from './commands/run.ts';
import { addServe } from './commands/serve.ts';
import { addStore } from './commands/store.ts';
import { addVersion, versionLine } from './commands/version.ts';
import { addColor, addExamples } from './common-options.ts';
import { exitCodeFor, exitCodes } from './exit-codes.ts';
import type { CommandLineNeeds, Described } from './needs.ts';
import { renderError } from './render-error.ts';
import { colorChoices, useColor, type ColorChoice } from './terminal.ts';
import { fromCommander } from './usage-error.ts';

/** The command line: arguments in, exit code out. */
export interface CommandLine {
  /** Never rejects: what goes wrong is said on stderr and told by the exit code. */
  run(words: readonly string[]): Promise<number>;
}

export function createCommandLine<C extends Described>(needs: CommandLineNeeds<C>): CommandLine {
  return { run: (words) => runCommand(needs, words) };
}

async function runCommand<C extends Described>(
  needs: CommandLineNeeds<C>,
  words: readonly string[],
): Promise<number> {
  const { terminal } = needs;
  let code: number = exitCodes.fine;
  const program = createProgram(needs, (result) => {
    code = result;
  });
  let shown: unknown;
  try {
    if (words.length === 0) {
      program.outputHelp();
      return exitCodes.fine;
    }
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    shown =
      error instanceof CommanderError ? fromCommander(error, commandIn(program, words)) : error;
    if (shown === undefined) return exitCodes.fine;
  }
  const color = useColor(terminal.err, terminal.environment, colorIn(words));
  terminal.err.write(renderError(shown, color));
  return exitCodeFor(shown);
}

function createProgram<C extends Described>(
  needs: CommandLineNeeds<C>,
  finish: (code: number) => void,
): Command {
  const { out } = needs.terminal;
  const program = new Command('cofferdam')
    .description('Keeps Go builds going: a module proxy that heals, and the tools around it.')
    .version(versionLine(needs.version), '-V, --version')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        out.write(text);
      },
      // Its errors are rendered as all others are.
      writeErr: () => undefined,
    })
    .configureHelp({ sortOptions: false, showGlobalOptions: false });
  addExamples(program, [
    ['cofferdam serve', 'a module proxy on 127.0.0.1:8080'],
    ['cofferdam run -- go build ./...', 'one command with a proxy of its own'],
    ['cofferdam diagnose build.log', 'why a build failed, and what to do'],
    ['cofferdam doctor', 'what is wrong with this machine, its network and its settings'],
    ['cofferdam config print', 'what is set, and where'],
  ]);
  for (const add of [
    addServe,
    addRun,
    addDiagnose,
    addDoctor,
    addStore,
    addEnv,
    addLint,
    addModcache,
    addConfig,
    addVersion,
    addCompletion,
  ]) {
    add(program, needs, finish);
  }
  addColorEverywhere(program);
  return program;
}

function addColorEverywhere(command: Command): void {
  addColor(command);
  for (const child of command.commands) addColorEverywhere(child);
}

/** Read apart from commander, because its own errors must be rendered too. */
function colorIn(words: readonly string[]): ColorChoice {
  const end = words.indexOf('--');
  const ours = end === -1 ? words : words.slice(0, end);
  const joined = ours.map((word) => (word === '--color' ? '--color=' : `${word} `)).join('');
  const choice = /--color=(\w+)/.exec(joined)?.[1];
  return colorChoices.find((known) => known === choice) ?? 'auto';
}

/** The longest chain of commands that the words name, for the hint to their help. */
function commandIn(program: Command, words: readonly string[]): string {
  let current = program;
  const names = [program.name()];
  for (const word of words) {
    const next = current.commands.find((command) => command.name() === word);
    if (next === undefined) break;
    names.push(word);
    current = next;
  }
  return names.join(' ');
}

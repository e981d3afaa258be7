import { Argument, type Command } from 'commander';
import { addExamples } from '../common-options.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CommandLineNeeds, Described } from '../needs.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

export function addCompletion<C extends Described>(
  parent: Command,
  needs: CommandLineNeeds<C>,
  finish: (code: number) => void,
): void {
  const command = parent
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>').choices(shells))
    .allowExcessArguments(false);
  addExamples(command, [
    ['source <(cofferdam completion bash)', 'for this shell'],
    ['cofferdam completion fish > ~/.config/fish/completions/cofferdam.fish', 'for every fish'],
  ]);
  command.action((shell: Shell) => {
    needs.terminal.out.write(scripts[shell](wordsOf(parent)));
    finish(exitCodes.fine);
  });
}

/** What may follow each command: its own commands and its long flags. */
function wordsOf(command: Command, path = ''): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  const children = command.commands.filter((child) => child.name() !== 'help');
  const flags = command.options.flatMap((option) => option.long ?? []);
  words.set(path, [...children.map((child) => child.name()), ...flags, '--help']);
  for (const child of children) {
    const childPath = path === '' ? child.name() : `${path} ${child.name()}`;
    for (const [key, value] of wordsOf(child, childPath)) words.set(key, value);
  }
  return words;
}

type Words = ReadonlyMap<string, readonly string[]>;

/** Behind `--` the words are another command's, which the shell completes as files. */
function bash(words: Words): string {
  const names = [...new Set([...words.keys()].flatMap((path) => path.split(' ')))]
    .filter((name) => name !== '')
    .join('|');
  const cases = [...words]
    .map(([path, list]) => `    '${path}') words='${list.join(' ')}' ;;`)
    .join('\n');
  return `# Completion of cofferdam for bash.
_cofferdam() {
  local path='' word words i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
      --) return ;;
      -*) ;;
      ${names}) path=\${path:+$path }$word ;;
    esac
  done
  case $path in
${cases}
    *) return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _cofferdam cofferdam
`;
}

function zsh(words: Words): string {
  return `#compdef cofferdam
autoload -U +X bashcompinit && bashcompinit
${bash(words)}`;
}

function fish(words: Words): string {
  const lines = [...words].flatMap(([path, list]) => {
    const names = path.split(' ').filter((name) => name !== '');
    const last = names.at(-1);
    const condition =
      last === undefined ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${last}`;
    return list.map((word) =>
      word.startsWith('--')
        ? `complete -c cofferdam -n '${condition}' -l ${word.slice('--'.length)}`
        : `complete -c cofferdam -n '${condition}' -a ${word}`,
    );
  });
  return `# Completion of cofferdam for fish.\n${lines.join('\n')}\n`;
}

const scripts: Readonly<Record<Shell, (words: Words) => string>> = { bash, zsh, fish };

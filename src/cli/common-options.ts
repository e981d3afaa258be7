import { Option, type Command } from 'commander';
import type { SettingFlag, WrittenSettings } from './needs.ts';
import { colorChoices } from './terminal.ts';

export function addColor(command: Command): Command {
  const option = new Option('--color <when>', 'when to use colour').choices(colorChoices);
  return command.addOption(option.default('auto'));
}

export function addFormat(command: Command): Command {
  const option = new Option('--format <format>', 'how to print').choices(['text', 'json']);
  return command.addOption(option.default('text'));
}

/** `--config` and the settings that this command has as flags. */
export function addSettings(
  command: Command,
  flags: readonly SettingFlag[],
  ...forCommands: readonly string[]
): Command {
  command.option('--config <file>', 'read this file instead of ./cofferdam.yaml');
  for (const { flag, placeholder, description, repeatable, commands } of flags) {
    if (!commands.some((command) => forCommands.includes(command))) continue;
    const shown = placeholder === undefined ? flag : `${flag} <${placeholder}>`;
    const option = new Option(shown, repeatable ? `${description} (repeatable)` : description);
    // `--no-sumdb` is a setting of its own; commander would take it for the opposite of `--sumdb`, value and all.
    option.negate = false;
    // Collected as written: the configuration reads them, so that every source is read alike.
    if (placeholder !== undefined) option.argParser(collect);
    command.addOption(option);
  }
  return command;
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** What the user wrote for the settings, from commander's camel-case names. */
export function writtenSettings(
  options: Readonly<Record<string, unknown>>,
  flags: readonly SettingFlag[],
): WrittenSettings {
  const written: Record<string, readonly string[]> = {};
  for (const { flag } of flags) {
    const name = flag.slice('--'.length);
    const value = options[name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
    if (value === true) written[name] = ['true'];
    else if (Array.isArray(value)) written[name] = value.map(String);
  }
  const file = options['config'];
  return { flags: written, file: typeof file === 'string' ? file : undefined };
}

/** Examples stand first in the help: most readers need one of them and nothing else. */
export function addExamples(
  command: Command,
  examples: readonly (readonly [string, string])[],
): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`);
  return command.addHelpText('before', `Examples:\n${lines.join('\n')}\n`);
}

import type { CommanderError } from 'commander';
import { ProgramError } from '../platform/index.ts';

/** Wrong usage, with where to read on. */
export function usageError(message: string, hint: string): ProgramError {
  return new ProgramError({ code: 'usage', kind: 'bad-input', message, hint });
}

/** Commander's own words in our shape; undefined where it only showed help or the version. */
export function fromCommander(error: CommanderError, command: string): ProgramError | undefined {
  if (error.exitCode === 0) return undefined;
  // A command that only has others, alone.
  if (error.code === 'commander.help') {
    return usageError(`${command} wants one of its own commands`, `${command} --help lists them`);
  }
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const meant = /^\(Did you mean (.+)\?\)$/.exec(rest.join(' '))?.[1];
  const read = `${command} --help shows what there is`;
  return usageError(
    first.replaceAll("'", '"'),
    meant === undefined ? read : `did you mean ${meant}?`,
  );
}

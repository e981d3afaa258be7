import { ProgramError } from '../../platform/index.ts';

/** A variable that is missing shows up as an empty value somewhere deep in a build; here it is named before the start. */
export function checkRequiredVariables(
  environment: Readonly<Record<string, string>>,
  names: readonly string[],
): void {
  const missing = names.filter((name) => (environment[name] ?? '') === '');
  if (missing.length === 0) return;
  const told = missing
    .map((name) => `${name} is ${name in environment ? 'empty' : 'not set'}`)
    .join(', ');
  throw new ProgramError({
    code: 'variable-missing',
    kind: 'bad-input',
    message: `the command was not started: ${told}, and --require-env wants ${missing.length === 1 ? 'it' : 'them'}`,
    hint: 'look at the settings of the job: secrets are often kept from forks and from branches that are not protected',
  });
}

/** Where text for people or programs goes. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Of a terminal, as it is now. */
  readonly columns?: number | undefined;
}

/** The console of one invocation: data on `out`, talk on `err`. */
export interface Terminal {
  readonly out: Output;
  readonly err: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export const colorChoices = ['auto', 'always', 'never'] as const;
export type ColorChoice = (typeof colorChoices)[number];

/** The flag decides, then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, then whether a terminal reads. */
export function useColor(
  output: Output,
  environment: Terminal['environment'],
  choice: ColorChoice,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const force = environment['FORCE_COLOR'] ?? '';
  if (force !== '') return force !== '0' && force !== 'false';
  const forceToo = environment['CLICOLOR_FORCE'] ?? '';
  if (forceToo !== '' && forceToo !== '0') return true;
  return output.isTerminal && environment['TERM'] !== 'dumb';
}

/** Bold red, for the word that says that something is wrong. */
export function alarm(text: string, color: boolean): string {
  return color ? `\u001B[1;31m${text}\u001B[0m` : text;
}

import type { Configuration } from '../config.ts';
import type { LogLevel } from '../platform/index.ts';
import type { ProgramContext } from './program-context.ts';

/** Text for a person at a terminal, JSON for whoever collects it, unless the settings say which. */
export function logSettings(
  { logLevel, logFormat }: Pick<Configuration, 'logLevel' | 'logFormat'>,
  { isTerminal, color }: ProgramContext['log'],
): { readonly level: LogLevel; readonly format: 'json' | 'text'; readonly color: boolean } {
  const format = logFormat === 'auto' ? (isTerminal ? 'text' : 'json') : logFormat;
  return { level: logLevel, format, color };
}

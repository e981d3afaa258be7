import type { Command } from 'commander';
import type { RunFlow } from '../needs.ts';
import { usageError } from '../usage-error.ts';

/** The options that decide what `run` does before, after and instead of waiting. */
export function addFlowOptions(command: Command): void {
  command
    .option('--timeout <duration>', 'stop after this time, downloads included, and exit with 124')
    .option(
      '--kill-after <duration>',
      'kill what still runs so long after it was asked to stop (6s)',
    )
    .option('--stall-timeout <duration>', 'stop when an upstream is silent for so long: also 124')
    .option('--stall-notice <duration>', 'name an upstream that is silent for so long (15s)')
    .option('--no-download-first', 'let a go command fetch its modules by itself')
    .option(
      '--retry-command <n>',
      'if what made it fail may pass, start it again, up to 10 times (0)',
    );
}

/** More tries of a whole build are no patience but a loop. */
const MOST_RETRIES = 10;

export function readFlowOptions(
  options: Readonly<Record<string, unknown>>,
  parseDuration: (text: string, flag: string) => number,
): RunFlow {
  function duration(name: string, flag: string): number | undefined {
    const value = options[name];
    if (typeof value !== 'string') return undefined;
    const milliseconds = parseDuration(value, flag);
    if (milliseconds > 0) return milliseconds;
    throw usageError(`${flag} must be longer than nothing`, `cofferdam run ${flag} 60s -- make`);
  }
  const retries = options['retryCommand'];
  const retryCommand = typeof retries === 'string' && /^\d{1,3}$/u.test(retries) ? +retries : 0;
  if (typeof retries === 'string' && (!/^\d{1,3}$/u.test(retries) || retryCommand > MOST_RETRIES)) {
    const example = 'cofferdam run --retry-command 2 -- go mod download';
    throw usageError(`--retry-command takes a number from 0 to ${MOST_RETRIES}`, example);
  }
  return {
    timeoutMilliseconds: duration('timeout', '--timeout'),
    stallTimeoutMilliseconds: duration('stallTimeout', '--stall-timeout'),
    stallNoticeMilliseconds: duration('stallNotice', '--stall-notice'),
    killAfterMilliseconds: duration('killAfter', '--kill-after'),
    downloadFirst: options['downloadFirst'] !== false,
    retryCommand,
  };
}

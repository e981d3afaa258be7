import { hideSecrets } from '../masking/index.ts';
import { isProgramError } from '../platform/index.ts';
import { alarm } from './terminal.ts';

/** More causes than any chain of ours has; a cycle must not hang the end of the program. */
const DEEPEST_CAUSE = 8;

/** `error:` line, the causes, an empty line, `hint:`. Only a bug shows its stack. */
export function renderError(error: unknown, color: boolean): string {
  const isBug = !isProgramError(error) || error.kind === 'bug';
  const lines = [
    `${alarm('error:', color)} ${isBug ? 'this is a bug in Cofferdam: ' : ''}${messageOf(error)}`,
  ];
  for (const cause of causesOf(error)) lines.push(`  because: ${messageOf(cause)}`);
  if (isBug) {
    lines.push(
      '',
      stackOf(error),
      '',
      'hint: please report it with these lines and the command that you ran',
    );
  } else if (error.hint !== undefined && error.hint !== '') {
    lines.push('', `hint: ${error.hint}`);
  }
  return `${hideSecrets(lines.join('\n'))}\n`;
}

/** What Node advises of its own flags is no way out for who uses this program. */
const ADVICE_OF_NODE = /; if the root CA is installed locally, .{0,200}$/;

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : error.message.replace(ADVICE_OF_NODE, '');
}

function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  let current: unknown = error instanceof Error ? error.cause : undefined;
  while (current !== undefined && causes.length < DEEPEST_CAUSE) {
    causes.push(current);
    current = current instanceof Error ? current.cause : undefined;
  }
  return causes;
}

function stackOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.join('\n');
}

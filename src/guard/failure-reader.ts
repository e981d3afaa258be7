import { basename } from 'node:path';
import type { Finding } from '../finding/index.ts';
import type { WaitingRequest } from './engine.ts';

/** Reads what a failing command says, and tells why it failed. */
export interface FailureReader {
  write(bytes: Uint8Array): void;
  /** `silent`: what the engine waited for when the time was over, which no log tells. */
  end(silent?: WaitingRequest): FailureReport;
}

export interface FailureReport {
  /** The root first; none where nothing is known. */
  readonly findings: readonly Finding[];
  /** For people; empty without findings. */
  readonly text: string;
  /** What `--classify-exit` gives instead of the child's own code, where the cause calls for one. */
  readonly exitCode: number | undefined;
}

/** What `go` itself writes is the same on a terminal and on a pipe; tests and programs that it runs may look. */
const READ_ON_TERMINAL: ReadonlySet<string> = new Set([
  'build',
  'get',
  'install',
  'list',
  'mod',
  'vet',
  'work',
]);

/** Whether the command's stderr may pass through us without anything looking other than it would. */
export function mayRead(command: readonly string[], stderrIsTerminal: boolean): boolean {
  if (!stderrIsTerminal) return true;
  const [program = '', verb = ''] = command;
  return basename(program) === 'go' && READ_ON_TERMINAL.has(verb);
}

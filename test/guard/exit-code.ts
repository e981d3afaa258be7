import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

/** The exit code as a shell tells it, as soon as the process has ended, whoever holds its streams. */
export async function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

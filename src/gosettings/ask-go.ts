import { isProgramError } from '../platform/index.ts';
import type { Processes } from '../platform/index.ts';

/** `go env` answers in milliseconds; a wrapper that installs Go on first use may take longer. */
const answerMilliseconds = 30_000;

/** A few short values; a megabyte is already absurd. */
const answerBytes = 1024 * 1024;

/** What `go env` says of each variable, or why it could not be asked. */
export type GoVariables =
  | { readonly kind: 'read'; readonly values: ReadonlyMap<string, string> }
  | { readonly kind: 'failed'; readonly reason: string };

/** What `go version` calls itself, which Go before 1.16 has no variable for; undefined where it fails. */
export async function readGoVersion(
  processes: Pick<Processes, 'run'>,
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { code, stdout } = await processes.run(['go', 'version'], {
      directory,
      // A flag in GOFLAGS that it does not know stops even this question.
      environment: { ...environment, GOTOOLCHAIN: 'local', GOFLAGS: '' },
      timeoutMilliseconds: answerMilliseconds,
      maximumOutputBytes: answerBytes,
      signal,
    });
    return code === 0 ? /^go version (go\S+)/.exec(stdout.toString('utf8'))?.[1] : undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!isProgramError(error) || error.kind === 'bug') throw error;
    return undefined;
  }
}

/** Asks the `go` of a directory and environment for the settings in force; without names, for all. */
export async function readGoVariables(
  processes: Pick<Processes, 'run'>,
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
  names: readonly string[] = [],
): Promise<GoVariables> {
  try {
    const result = await processes.run(['go', 'env', '-json', ...names], {
      directory,
      // These values do not depend on the toolchain, and without this the question alone could
      // download one, past the engine.
      environment: { ...environment, GOTOOLCHAIN: 'local' },
      timeoutMilliseconds: answerMilliseconds,
      maximumOutputBytes: answerBytes,
      signal,
    });
    if (result.code !== 0) {
      return failed(`"go env" ended with ${result.signal ?? `code ${result.code ?? 'unknown'}`}`);
    }
    const values = parseAnswer(result.stdout.toString('utf8'));
    return values === undefined ? failed('"go env" gave no JSON') : { kind: 'read', values };
  } catch (error) {
    signal.throwIfAborted();
    if (!isProgramError(error) || error.kind === 'bug') throw error;
    return failed(
      error.code === 'command-not-found' ? 'there is no go command on PATH' : '"go env" failed',
    );
  }
}

function failed(reason: string): GoVariables {
  return { kind: 'failed', reason };
}

function parseAnswer(text: string): ReadonlyMap<string, string> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value === 'string') values.set(name, value);
  }
  return values;
}

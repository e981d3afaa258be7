import { isProgramError } from '../platform/index.ts';
import type { Processes } from '../platform/index.ts';
import type { GoSettings } from './child-plan.ts';

/** `go env` answers in milliseconds; a wrapper that installs Go on first use may take longer. */
const answerMilliseconds = 30_000;

/** Four short values; a megabyte is already absurd. */
const answerBytes = 1024 * 1024;

/** What `go` assumes where neither the environment nor a file of it says otherwise. */
const goDefaults: GoSettings = {
  GOPROXY: 'https://proxy.golang.org,direct',
  GOSUMDB: 'sum.golang.org',
  GONOSUMDB: '',
  GOAUTH: 'netrc',
};

export interface GoSettingsAnswer {
  readonly settings: GoSettings;
  /** Why `go` could not be asked, so that the settings are only what the environment says. */
  readonly guessedBecause: string | undefined;
}

/** Asks the child's own `go`, in its directory and environment, for the settings in force. */
export async function readGoSettings(
  processes: Processes,
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<GoSettingsAnswer> {
  const answer = await askGo(processes, directory, environment, signal);
  if ('settings' in answer) return { settings: answer.settings, guessedBecause: undefined };
  return { settings: fromEnvironment(environment), guessedBecause: answer.reason };
}

async function askGo(
  processes: Processes,
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ settings: GoSettings } | { reason: string }> {
  try {
    const result = await processes.run(['go', 'env', '-json', ...Object.keys(goDefaults)], {
      directory,
      // The four values do not depend on the toolchain, and without this the question alone could
      // download one, past the engine.
      environment: { ...environment, GOTOOLCHAIN: 'local' },
      timeoutMilliseconds: answerMilliseconds,
      maximumOutputBytes: answerBytes,
      signal,
    });
    if (result.code !== 0) {
      return {
        reason: `"go env" ended with ${result.signal ?? `code ${result.code ?? 'unknown'}`}`,
      };
    }
    const settings = parseAnswer(result.stdout.toString('utf8'));
    return settings === undefined ? { reason: '"go env" gave no JSON' } : { settings };
  } catch (error) {
    signal.throwIfAborted();
    if (!isProgramError(error) || error.kind === 'bug') throw error;
    return {
      reason:
        error.code === 'command-not-found' ? 'there is no go command on PATH' : '"go env" failed',
    };
  }
}

function parseAnswer(text: string): GoSettings | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const values = new Map<string, unknown>(Object.entries(parsed));
  return {
    GOPROXY: stringOr(values.get('GOPROXY'), ''),
    GOSUMDB: stringOr(values.get('GOSUMDB'), goDefaults.GOSUMDB),
    GONOSUMDB: stringOr(values.get('GONOSUMDB'), ''),
    // Empty before Go 1.24, which knew only netrc.
    GOAUTH: stringOr(values.get('GOAUTH'), goDefaults.GOAUTH),
  };
}

/** Go treats an empty variable as one that is not set. */
function fromEnvironment(environment: Readonly<Record<string, string>>): GoSettings {
  return {
    GOPROXY: stringOr(environment['GOPROXY'], goDefaults.GOPROXY),
    GOSUMDB: stringOr(environment['GOSUMDB'], goDefaults.GOSUMDB),
    GONOSUMDB: stringOr(environment['GONOSUMDB'], environment['GOPRIVATE'] ?? ''),
    GOAUTH: stringOr(environment['GOAUTH'], goDefaults.GOAUTH),
  };
}

function stringOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

import { isProgramError } from '../platform/index.ts';
import type { Processes } from '../platform/index.ts';
import type { GoSettings } from './child-plan.ts';

/** `go env` answers in milliseconds; a wrapper that installs Go on first use may take longer. */
const answerMilliseconds = 30_000;

/** A few short values; a megabyte is already absurd. */
const answerBytes = 1024 * 1024;

const names = [
  'GOPROXY',
  'GOSUMDB',
  'GONOSUMDB',
  'GONOPROXY',
  'GOAUTH',
  'GOMOD',
  'GOWORK',
  'GOMODCACHE',
  'GOFLAGS',
] as const;

/** What `go` uses where nobody says otherwise. */
export type GoDefaults = Pick<GoSettings, 'GOPROXY' | 'GOSUMDB'>;

export interface GoSettingsAnswer {
  readonly settings: GoSettings;
  /** Why `go` could not be asked, so that the settings are only what the environment says. */
  readonly guessedBecause: string | undefined;
}

/**
 * Asks the child's own `go`, in its directory and environment, for the settings in force; where it
 * cannot answer, takes the environment and what `go` assumes otherwise.
 */
export async function readGoSettings(
  processes: Processes,
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
  defaults: GoDefaults,
): Promise<GoSettingsAnswer> {
  const answer = await askGo(processes, directory, environment, signal);
  if ('settings' in answer) return { settings: answer.settings, guessedBecause: undefined };
  return { settings: fromEnvironment(environment, defaults), guessedBecause: answer.reason };
}

async function askGo(
  processes: Processes,
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ settings: GoSettings } | { reason: string }> {
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
  const value = (name: (typeof names)[number]): string => stringOr(values.get(name), '');
  return {
    GOPROXY: value('GOPROXY'),
    GOSUMDB: value('GOSUMDB'),
    GONOSUMDB: value('GONOSUMDB'),
    GONOPROXY: value('GONOPROXY'),
    // Empty before Go 1.24, which knew only netrc.
    GOAUTH: stringOr(values.get('GOAUTH'), 'netrc'),
    GOMOD: value('GOMOD'),
    GOWORK: value('GOWORK'),
    GOMODCACHE: value('GOMODCACHE'),
    GOFLAGS: value('GOFLAGS'),
  };
}

/** Go treats an empty variable as one that is not set. */
function fromEnvironment(
  environment: Readonly<Record<string, string>>,
  defaults: GoDefaults,
): GoSettings {
  const privatePatterns = environment['GOPRIVATE'] ?? '';
  return {
    GOPROXY: stringOr(environment['GOPROXY'], defaults.GOPROXY),
    GOSUMDB: stringOr(environment['GOSUMDB'], defaults.GOSUMDB),
    GONOSUMDB: stringOr(environment['GONOSUMDB'], privatePatterns),
    GONOPROXY: stringOr(environment['GONOPROXY'], privatePatterns),
    GOAUTH: stringOr(environment['GOAUTH'], 'netrc'),
    // Only `go` knows which it uses.
    GOMOD: '',
    GOWORK: '',
    GOMODCACHE: '',
    GOFLAGS: '',
  };
}

function stringOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

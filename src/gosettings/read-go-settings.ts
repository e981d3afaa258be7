import type { Processes } from '../platform/index.ts';
import { readGoVariables } from './ask-go.ts';
import type { GoSettings } from './go-settings.ts';

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
  const answer = await readGoVariables(processes, directory, environment, signal, names);
  if (answer.kind === 'read') {
    return { settings: fromAnswer(answer.values), guessedBecause: undefined };
  }
  return { settings: fromEnvironment(environment, defaults), guessedBecause: answer.reason };
}

function fromAnswer(values: ReadonlyMap<string, string>): GoSettings {
  const value = (name: (typeof names)[number]): string => values.get(name) ?? '';
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

function stringOr(value: string | undefined, otherwise: string): string {
  return value === undefined || value === '' ? otherwise : value;
}

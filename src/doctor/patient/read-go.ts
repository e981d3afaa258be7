import { readEffectiveSettings } from '../../gosettings/index.ts';
import type { Files, Processes } from '../../platform/index.ts';
import type { GoFacts } from './patient.ts';

export interface ReadGoNeeds {
  readonly files: Pick<Files, 'readWhole'>;
  readonly processes: Pick<Processes, 'run'>;
}

/** What decides where modules come from and where they go. */
export const settingNames = [
  'GOPROXY',
  'GOSUMDB',
  'GOPRIVATE',
  'GONOPROXY',
  'GONOSUMDB',
  'GOINSECURE',
  'GOVCS',
  'GOAUTH',
  'GOFLAGS',
  'GOTOOLCHAIN',
  'GO111MODULE',
  'GOWORK',
  'GOMODCACHE',
  'GOCACHE',
  'GOTMPDIR',
] as const;

const otherNames = ['GOENV', 'GOROOT', 'GOPATH', 'GOMOD', 'GOVERSION', 'GOHOSTARCH', 'GOARCH'];

/** What `go` says of this directory and environment. */
export function readGo(
  needs: ReadGoNeeds,
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<GoFacts> {
  const names = [...settingNames, ...otherNames];
  return readEffectiveSettings(needs, directory, environment, signal, names);
}

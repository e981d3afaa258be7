import type { EffectiveSettings } from '../gosettings/index.ts';

/** Where a command stands: the settings in force, and what its go.mod says of toolchains. */
export interface Surroundings {
  readonly settings: EffectiveSettings;
  readonly goMod:
    | {
        readonly file: string;
        /** The `go` line. */
        readonly go: string | undefined;
        /** The `toolchain` line. */
        readonly toolchain: string | undefined;
      }
    | undefined;
}

export function valueOf({ settings }: Surroundings, name: string): string {
  return settings.values.get(name) ?? '';
}

/** For people: `the environment`, a file, `GOPRIVATE`, `Go's default`. */
export function originOf({ settings }: Surroundings, name: string): string {
  const origin = settings.origins.get(name) ?? 'default';
  if (origin === 'default' || origin.endsWith('/go.env')) return "Go's default";
  return origin === 'environment' ? 'the environment' : origin;
}

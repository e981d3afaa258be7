import { HEALTH_SETTINGS } from './health/index.ts';
import { WALK_LIMITS } from './proxy-limits.ts';
import type { HealingSettings } from './proxy-settings.ts';

/** One number of healing that an operator may change; what each means stands in docs/healing.md. */
interface HealingParameter {
  /** `retry_base` */
  readonly name: string;
  /** Durations are milliseconds, shares lie between 0 and 1. */
  readonly kind: 'duration' | 'share' | 'number';
  readonly standard: number;
}

type Part = keyof HealingSettings;

interface Place extends HealingParameter {
  readonly part: Part;
  readonly key: string;
}

/** Bounds of memory and of the interface, not of healing. */
const FIXED: ReadonlySet<string> = new Set(['maximumUpstreams', 'latencySamples']);

const PLACES: readonly Place[] = [
  ...Object.entries<number>({ ...WALK_LIMITS }).map(([key, value]) => placeOf('walk', key, value)),
  ...Object.entries<number>({ ...HEALTH_SETTINGS }).map(([key, value]) =>
    placeOf('health', key, value),
  ),
].filter(({ key }) => !FIXED.has(key));

/** What can be changed, and what a change means for the engine. */
export const healing: {
  readonly parameters: readonly HealingParameter[];
  /** By the names of the parameters. */
  settingsOf(values: ReadonlyMap<string, number>): HealingSettings;
} = {
  parameters: PLACES.map(({ name, kind, standard }) => ({ name, kind, standard })),
  settingsOf,
};

function settingsOf(values: ReadonlyMap<string, number>): HealingSettings {
  const changed = (part: Part): Record<string, number> =>
    Object.fromEntries(
      PLACES.filter((place) => place.part === part).flatMap(({ name, key }) => {
        const value = values.get(name);
        return value === undefined ? [] : [[key, value]];
      }),
    );
  return { walk: changed('walk'), health: changed('health') };
}

function placeOf(part: Part, key: string, standard: number): Place {
  const kind = key.endsWith('Milliseconds')
    ? 'duration'
    : /(?:Ratio|Share)$/u.test(key)
      ? 'share'
      : 'number';
  const name = key
    .replace(/Milliseconds$/u, '')
    .replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
  return { name, kind, standard, part, key };
}

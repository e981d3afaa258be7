import type { Clock, Random } from '../../platform/index.ts';
import type { UpstreamHealth } from '../health/index.ts';
import type { Standing } from './standing.ts';

/** So much better must another be, or the choice would flap between equals. */
const MARGIN = 1.5;
/** Milliseconds; nobody notices less. */
const LEAST_GAIN = 20;
/** One request in fifty goes elsewhere first, so that one who became faster is noticed. */
const EXPLORATION = 0.02;
/** The median zip; larger ones gain more from throughput. */
const TYPICAL_ZIP_BYTES = 30_000;
/** Milliseconds: whether the order may be changed at all must not cost more than the change gains. */
const PATIENCE = 50;

/**
 * Who of the first members joined by pipes should be asked first by what was measured; undefined when
 * the order is good as it is. A comma is never looked across: there the order is its writer's word.
 */
export function betterFirst(
  standings: readonly Standing[],
  isSmall: boolean,
  random: Random,
): Standing | undefined {
  const end = standings.findIndex(({ entry }) => !entry.fallBackOnError);
  const group = standings
    .slice(0, end === -1 ? standings.length : end + 1)
    .filter(({ health }) => !health.isUnwelcome());
  const [first] = group;
  if (first === undefined || group.length < 2) {
    return undefined;
  }
  if (random.fraction() < EXPLORATION) {
    return group[1 + Math.floor(random.fraction() * (group.length - 1))];
  }
  const own = expected(first.health, isSmall);
  let best: { readonly standing: Standing; readonly time: number } | undefined;
  for (const standing of group) {
    const time = expected(standing.health, isSmall);
    if (time !== undefined && time < (best?.time ?? Infinity)) best = { standing, time };
  }
  if (own === undefined || best === undefined) {
    return undefined;
  }
  return own > best.time * MARGIN && own - best.time > LEAST_GAIN ? best.standing : undefined;
}

/** Milliseconds to a whole resource; undefined before it was measured. */
function expected(health: UpstreamHealth, isSmall: boolean): number | undefined {
  const latency = health.latency(0.5, isSmall);
  const { bytesPerSecond } = health.snapshot();
  if (latency === undefined || isSmall || bytesPerSecond === undefined) {
    return latency;
  }
  return latency + (TYPICAL_ZIP_BYTES * 1000) / bytesPerSecond;
}

/** The standings with the better one first, where its hash decides what the resource must be. */
export async function reorder(
  clock: Clock,
  standings: readonly Standing[],
  first: Standing,
  mayCross: () => Promise<boolean>,
): Promise<readonly Standing[]> {
  const late = Promise.withResolvers<boolean>();
  const timer = clock.after(PATIENCE, () => late.resolve(false));
  const isFree = await Promise.race([mayCross().catch(() => false), late.promise]);
  timer.cancel();
  return isFree ? [first, ...standings.filter((one) => one !== first)] : standings;
}

import type { SeededRandom } from '../support/seeded.ts';
import { buildTools } from './build-tools.ts';
import { carriers } from './carriers.ts';
import { linePrefixes } from './line-prefixes.ts';
import type { LinePrefix } from './line-prefixes.ts';
import { surroundings } from './surroundings.ts';

export type Wrapping = (log: string, random: SeededRandom) => string;

function asWrapping(prefix: LinePrefix): Wrapping {
  return (log, random) => {
    const next = prefix(random);
    return `${log
      .trimEnd()
      .split('\n')
      .map((line) => `${next()}${line}`)
      .join('\n')}\n`;
  };
}

/** In the order in which they come around a log: the tool, what else is said, the system, the file. */
export const wrappings: Readonly<Record<string, Readonly<Record<string, Wrapping>>>> = {
  tools: buildTools,
  surroundings,
  prefixes: Object.fromEntries(
    Object.entries(linePrefixes).map(([name, prefix]) => [name, asWrapping(prefix)]),
  ),
  carriers,
};

import { createSeeded } from '../../support/seeded.ts';
import type { LabelledLog } from '../labelled-logs.ts';
import { withNoise } from './noise.ts';
import { closedStyles, openStyles } from './styles.ts';

/** Which styles logs of a split come in. */
export type Wrapping = 'open' | 'all';

/** Each log as it is and `count` times in the style of some CI system, by the seed. */
export function wrapLogs(
  logs: readonly LabelledLog[],
  count: number,
  wrapping: Wrapping,
  seed: string,
): readonly LabelledLog[] {
  const styles = Object.entries(
    wrapping === 'open' ? openStyles : { ...openStyles, ...closedStyles },
  );
  return logs.flatMap((labelled) => {
    const random = createSeeded(`${seed} ${labelled.name}`);
    const start = random.whole(styles.length);
    const wrapped = Array.from({ length: count }, (_, index) => {
      const [name, style] = styles[(start + index * 3) % styles.length] as (typeof styles)[number];
      const noisy = random.whole(2) === 0 ? withNoise(random, labelled.log) : labelled.log;
      return { ...labelled, name: `${labelled.name}#${name}`, log: style(noisy, random) };
    });
    return [labelled, ...wrapped];
  });
}

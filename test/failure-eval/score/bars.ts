import type { Figures } from './score.ts';

/** One promise, and whether it is kept. */
export interface Bar {
  readonly name: string;
  readonly wanted: string;
  readonly found: string;
  readonly passed: boolean;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function atLeast(
  name: string,
  found: number,
  wanted: number,
  write: (value: number) => string = percent,
): Bar {
  return {
    name,
    wanted: `at least ${write(wanted)}`,
    found: write(found),
    passed: found >= wanted,
  };
}

const asFraction = (value: number): string => value.toFixed(3);

/** For logs of our own laboratory, and for logs of others. */
export const barsFor = {
  own: {
    top1: 0.95,
    macroF1: 0.92,
    evidence: 0.97,
    retry: 0.97,
    falseTransient: 0.01,
    precision: 0.98,
    coverage: 0.95,
  },
  foreign: {
    top1: 0.92,
    macroF1: 0.88,
    evidence: 0.95,
    retry: 0.95,
    falseTransient: 0.02,
    precision: 0.97,
    coverage: 0.93,
  },
} as const;

export function judgeFigures(figures: Figures, kind: keyof typeof barsFor): readonly Bar[] {
  const wanted = barsFor[kind];
  return [
    atLeast('top-1', figures.top1, wanted.top1),
    atLeast('macro F1 over classes', figures.macroF1, wanted.macroF1, asFraction),
    atLeast('evidence line', figures.evidence, wanted.evidence),
    atLeast('retry verdict', figures.retry, wanted.retry),
    {
      name: 'false "transient" on permanent',
      wanted: `at most ${percent(wanted.falseTransient)}`,
      found: percent(figures.falseTransient),
      passed: figures.falseTransient <= wanted.falseTransient,
    },
    atLeast('precision of given answers', figures.precision, wanted.precision),
    atLeast('coverage', figures.coverage, wanted.coverage),
  ];
}

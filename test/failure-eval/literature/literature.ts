import { createSeeded } from '../../support/seeded.ts';
import type { LabelledLog } from '../labelled-logs.ts';
import { around } from './around.ts';
import { dialects } from './dialects.ts';
import { machines } from './machines.ts';
import type { Shape } from './shape.ts';

const shapes: readonly Shape[] = [...around, ...machines, ...dialects];

const FILLINGS: Readonly<Record<string, readonly string[]>> = {
  module: [
    'github.com/kestrel/ledger',
    'github.com/go-harbor/wirelog',
    'gitlab.corp.example/platform/auth',
    'go.acme.example/bus',
    'github.com/mbrandt/semtree/v2',
  ],
  version: ['v1.4.2', 'v0.9.0', 'v2.3.1', 'v1.0.0-rc.1', 'v0.0.0-20240305101112-3f1c0de4a1b2'],
  host: ['ci-7', 'runner-x8k2', 'node-14', 'build-agent-3'],
  proxy: ['goproxy.corp.example', 'athens.acme.example', 'proxy.golang.org'],
  git: ['github.com', 'gitlab.corp.example', 'git.acme.example'],
  image: ['golang', 'acme/builder', 'registry.corp.example/base/golang', 'library/golang'],
  tag: ['1.27-alpine3.23', '1.26.8-bookworm', '1.22-bullseye', 'nightly-20250301'],
  app: ['shop', 'billing', 'gateway', 'ratings'],
  sha: ['3f1c0de4a1b29c0d7e8f', '9a8b7c6d5e4f30212223', '0c1d2e3f405162738495'],
  ip: ['142.250.74.113', '10.4.7.19', '172.17.0.9', '104.18.121.25'],
  n: ['3', '17', '42', '128'],
  go: ['1.21.6', '1.22.12', '1.24.9', '1.26.8'],
};

/** The shapes filled in; of an id with several, every second one is held out whole. */
export function literatureLogs(split: 'train' | 'held-out'): readonly LabelledLog[] {
  const seen = new Map<string, number>();
  return shapes.flatMap((shape, index) => {
    const before = seen.get(shape.id) ?? 0;
    seen.set(shape.id, before + 1);
    if (split === 'train' && before % 2 === 1) return [];
    const seeds = split === 'train' ? ['1', '3'] : ['2', '4'];
    return seeds.map((seed) =>
      fill(shape, `${shape.id}/literature-${before}/${seed}`, `${index} ${seed}`),
    );
  });
}

/** Up to the end of the line, or of what an escaped text has for one. */
function wordsAfter(line: string): string {
  return (line.slice(line.indexOf('§') + 1).split('\\n')[0] ?? '').trim();
}

function fill(shape: Shape, name: string, seed: string): LabelledLog {
  const random = createSeeded(seed);
  const chosen = new Map(
    Object.entries(FILLINGS).map(([key, values]) => [
      key,
      values[random.whole(values.length)] ?? '',
    ]),
  );
  const filled = shape.text
    .trim()
    .replaceAll(/\{(\w+)\}/gu, (whole, key: string) => chosen.get(key) ?? whole);
  const evidence = filled
    .split('\n')
    .filter((line) => line.includes('§'))
    .map((line) => wordsAfter(line));
  return {
    name,
    truth: {
      id: shape.id,
      ...(shape.also === undefined ? {} : { also: shape.also }),
      evidence,
      ...(shape.retry === undefined ? {} : { retry: shape.retry }),
    },
    log: `${filled.replaceAll('§', '')}\n`,
  };
}

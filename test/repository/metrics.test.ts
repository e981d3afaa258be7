import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTest, matching, text } from './sources.ts';

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = { observe: 'gauge' };

/** Each call of the meter port, with the last list of words in it as its labels. */
function metricsInSources(): ReadonlyMap<string, Metric> {
  const found = new Map<string, Metric>();
  const call = /\b(counter|gauge|observe|histogram)\(\s*'(cofferdam_\w+)',([^;]*?)\)(?:;|,\n|\n)/g;
  for (const path of matching('src/**/*.ts').filter((name) => !isTest(name))) {
    for (const [, method = '', name = '', rest = ''] of text(path).matchAll(call)) {
      const lists = [...rest.matchAll(/\[((?:\s*'\w+',?)+)\s*\]/g)].map((list) => list[1] ?? '');
      const labels = [...(lists.at(-1) ?? '').matchAll(/\w+/g)].map(([label]) => label);
      const metric = { name, type: TYPES[method] ?? method, labels };
      assert.deepEqual(found.get(name) ?? metric, metric, `${path} has another idea of ${name}`);
      found.set(name, metric);
    }
  }
  return found;
}

function metricsInDocument(): ReadonlyMap<string, Metric> {
  const rows = text('docs/metrics.md').matchAll(
    /^\| `(cofferdam_\w+)` \| (\w+) \| ([\w, ]*?) ?\| \S/gm,
  );
  return new Map(
    [...rows].map(([, name = '', type = '', labels = '']) => {
      const words = labels.split(', ').filter((label) => label !== '');
      return [name, { name, type, labels: words }] as const;
    }),
  );
}

/** Set by prom-client's own calls in src/telemetry. */
const ELSEWHERE: Metric = {
  name: 'cofferdam_build_info',
  type: 'gauge',
  labels: ['version', 'node'],
};

test('docs/metrics.md has each metric with its type and labels, and no other', () => {
  const registered = new Map([...metricsInSources(), [ELSEWHERE.name, ELSEWHERE]]);
  assert.ok(registered.size > 20, 'the pattern finds no metrics any more');
  const sort = (metrics: ReadonlyMap<string, Metric>): readonly Metric[] =>
    [...metrics.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  assert.deepEqual(sort(metricsInDocument()), sort(registered));
});

test("the names follow Prometheus's rules", () => {
  for (const { name, type, labels } of metricsInSources().values()) {
    assert.match(name, /^cofferdam(_[a-z]+)+$/);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.doesNotMatch(name, /_(milliseconds|ms|kilobytes|megabytes|minutes)(_|$)/, name);
    // What has no end as a label would be a series for each value.
    for (const label of labels) {
      assert.doesNotMatch(label, /^(module|version|path|client|trace|error|le)$/, name);
    }
  }
});

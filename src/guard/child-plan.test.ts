import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planChild } from './child-plan.ts';

const base = 'http://127.0.0.1:1/-/run/00';
const key = 'db.example/sum+aeb5d4bf+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';

function plan(GOPROXY: string, GOSUMDB = 'sum.golang.org'): ReturnType<typeof planChild> {
  const settings = {
    GOPROXY,
    GOSUMDB,
    GONOSUMDB: '',
    GONOPROXY: '',
    GOAUTH: 'netrc',
    GOMOD: '',
    GOWORK: '',
    GOMODCACHE: '',
    GOFLAGS: '',
  };
  return planChild(settings, {
    name: 'sum.golang.org',
    alias: { name: 'sum.golang.google.cn', url: 'https://sum.golang.google.cn' },
  });
}

const lists: readonly [goproxy: string, upstream: string, child: string][] = [
  [
    'https://a.example|https://b.example,direct',
    'https://a.example|https://b.example',
    `${base},direct`,
  ],
  ['https://a.example|direct', 'https://a.example', `${base}|direct`],
  ['https://a.example,off', 'https://a.example', base],
  ['https://a.example|off', 'https://a.example', base],
  ['https://a.example', 'https://a.example', base],
  ['https://a.example,https://b.example|', 'https://a.example,https://b.example', base],
  ['https://a.example|,direct', 'https://a.example', `${base}|direct`],
  ['file:///x,https://b.example', 'file:///x,https://b.example', base],
  ['file:///x,direct', 'file:///x', `${base},direct`],
  ['a.example , direct', 'https://a.example', `${base},direct`],
];

for (const [goproxy, upstream, child] of lists) {
  test(`planChild() divides GOPROXY=${goproxy} between the engine and the child`, () => {
    const planned = plan(goproxy);
    assert.equal(planned.kind, 'engine');
    if (planned.kind !== 'engine') return;
    assert.equal(planned.upstream, upstream);
    assert.deepEqual(planned.variables(base), { GOPROXY: child });
  });
}

for (const goproxy of [
  'direct',
  'off',
  'direct,https://a.example',
  'file:///x',
  '',
  ',',
  'nonsense',
  'http://me:hunter2@127.0.0.1:1',
  'https://a.example|http://token@b.example,direct',
]) {
  test(`planChild() leaves GOPROXY=${goproxy} as it is and says why`, () => {
    const planned = plan(goproxy);
    assert.equal(planned.kind, 'unchanged');
    if (planned.kind === 'unchanged') assert.match(planned.reason, /GOPROXY/);
  });
}

const databases: readonly [gosumdb: string, engine: string, child: string | undefined][] = [
  ['sum.golang.org', 'sum.golang.org', undefined],
  ['off', 'off', undefined],
  [key, key, undefined],
  [`${key} https://sum.example/x`, `${key} https://sum.example/x`, key],
  [` ${key}  https://sum.example/x `, `${key} https://sum.example/x`, key],
  ['sum.golang.org https://sum.example', 'sum.golang.org https://sum.example', 'sum.golang.org'],
  ['sum.golang.google.cn', 'sum.golang.org https://sum.golang.google.cn', 'sum.golang.org'],
  // What go refuses stays with go.
  [`${key} https://sum.example more`, 'off', undefined],
  ['sum.golang.google.cn https://sum.example', 'off', undefined],
  ['unknown.example', 'off', undefined],
  ['db.example+01234567+QUJD', 'off', undefined],
  [key.replace('sum', 'sam'), 'off', undefined],
];

for (const [gosumdb, engine, child] of databases) {
  test(`planChild() divides GOSUMDB=${gosumdb} between the engine and the child`, () => {
    const planned = plan('https://a.example', gosumdb);
    assert.equal(planned.kind, 'engine');
    if (planned.kind !== 'engine') return;
    assert.equal(planned.sumdb, engine);
    assert.equal(planned.variables(base)['GOSUMDB'], child);
  });
}

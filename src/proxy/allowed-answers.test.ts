import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAllowedAnswers } from './allowed-answers.ts';
import type { MutableResource } from './mutable-resource.ts';

const BODIES = {
  list: 'v1.0.0\nv1.1.0 2026-01-01T00:00:00Z\nv1.2.0\n',
  latest: '{"Version":"v1.2.0"}',
  query: '{"Version":"v1.2.0"}',
};
const KEYS = { list: '@v/list', latest: '@latest', query: '@v/main.info' };

/** The text of the answer while these are blocked, or its reason. */
async function ask(
  kind: MutableResource['kind'],
  blocked: readonly string[],
  stored: Readonly<Record<string, string>> = {},
): Promise<string> {
  const isBlocked = (path: string, version: string): boolean =>
    blocked.includes(`${path}@${version}`) || blocked.includes(path);
  const allowed = createAllowedAnswers({
    mutable: {
      answer: async (resource) => {
        const body = Buffer.from(BODIES[resource.kind]);
        const answer = { status: 200 as const, contentType: 'x', body, fetchedMilliseconds: 0 };
        return { kind: 'known', answer, outcome: 'hit', certain: true };
      },
    },
    storage: {
      read: async (key) => {
        const text = stored[key];
        return text === undefined
          ? 'absent'
          : { bytes: Buffer.from(text), modifiedMilliseconds: 0, sha256: '' };
      },
    },
    tombstones: {
      isBlocked,
      reasonAgainst: async (path, version) => (isBlocked(path, version) ? 'bad' : undefined),
    },
  });
  const resource = { kind, path: 'm.test/a', key: `m.test/a/${KEYS[kind]}` };
  const said = await allowed.answer(resource, 'upstreams', undefined);
  if (said.kind === 'known') return said.answer.body.toString();
  return said.kind === 'blocked' ? `blocked: ${said.reason}` : said.kind;
}

test('without a block each answer stays as it is', async () => {
  for (const kind of ['list', 'latest', 'query'] as const) {
    assert.equal(await ask(kind, ['m.test/b', 'm.test/a@v0.9.0']), BODIES[kind]);
  }
});

test('a blocked version is not listed, and the latest is the highest one left', async () => {
  const one = ['m.test/a@v1.2.0'];
  assert.equal(await ask('list', one), 'v1.0.0\nv1.1.0 2026-01-01T00:00:00Z\n');
  assert.equal(await ask('latest', one), '{"Version":"v1.1.0"}');
  const info = '{"Version":"v1.1.0","Time":"2026-01-01T00:00:00Z"}';
  assert.equal(await ask('latest', one, { 'm.test/a/@v/v1.1.0.info': info }), info);
  assert.equal(await ask('query', one), 'blocked: bad');
});

test('with nothing left the answer is the reason of the block', async () => {
  const each = ['v1.0.0', 'v1.1.0', 'v1.2.0'].map((version) => `m.test/a@${version}`);
  assert.equal(await ask('list', each), '');
  assert.equal(await ask('latest', each), 'blocked: bad');
  for (const kind of ['list', 'latest', 'query'] as const) {
    assert.equal(await ask(kind, ['m.test/a']), 'blocked: bad');
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRoute } from './route.ts';

test('parseRoute() reads every resource of the protocol', () => {
  const key = 'github.com/!azure/sdk/@v';
  const path = 'github.com/Azure/sdk';
  assert.deepEqual(parseRoute(`/${key}/list`), { kind: 'list', path, key: `${key}/list` });
  assert.deepEqual(parseRoute('/github.com/!azure/sdk/@latest'), {
    kind: 'latest',
    path,
    key: 'github.com/!azure/sdk/@latest',
  });
  for (const artifact of ['info', 'mod', 'zip'] as const) {
    const file = `${key}/v1.0.0-!r!c1.${artifact}`;
    assert.deepEqual(parseRoute(`/${file}`), {
      kind: 'artifact',
      artifact,
      path,
      version: 'v1.0.0-RC1',
      key: file,
    });
  }
  assert.deepEqual(parseRoute('/sumdb/sum.test/a/supported'), {
    kind: 'checksum',
    resource: 'sum.test/a/supported',
    key: 'sumdb/sum.test/a/supported',
  });
  assert.deepEqual([parseRoute('/'), parseRoute('')], [{ kind: 'base' }, { kind: 'base' }]);
});

test('parseRoute() takes what is no canonical version of the path as a query, for .info only', () => {
  for (const query of ['main', 'v1', 'v1.2', 'release-1.0', 'v2.0.0', '0123456789ab', 'v1.0.0+x']) {
    const route = parseRoute(`/rsc.io/quote/@v/${query}.info`);
    assert.deepEqual([route.kind, 'query' in route && route.query], ['query', query]);
  }
  assert.equal(parseRoute('/rsc.io/quote/v2/@v/v2.0.0.info').kind, 'artifact');
  assert.equal(parseRoute('/rsc.io/quote/@v/v2.0.0+incompatible.info').kind, 'artifact');
  for (const file of ['main.mod', 'v1.zip', 'latest.info', 'upgrade.info', 'patch.info']) {
    const route = parseRoute(`/rsc.io/quote/@v/${file}`);
    assert.deepEqual([route.kind, 'status' in route && route.status], ['refused', 404], file);
  }
});

test('parseRoute() decodes percent escapes exactly once', () => {
  const plain = parseRoute('/rsc.io/quote/@v/v1.0.0.mod');
  assert.deepEqual(parseRoute('/rsc.io/quote/%40v/v1%2E0.0.mod'), plain);
  assert.deepEqual(parseRoute('/rsc.io%2fquote/@v/v1.0.0.mod'), plain);
  const twice = parseRoute('/rsc.io/quote/%2540v/v1.0.0.mod');
  assert.equal(twice.kind, 'refused');
});

test('parseRoute() refuses what can name nothing', () => {
  const cases: readonly (readonly [string, number])[] = [
    [`/${'a'.repeat(3000)}/@v/list`, 414],
    ['/m.test/%zz/@v/list', 400],
    ['/m.test/%ff/@v/list', 400],
    ['/m.test/../x/@v/list', 400],
    ['/m.test/%2e%2e/x/@v/list', 400],
    ['/m.test/./x/@v/list', 400],
    ['/m.test//x/@v/list', 400],
    ['//m.test/x/@v/list', 400],
    ['/m.test/a\\b/@v/list', 400],
    ['/m.test/a%5cb/@v/list', 400],
    ['/m.test/%00/@v/list', 400],
    ['/m.test/%7f/@v/list', 400],
    ['m.test/x/@v/list', 400],
    ['/m.test/Upper/@v/list', 400],
    ['/m.test/!/@v/list', 400],
    ['/m.test/x/@v/V1.0.0.mod', 400],
    ['/m.test/x/@v/v1.0.0', 404],
    ['/m.test/x/@v/v1.0.0.exe', 404],
    ['/m.test/x', 404],
    ['/favicon.ico', 404],
    ['/nodot/@v/list', 400],
  ];
  for (const [path, status] of cases) {
    const route = parseRoute(path);
    assert.ok(route.kind === 'refused', path);
    assert.equal(route.status, status, path.slice(0, 60));
    assert.ok(route.problem.length > 0);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLegalProxyPath } from './legal-path.ts';

test('paths of the GOPROXY protocol are legal', () => {
  for (const path of [
    '/example.com/m/@v/list',
    '/example.com/m/@latest',
    '/example.com/m/@v/v1.2.3.info',
    '/example.com/m/@v/main.info',
    '/example.com/m/@v/v1.2.3+meta.info',
    '/example.com/m/@v/v2.0.0+incompatible.zip',
    '/example.com/m/@v/v0.0.0-20200101000000-0123456789ab.mod',
    '/github.com/!burnt!sushi/toml/@v/v1.0.0-!r!c1.mod',
    '/github.com/%21burnt%21sushi/toml/@v/list',
    '/gopkg.in/yaml.v1/@v/list',
    '/example.com/m/v2/@v/list',
    '/golang.org/toolchain/@v/v0.0.1-go1.26.8.linux-amd64.zip',
    '/sumdb/sum.golang.org/supported',
    '/sumdb/localhost.localdev/sumdb/latest',
    '/sumdb/localhost.localdev/sumdb/lookup/example.com/m@v1.0.0',
    '/sumdb/localhost.localdev/sumdb/tile/8/0/x001/234.p/17',
    '/sumdb/localhost.localdev/sumdb/tile/8/data/000',
  ]) {
    assert.ok(isLegalProxyPath(path), path);
  }
});

test('paths that only a fixture has, and malformed ones, are not', () => {
  for (const path of [
    '/',
    '/invalid/example.com/m/@v/list',
    '/404/example.com/m/@v/list',
    '/redirect/11/example.com/m/@v/v1.0.0.info',
    '/sumdb-503/example.com/m/@v/list',
    '/sumdb-wrong/lookup/example.com/m@v1.0.0',
    '/sumdb-direct/tile/8/0/000',
    '/404/sumdb/localhost.localdev/sumdb/supported',
    '/m/@v/list',
    '/example.com/M/@v/list',
    '/example.com/m/v1/@v/list',
    '/example.com/m/v02/@v/list',
    '/example.com/con/@v/list',
    '/example.com//m/@v/list',
    '/example.com/../m/@v/list',
    '/example.com/m/@v/main.mod',
    '/example.com/m/@v/v1.2.zip',
    '/example.com/m/@v/.info',
    '/example.com/m/@v/v1.0.0.exe',
    '/example.com/m/@v/a%2fb.info',
    '/example.com/m/@v/%zz.info',
    '/example.com/m/@v/list?x=1',
    '/sumdb/localhost.localdev/sumdb/lookup/example.com/m',
    '/sumdb/localhost.localdev/sumdb/tile/8/0/1',
  ]) {
    assert.ok(!isLegalProxyPath(path), path);
  }
});

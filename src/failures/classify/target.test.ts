import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPrivateHost, isPublicHost, readTarget } from './target.ts';

test('a URL of the protocol gives host, module and version, with capital letters', () => {
  const url = 'https://p.test/api/go/github.com/!burnt!sushi/toml/@v/v1.2.3-!r!c1.zip';
  assert.deepEqual(readTarget(`reading ${url}: 502 Bad Gateway`), {
    kind: 'module-proxy',
    url,
    host: 'p.test',
    module: 'github.com/BurntSushi/toml',
    version: 'v1.2.3-RC1',
  });
});

test('who was asked is read from the line', () => {
  const lines: readonly (readonly [string, string])[] = [
    ['Get "https://p.test/m.test/x/@v/list": EOF', 'module-proxy'],
    ['Get "https://sum.test/lookup/m.test/x@v1.0.0": EOF', 'checksum-database'],
    ['reading https://p.test/sumdb/sum.test/supported: 500', 'checksum-database'],
    ['Get "https://m.test/x?go-get=1": EOF', 'vanity-host'],
    ['Get "https://p.test/x": proxyconnect tcp: dial tcp :0', 'forward-proxy'],
    ['Head "https://registry.test/v2/x/manifests/1": EOF', 'registry'],
    ['golang.org/toolchain@v0.0.1-go1.24.0: EOF', 'toolchain'],
    ["fatal: unable to access 'https://git.test/x/': x", 'git-host'],
    ['something', 'unknown'],
  ];
  for (const [line, kind] of lines) assert.equal(readTarget(line).kind, kind, line);
});

test('the name that was looked up is the host, whatever the URL says', () => {
  const line =
    'Get "https://p.test/m.test/x/@v/list": proxyconnect tcp: dial tcp: lookup fwd.corp on 10.0.0.2:53: no such host';
  assert.equal(readTarget(line).host, 'fwd.corp');
});

test('what the line does not say is taken from the lines that it belongs to', () => {
  const head = 'go: git.corp/x/y@v1.2.3: invalid version: git ls-remote in /c: exit status 128:';
  const target = readTarget('fatal: early EOF', undefined, head);
  assert.deepEqual([target.module, target.version], ['git.corp/x/y', 'v1.2.3']);
});

test('private hosts are told from public ones', () => {
  for (const host of ['10.1.2.3', 'goproxy', 'git.corp.example', 'x.internal']) {
    assert.equal(isPrivateHost(host), true, host);
    assert.equal(isPublicHost(host), false, host);
  }
  for (const host of ['proxy.golang.org', 'github.com', 'storage.googleapis.com']) {
    assert.equal(isPublicHost(host), true, host);
    assert.equal(isPrivateHost(host), false, host);
  }
});

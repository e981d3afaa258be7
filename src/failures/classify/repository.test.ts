import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryOf } from './repository.ts';

const named: readonly [module: string, repository: string][] = [
  ['github.com/Foo/Bar/sub/v2', 'https://github.com/Foo/Bar'],
  ['github.com/foo/bar', 'https://github.com/foo/bar'],
  ['gitlab.com/group/sub/project/v3', 'https://gitlab.com/group/sub/project'],
  ['git.corp.example/team/lib.git/cmd/v2', 'https://git.corp.example/team/lib.git'],
  ['gopkg.in/yaml.v3', 'https://gopkg.in/yaml.v3'],
];

test('a repository is named without what lies inside it and without the major version', () => {
  for (const [module, repository] of named) {
    assert.equal(repositoryOf({ kind: 'unknown', module }), repository);
  }
  assert.equal(repositoryOf({ kind: 'unknown' }), undefined);
});

test('the address that git named goes before the module path, but not with credentials in it', () => {
  const module = 'go.corp.example/lib';
  const url = 'https://git.corp.example/team/lib/';
  assert.equal(
    repositoryOf({ kind: 'git-host', url, module }),
    'https://git.corp.example/team/lib',
  );
  const secret = 'https://robot:hunter2@git.corp.example/team/lib';
  assert.equal(repositoryOf({ kind: 'git-host', url: secret, module }), `https://${module}`);
  assert.equal(repositoryOf({ kind: 'module-proxy', url, module }), `https://${module}`);
});

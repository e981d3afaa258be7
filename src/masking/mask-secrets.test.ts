import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideSecrets } from './hide-secrets.ts';
import { maskAddressList, maskProxyAddress } from './mask-address-list.ts';
import { maskSecrets } from './mask-secrets.ts';

const SECRET = 'Zx9Zx9Zx9Zx9Zx9Zx9Zx9Zx9Zx9Zx9Zx9Zx9';

test('maskSecrets() hides what is secret in settings, headers, flags and files', () => {
  const texts = [
    `PRIVATE-TOKEN: ${SECRET}`,
    `JOB-TOKEN: ${SECRET}`,
    `X-JFrog-Art-Api: ${SECRET}`,
    `extraheader = AUTHORIZATION: basic ${SECRET}`,
    `git -c http.extraHeader="Authorization: Bearer ${SECRET}" fetch`,
    `docker login --password ${SECRET}`,
    `go run . --api-key=${SECRET}`,
    `{"auths":{"ghcr.io":{"auth":"${SECRET}"}}}`,
    `{\\"auths\\":{\\"password\\":\\"${SECRET}\\"}}`,
    `//npm.corp.example/:_authToken=${SECRET}`,
    `_auth=${SECRET}`,
    `AccountName=x;AccountKey=${SECRET}==`,
    `Endpoint=sb://x/;SharedAccessKey=${SECRET}`,
    `Server=db;Uid=me;Pwd=${SECRET};`,
    `DEPLOY_PAT=${SECRET}`,
    `SIGNING_KEY=${SECRET}`,
    `https://p.test/x?sv=2024&sig=${SECRET}`,
    `https://p.test/x?next=${SECRET}`,
    `machine h.test\n  login ${SECRET}\n  password ${SECRET}\n`,
    `default login me password ${SECRET}`,
    `password ${SECRET}`,
    `Set-Cookie: id=${SECRET}; Path=/`,
    `GOCSPX-${SECRET}`,
    `abc8Q~${SECRET}`,
    `glsa_${SECRET}`,
    `https://discord.com/api/webhooks/123456789/${SECRET}`,
    `1//0${SECRET}`,
    SECRET.repeat(2),
  ];
  for (const text of texts) assert.doesNotMatch(maskSecrets(text), /Zx9/, text);
});

test('maskSecrets() leaves sentences, references, and what only looks long', () => {
  const texts = [
    'may require authorization: server message: insufficient_scope: authorization failed',
    'failed to solve: secret github_token: not found',
    'x509: cannot verify signature: insecure algorithm SHA1-RSA',
    'the token expired; a bearer token is wanted, password required',
    'Authorization: Basic authentication required',
    'token: invalid',
    'GITHUB_TOKEN=$GITHUB_TOKEN TOKEN=${{ secrets.TOKEN }} PASSWORD=***',
    'https://sso.test/auth?next=go&page=2',
    'ssh://git@github.com/owner/thing: exit status 128',
    'GOAUTH=netrc PWD=/src CACHE_KEY=go-mod-linux',
    'login page at https://sso.test/login',
    `go: downloaded /home/runner/work/Portal/Portal/internal/Store2/Very/Long/Path/Indeed/To/A/File`,
    `sha256:${'0123456789abcdef'.repeat(4)}`,
    'go.sum: h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=',
  ];
  for (const text of texts) assert.equal(maskSecrets(text), text);
});

test('maskSecrets() changes nothing when it is asked again', () => {
  for (const text of [`token=${SECRET}`, `Authorization: Bearer ${SECRET}`, `ghp_${SECRET}`]) {
    assert.equal(maskSecrets(maskSecrets(text)), maskSecrets(text));
  }
});

test('hideSecrets() leaves of an address only scheme, host and path', () => {
  assert.equal(
    hideSecrets(`get https://me:pw@p.test/x?a=1 with npm_${SECRET}`),
    'get https://p.test/x with [hidden]',
  );
});

test('time grows with the length, whatever is written', () => {
  const units = ['eyJ-', 'machine a login b ', 'password 1', 'A_KEY', '"auth":', 'a.', 'A1b', 'Q~'];
  for (const unit of [
    ...units,
    '--token',
    'cookie:',
    'authorization:basic ',
    'https://a:b',
    '?a',
  ]) {
    const text = unit.repeat(200_000 / unit.length);
    const started = process.cpuUsage();
    maskSecrets(text);
    assert.ok(process.cpuUsage(started).user < 2_000_000, unit);
  }
});

test('maskAddressList() shows each address of a list', () => {
  assert.equal(
    maskAddressList('http://127.0.0.1:8080|https://me:a/b@p.test,https://t@q.test/x?a=1|direct'),
    'http://127.0.0.1:8080|https://[hidden]@p.test,https://[hidden]@q.test/x|direct',
  );
  assert.equal(maskProxyAddress('me:secret@proxy.test:3128'), '[hidden]@proxy.test:3128');
});

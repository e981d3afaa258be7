import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certainFinding, engineAnswers, idOfCause } from './engine-cause.ts';
import { readFailure } from './read-failure.ts';

const ENGINE = `http://127.0.0.1:41000/-/run/${'0a'.repeat(16)}`;

function failing(message: string): string {
  return [
    'go: downloading a.test/x v1.0.0',
    `main.go:5:2: a.test/x@v1.0.0: reading ${ENGINE}/a.test/x/@v/v1.0.0.zip: 502 Bad Gateway`,
    '\tserver response:',
    `\ta.test/x@v1.0.0 (.zip) could not be fetched: ${message}`,
    '\tgo.corp.test said: ask the network team',
    '\tnothing mends itself here',
    '\tcofferdam: trace 00000000000000000000000000000001',
    '',
  ].join('\n');
}

const WITHOUT_ENGINE =
  'go: a.test/x@v1.0.0: reading https://proxy.test/a.test/x/@v/v1.0.0.zip: 502 Bad Gateway\n';

test('what is no answer of an engine is left alone; one that is not known gives no guess', () => {
  assert.deepEqual(engineAnswers(WITHOUT_ENGINE).causes, []);
  const reader = readFailure(() => undefined);
  reader.write(Buffer.from(failing('the moon stood in the way')));
  const { findings, text, exitCode } = reader.end();
  assert.deepEqual([findings, text, exitCode], [[], '', undefined]);
});

test('words of an upstream are no cause', () => {
  assert.equal(idOfCause('x could not be fetched; u said: it answered 403 here'), undefined);
});

test('each id is one of the catalogue, and wrong bytes are never to be tried again', () => {
  for (const code of ['module-hash-mismatch', 'go-sum-mismatch', 'checksum-tree-forked']) {
    const id = idOfCause(`a.test/x@v1.0.0 (.zip) was refused by verification: ${code}`);
    assert.equal(certainFinding(id ?? '', '', [])?.retry, 'permanent', code);
  }
});

for (const [message, id] of [
  ['https://go.corp.test answered 403 Forbidden', 'proxy-forbidden'],
  ['https://go.corp.test answered 401 Unauthorized', 'proxy-unauthorized'],
  ['https://go.corp.test answered 429 Too Many Requests', 'proxy-rate-limited'],
  ['https://go.corp.test answered 503 Service Unavailable', 'proxy-5xx'],
  ['the name of go.corp.test:443 does not resolve', 'dns-no-such-host'],
  ['connecting to go.corp.test:443: the connection was refused', 'tcp-connection-refused'],
  ['connecting to go.corp.test:443: the connection was reset', 'tcp-connection-reset'],
  ['go.corp.test:443 gave nothing for 5000 ms: timed out connecting', 'tcp-dial-timeout'],
  ['TLS with go.corp.test:443 failed: its certificate is signed by Corp', 'tls-unknown-ca'],
  [
    'TLS with go.corp.test:443 failed: its certificate is for another name',
    'tls-hostname-mismatch',
  ],
  ['TLS with go.corp.test:443 failed: its certificate is not yet valid', 'tls-clock-skew'],
  ['go.corp.test:443 gave nothing for 66 s: timed out waiting for the headers', 'net-hang'],
  ['the body from https://go.corp.test ended early: it was cut', 'download-truncated'],
  ['https://go.corp.test sent a web page instead of a go.mod', 'proxy-bad-content'],
] as const) {
  test(`behind the engine: ${message}`, () => {
    assert.ok(certainFinding(id, '', []) !== undefined);
    const reader = readFailure(() => undefined);
    reader.write(Buffer.from(failing(message)));
    const { findings, text } = reader.end();
    assert.equal(findings[0]?.code, id);
    assert.doesNotMatch(text, /\/-\/run\//u);
  });
}

test('credentials are advised for https, and the address of https where they are never sent', () => {
  const fixOf = (scheme: string): string => {
    const cause = `m.test/x@v1.0.0 (.zip) could not be fetched: ${scheme}://go.corp.test answered 401 Unauthorized`;
    return certainFinding('proxy-unauthorized', cause, [])?.fix?.text ?? '';
  };
  assert.match(fixOf('http'), /^credentials are sent over https only: name the https address/u);
  assert.doesNotMatch(fixOf('https'), /over https only/u);
});

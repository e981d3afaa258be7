import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWordsOfGo } from './engine-words.ts';
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

test('a status behind the engine is put as go would have seen it', () => {
  assert.equal(
    inWordsOfGo(failing('https://go.corp.test answered 403 Forbidden')),
    'go: a.test/x@v1.0.0: reading https://go.corp.test/a.test/x/@v/v1.0.0.zip: 403 Forbidden\n\tserver response: ask the network team\n',
  );
});

const WITHOUT_ENGINE =
  'go: a.test/x@v1.0.0: reading https://proxy.test/a.test/x/@v/v1.0.0.zip: 502 Bad Gateway\n';

test('what is no answer of an engine, or not known, is left alone', () => {
  assert.equal(inWordsOfGo(WITHOUT_ENGINE), '');
  assert.equal(inWordsOfGo(failing('the moon stood in the way')), '');
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
] as const) {
  test(`behind the engine: ${message}`, () => {
    const reader = readFailure();
    reader.write(Buffer.from(failing(message)));
    const { findings, text } = reader.end();
    assert.equal(findings[0]?.code, id);
    assert.doesNotMatch(text, /\/-\/run\//u);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDiagnoser, type Diagnosed } from './create-diagnosis.ts';

const diagnoser = createDiagnoser();

function diagnosed(log: string): Diagnosed {
  const diagnosis = diagnoser.start({ source: 'build.log' });
  diagnosis.write(Buffer.from(log));
  return diagnosis.end();
}

const LOG = `go: downloading m.test/x v1.0.0
main.go:2:8: m.test/x@v1.0.0: Get "http://p.test/m.test/x/@v/v1.0.0.zip": dial tcp: lookup p.test on 10.0.0.53:53: no such host
`;

test('a cause is told with its line, its target and what trying again brings', () => {
  const { outcome, findings, lines, bytes } = diagnosed(LOG);
  assert.equal(outcome, 'diagnosed');
  assert.equal(lines, 2);
  assert.equal(bytes, LOG.length);
  const [root, ...rest] = findings;
  assert.deepEqual(rest, []);
  assert.equal(root?.code, 'dns-no-such-host');
  assert.equal(root?.retry, 'permanent');
  assert.equal(root?.evidence[0]?.line, 2);
  assert.match(root?.explanation ?? '', /module m\.test\/x@v1\.0\.0, host p\.test/);
});

test('a log comes in pieces of any size', () => {
  const diagnosis = diagnoser.start();
  for (const byte of Buffer.from(LOG)) diagnosis.write(Buffer.of(byte));
  assert.equal(diagnosis.end().findings[0]?.evidence[0]?.line, 2);
});

test('a log without a failure has no finding, and an unknown failure is no guess', () => {
  assert.equal(diagnosed('ok  \tm.test/x\t0.1s\n').outcome, 'no-failure');
  const unknown = diagnosed('something odd\nmake: *** [build] Error 1\n');
  assert.equal(unknown.outcome, 'unknown-failure');
  assert.equal(unknown.failedAtLine, 2);
  assert.deepEqual(unknown.findings, []);
});

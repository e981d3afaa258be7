import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDiagnoser } from '../create-diagnosis.ts';

const diagnoser = createDiagnoser();

function verdict(log: string, previousIds: readonly string[] = []): string | undefined {
  const diagnosis = diagnoser.start({ previousIds });
  diagnosis.write(Buffer.from(log));
  return diagnosis.end().findings[0]?.retry;
}

const TIMEOUT =
  'go: m.test/x@v1.0.0: Get "https://p.test/m.test/x/@v/v1.0.0.mod": dial tcp 192.0.2.1:443: i/o timeout\n';

test('what may pass is permanent once three tries failed alike', () => {
  const failed = `${TIMEOUT}make: *** [deps] Error 1\n`;
  assert.equal(verdict(failed.repeat(2)), 'transient-then-permanent');
  assert.equal(verdict(failed.repeat(3)), 'permanent');
});

test('what failed the previous run of the same commit is permanent', () => {
  assert.equal(verdict(TIMEOUT, ['tcp-dial-timeout']), 'permanent');
  assert.equal(verdict(TIMEOUT, ['conn-eof']), 'transient-then-permanent');
});

test('what is transient by nature stays so', () => {
  const reset =
    'go: m.test/x@v1.0.0: reading https://p.test/m.test/x/@v/v1.0.0.mod: 503 Service Unavailable\nmake: *** [x] Error 1\n';
  assert.equal(verdict(reset.repeat(5)), 'transient');
});

test('a chain of trust that is broken does not mend itself, whoever was asked', () => {
  const log =
    'go: m.test/x@v1.0.0: verifying module: Get "https://sum.test/lookup/m.test/x@v1.0.0": x509: certificate signed by unknown authority\n';
  assert.equal(verdict(log), 'permanent');
});

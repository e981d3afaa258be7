import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from './finding.ts';
import { findingsAsJson, findingsAsText } from './render-findings.ts';

const FINDING: Finding = {
  code: 'artifact-damaged',
  title: 'the stored zip of m.test/x@v1.0.0 is damaged',
  explanation: 'It is not what was stored.',
  severity: 'error',
  confidence: 1,
  evidence: [{ kind: 'file', text: 'block 0 is wrong', source: 'modules/m.test/x' }],
  fix: { text: 'fetch it again', command: 'cofferdam store verify', edits: [] },
  owner: 'proxy',
  dependsOn: [],
  checked: 'yes',
};

test('findingsAsJson() writes every name of the contract, null for what is unknown', () => {
  const text = findingsAsJson([FINDING], { artifacts: 3 });
  assert.ok(text.endsWith('}\n'));
  const read = JSON.parse(text) as { findings: Record<string, unknown>[] };
  assert.deepEqual(Object.keys(read), ['version', 'artifacts', 'findings']);
  assert.deepEqual(read.findings[0], {
    ...FINDING,
    retry: null,
    evidence: [{ kind: 'file', text: 'block 0 is wrong', line: null, source: 'modules/m.test/x' }],
  });
  assert.equal(findingsAsJson([]), '{"version":1,"findings":[]}\n');
});

test('findingsAsText() gives the title, why, the proof and the way out', () => {
  assert.equal(
    findingsAsText([FINDING]),
    [
      'error: the stored zip of m.test/x@v1.0.0 is damaged [artifact-damaged]',
      '  It is not what was stored.',
      '  modules/m.test/x: block 0 is wrong',
      '  hint: fetch it again',
      '    cofferdam store verify',
      '',
    ].join('\n'),
  );
  assert.equal(findingsAsText([]), '');
  const without = findingsAsText([{ ...FINDING, fix: { text: '', edits: [] } }]);
  assert.doesNotMatch(without, /hint:/);
});

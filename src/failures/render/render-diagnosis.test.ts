import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../finding/index.ts';
import type { DiagnosedLog } from './diagnosed-log.ts';
import { catalogue } from '../catalogue/index.ts';
import { explainFailure } from './explain-failure.ts';
import { renderDiagnosis } from './render-diagnosis.ts';

const root: Finding = {
  code: 'conn-eof',
  title: 'the server closed the connection',
  explanation: 'It ended, 100%.',
  severity: 'error',
  confidence: 0.9,
  evidence: [{ kind: 'log', text: 'go: x: "EOF" <&>', line: 7, source: 'logs/a b.log' }],
  fix: { text: 'try again', command: 'go mod download', edits: [] },
  owner: 'network',
  retry: 'transient',
  dependsOn: [],
  checked: 'not-checked',
};
const consequence: Finding = {
  ...root,
  code: 'compile-error',
  title: 'no',
  severity: 'warning',
  dependsOn: ['conn-eof'],
};
const log: DiagnosedLog = {
  source: 'logs/a b.log',
  outcome: 'diagnosed',
  findings: [root, consequence],
  failedAtLine: 8,
  goVersion: '1.26.8',
  clippedAtLine: undefined,
  lines: 9,
  bytes: 100,
};

test('people read the cause, the proof, the way out, the verdict and who mends it', () => {
  assert.equal(
    renderDiagnosis([log], 'text'),
    `error: the server closed the connection [conn-eof]
  It ended, 100%.
  logs/a b.log:7: go: x: "EOF" <&>
  hint: try again
    go mod download
  prove: the same request three times
  retry: trying again may help
  owner: the network team
  more:  cofferdam diagnose --explain conn-eof

Also in this log, and explained by it or less basic:
  line 7: no [compile-error]
`,
  );
});

test('JSON has what is known of each log beside the findings', () => {
  const { logs, findings } = JSON.parse(renderDiagnosis([log], 'json')) as {
    readonly logs: readonly unknown[];
    readonly findings: readonly Finding[];
  };
  const about = { source: 'logs/a b.log', outcome: 'diagnosed', root: 'conn-eof' };
  assert.deepEqual(logs, [
    { ...about, failedAtLine: 8, goVersion: '1.26.8', clippedAtLine: null, lines: 9, bytes: 100 },
  ]);
  assert.deepEqual(
    findings.map(({ code, dependsOn }) => [code, dependsOn]),
    [
      ['conn-eof', []],
      ['compile-error', ['conn-eof']],
    ],
  );
});

test('SARIF has rules, levels and the line', () => {
  const sarif = JSON.parse(renderDiagnosis([log], 'sarif')) as {
    readonly version: string;
    readonly runs: readonly { readonly results: readonly Record<string, unknown>[] }[];
  };
  assert.equal(sarif.version, '2.1.0');
  const [result] = sarif.runs[0]?.results ?? [];
  assert.deepEqual([result?.['ruleId'], result?.['level']], ['conn-eof', 'error']);
  assert.match(JSON.stringify(result), /"uri":"logs\/a%20b\.log"},"region":{"startLine":7/);
});

test('an annotation is one line, whatever is in it', () => {
  const [first = '', second = '', rest] = renderDiagnosis([log], 'github').split('\n');
  assert.equal(
    first,
    '::error title=the server closed the connection [conn-eof]::It ended, 100%25.%0Aline 7: go: x: "EOF" <&>%0Atry again%0Ago mod download',
  );
  assert.match(second, /^::warning title=no \[compile-error\]::/);
  assert.equal(rest, '');
});

test('a code quality report names file and line', () => {
  const [issue] = JSON.parse(renderDiagnosis([log], 'gitlab')) as readonly Record<
    string,
    unknown
  >[];
  assert.deepEqual(issue?.['location'], { path: 'logs/a b.log', lines: { begin: 7 } });
  assert.match(String(issue?.['fingerprint']), /^[0-9a-f]{64}$/);
});

test('JUnit escapes what it carries', () => {
  const xml = renderDiagnosis([log], 'junit');
  assert.match(xml, /tests="2" failures="2"/);
  assert.match(xml, /&quot;EOF&quot; &lt;&amp;&gt;/);
});

const unknown: DiagnosedLog = { ...log, outcome: 'unknown-failure', findings: [] };

test('each report for programs says of an unknown failure that its cause is not known, and where it is', () => {
  for (const format of ['github', 'gitlab', 'junit', 'sarif'] as const) {
    const text = renderDiagnosis([unknown], format);
    assert.match(text, /cause is not known/u, format);
    assert.match(text, /unknown-failure/u, format);
    assert.match(text, /logs\/a(?: |%20)b\.log/u, format);
    assert.match(text, /line 8/u, format);
    const well = renderDiagnosis([{ ...unknown, outcome: 'no-failure' }], format);
    assert.doesNotMatch(well, /unknown-failure/u, format);
  }
  assert.match(renderDiagnosis([unknown], 'github'), /^::error title=[^\n]+\n$/u);
  const [issue] = JSON.parse(renderDiagnosis([unknown], 'gitlab')) as readonly Record<
    string,
    unknown
  >[];
  assert.deepEqual(issue?.['location'], { path: 'logs/a b.log', lines: { begin: 8 } });
  assert.match(renderDiagnosis([unknown], 'junit'), /failures="1"/u);
  assert.match(renderDiagnosis([unknown], 'sarif'), /"region":\{"startLine":8\}/u);
});

test('every cause can be explained without a log, and only causes can', () => {
  for (const { id, title, remedy, mistakenFor } of catalogue) {
    const text = explainFailure(id) ?? '';
    assert.ok(text.startsWith(`${title} [${id}]\n`), id);
    assert.ok(text.includes(remedy), id);
    for (const other of mistakenFor) assert.ok(text.includes(`[${other}]`), `${id}: ${other}`);
  }
  assert.equal(explainFailure('no-such-cause'), undefined);
});

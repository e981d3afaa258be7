import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { Finding } from '../../finding/index.ts';
import type { RunSummary } from '../run-summary.ts';
import { asJson } from './as-json.ts';
import { asJunit } from './as-junit.ts';
import { asOpenMetrics } from './as-open-metrics.ts';
import { asPage } from './as-page.ts';
import { asDotenv, asGithubOutput } from './as-variables.ts';
import { detectBuildSystem } from './build-system.ts';
import { createMasker } from './masker.ts';
import { nameOfCommand } from './run-report.ts';
import type { RunReport } from './run-report.ts';

const { tell } = createMasker({ A_TOKEN: 'hunter2-hunter2' });

const root: Finding = {
  code: 'conn-eof',
  title: 'the server <closed> [the](https://evil.example) connection',
  explanation: 'It ended: hunter2-hunter2.',
  severity: 'error',
  confidence: 0.9,
  evidence: [{ kind: 'log', text: 'go: x </pre><img src=x> ]]> & "q"', line: 7 }],
  fix: { text: 'try again', command: 'go mod download', edits: [] },
  owner: 'network',
  retry: 'transient',
  dependsOn: [],
  checked: 'not-checked',
};

function phase(name: 'prepare' | 'download' | 'command', outcome: 'done' | 'failed', time: number) {
  return {
    name,
    attempt: 1,
    startedMilliseconds: 0,
    endedMilliseconds: time,
    durationMilliseconds: time,
    outcome,
  };
}

const summary: RunSummary = {
  exitCode: 1,
  durationMilliseconds: 12_345,
  engine: {
    modules: 3,
    files: 9,
    bytesServed: 1500,
    bytesFetched: 1000,
    upstreamRequests: 10,
    retries: 1,
    failures: 1,
  },
  notices: [],
  diagnosis: [root],
  phases: [
    phase('prepare', 'done', 100),
    phase('download', 'done', 2000),
    phase('command', 'failed', 10_000),
  ],
  retries: [],
  stalls: [
    { url: 'https://p.example/x', atMilliseconds: 5, silentMilliseconds: 30_000, others: 0 },
  ],
};

const report: RunReport = {
  summary,
  system: detectBuildSystem({ GITLAB_CI: 'true', CI_JOB_NAME: 'unit' }),
  commandName: 'go test',
  fingerprint: { id: 'ab'.repeat(32), inputs: { GOVERSION: 'go1.26.8' } },
  comparison: {
    kind: 'compared',
    runs: 5,
    stages: [
      {
        name: 'download',
        milliseconds: 2000,
        medianMilliseconds: 1000,
        leastMilliseconds: 900,
        mostMilliseconds: 1100,
        ratio: 2,
        scale: 'time',
      },
    ],
    progress: undefined,
    changed: ['go.sum'],
  },
  verdict: { cause: 'environment.upstream', confidence: 'medium', because: 'the `server`' },
  networkShut: undefined,
};

const passed: RunReport = {
  ...report,
  summary: {
    ...summary,
    exitCode: 0,
    diagnosis: [],
    phases: [phase('prepare', 'done', 100), phase('command', 'done', 10_000)],
  },
  comparison: { kind: 'no-baseline', runs: 1, needed: 3 },
  verdict: undefined,
};

test('OpenMetrics has its units, ends with EOF, and promtool has nothing to say', (context) => {
  const text = asOpenMetrics(report);
  assert.match(text, /^cofferdam_run_duration_seconds 12\.345$/m);
  assert.match(
    text,
    /^cofferdam_run_phase_duration_seconds\{phase="download",outcome="done"\} 2\.000$/m,
  );
  assert.match(text, /^cofferdam_run_failed\{cause="conn-eof"\} 1$/m);
  assert.match(text, /^cofferdam_run_baseline_ratio\{phase="download"\} 2\.0000$/m);
  assert.ok(text.endsWith('\n# EOF\n'));
  for (const [, name = '', unit = ''] of text.matchAll(/^# UNIT (\w+) (\w+)$/gm)) {
    assert.ok(name.endsWith(`_${unit}`));
  }
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: text });
  if (checked.error !== undefined) return context.diagnostic('promtool is not there');
  assert.equal(checked.stderr.toString() + checked.stdout.toString(), '');
});

test('variables are words that no reader has to quote', () => {
  const text = asDotenv(report);
  assert.match(text, /^COFFERDAM_RUN_EXIT_CODE=1$/m);
  assert.match(text, /^COFFERDAM_RUN_DOWNLOAD_SECONDS=2\.000$/m);
  assert.match(text, /^COFFERDAM_RUN_CAUSE=conn-eof$/m);
  for (const line of text.trimEnd().split('\n')) assert.match(line, /^[A-Z_]+=[\w.:/-]+$/);
  assert.match(asGithubOutput(passed), /^cofferdam-exit-code=0$/m);
});

test('JUnit blames the phase that failed, and counts right', () => {
  const failed = asJunit(report, tell);
  assert.match(
    failed,
    /<testsuite name="cofferdam run" tests="3" failures="1" errors="0" time="12\.345">/,
  );
  assert.match(
    failed,
    /name="command: go test" time="10\.000"><failure type="conn-eof" message="the server &lt;closed&gt;/,
  );
  assert.doesNotMatch(failed, /hunter2|<img/);
  assert.doesNotMatch(asJunit(passed, tell), /<failure/);
  const broken = { ...report, summary: { ...summary, exitCode: 125, phases: [], diagnosis: [] } };
  assert.match(
    asJunit(broken, tell),
    /tests="1" failures="1".*\n.*name="run".*ended with exit code 125/,
  );
});

test('the page says what happened, and nothing from a log is markup on it', () => {
  const page = asPage(report, tell);
  assert.match(page, /^### cofferdam run: go test failed with exit code 1\n/);
  assert.match(page, /\| download \| 2\.000 s \| 1 \| done \|/);
  assert.match(page, /<pre>7: go: x &lt;\/pre&gt;&lt;img src=x&gt; \]\]&gt; &amp; "q"<\/pre>/);
  assert.match(page, /Nothing came for 30 s from <code>https:\/\/p\.example\/x<\/code>/);
  assert.match(page, /ratio 2\.00, of 5 good runs/);
  assert.match(page, /environment\.upstream, confidence medium: the \\`server\\`/);
  assert.doesNotMatch(page, /hunter2|<img|\[the\]\(/);
  assert.match(asPage(passed, tell), /passed[^]*No baseline: 1 good runs/);
});

test('JSON has all of it, and of the command only its name', () => {
  const json = JSON.parse(asJson(report, tell)) as Record<string, unknown>;
  assert.equal(json['version'], 1);
  assert.equal(json['program'], 'go test');
  assert.deepEqual((json['buildSystem'] as Record<string, unknown>)['name'], 'gitlab');
  assert.deepEqual((json['verdict'] as Record<string, unknown>)['cause'], 'environment.upstream');
  assert.equal(nameOfCommand(['/usr/bin/go', 'build', 'x']), 'go build');
  assert.equal(nameOfCommand(['/opt/x', 'hunter2']), 'x');
  assert.equal(nameOfCommand(['go', '-C', 'dir', 'build']), 'go');
});

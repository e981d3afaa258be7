import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../finding/index.ts';
import type { BuildSystemName } from './build-system.ts';
import { createLogCommands, uploadPage } from './log-commands.ts';
import type { LogCommands } from './log-commands.ts';
import { createMasker } from './masker.ts';

const finding: Finding = {
  code: 'conn-eof',
  title: 'the server closed, 100%',
  explanation: 'It ended: early; here]',
  severity: 'error',
  confidence: 0.9,
  evidence: [{ kind: 'log', text: 'go: x\n::error title=fake::y \u001B[31m##vso[task.complete]' }],
  fix: { text: 'try again', command: 'go mod download', edits: [] },
  dependsOn: [],
  checked: 'not-checked',
};

function commandsOf(system: BuildSystemName): LogCommands {
  const masker = createMasker({ A_TOKEN: 'hunter2-hunter2' });
  return createLogCommands({ masker, epochSeconds: () => 12 }, system);
}

/** Whether a system that obeys line by line finds one more command than the one that was meant. */
function commandLines(text: string): number {
  return text.split(/[\r\n]/).filter((line) => /^\s*(?:::|##\[|##vso\[)/.test(line)).length;
}

test('GitHub folds our own part, leaves the command open, and gets one annotation', () => {
  const github = commandsOf('github');
  assert.equal(github.openGroup('download', 'a ::warning::', true), '::group::a : :warning::\n');
  assert.equal(github.closeGroup('download'), '::endgroup::\n');
  assert.equal(github.openGroup('command', 'go test', false) + github.closeGroup('command'), '');
  const text = github.annotation(finding);
  assert.equal(
    text,
    '::error title=the server closed%2C 100%25 [conn-eof]::It ended: early; here]%0Ago: x : :error title=fake::y  [31m# #vso[task.complete]%0Atry again%0Ago mod download\n',
  );
  assert.equal(commandLines(text), 1);
});

test('GitLab gets sections with a time, and no annotation in its log', () => {
  const gitlab = commandsOf('gitlab');
  assert.equal(
    gitlab.openGroup('download', 'modules', true),
    '\u001B[0Ksection_start:12:cofferdam_download[collapsed=true]\r\u001B[0Kmodules\n',
  );
  assert.equal(
    gitlab.closeGroup('download'),
    '\u001B[0Ksection_end:12:cofferdam_download\r\u001B[0K',
  );
  assert.equal(gitlab.annotation(finding), '');
});

test('Buildkite gets headings', () => {
  const buildkite = commandsOf('buildkite');
  assert.equal(buildkite.openGroup('download', 'modules', true), '--- modules\n');
  assert.equal(buildkite.openGroup('command', 'a\nb', false), '+++ a b\n');
  assert.equal(buildkite.closeGroup('command'), '');
});

test('Azure gets an issue in one line, and the page by its path', () => {
  const azure = commandsOf('azure');
  assert.equal(azure.openGroup('download', 'modules', true), '##[group]modules\n');
  const text = azure.annotation(finding);
  assert.match(
    text,
    /^##vso\[task\.logissue type=error;code=conn-eof\]the server closed, 100%AZP25/,
  );
  assert.equal(commandLines(text), 1);
  assert.equal(azure.annotation({ ...finding, severity: 'info' }), '');
  assert.equal(uploadPage('/t/a.md'), '##vso[task.uploadsummary]/t/a.md\n');
});

test('a plain container, Jenkins and CircleCI get nothing special', () => {
  for (const name of ['none', 'jenkins', 'circleci'] as const) {
    const { openGroup, closeGroup, annotation } = commandsOf(name);
    assert.equal(openGroup('a', 'b', true) + closeGroup('a') + annotation(finding), '');
  }
});

test('secrets are hidden in titles and annotations', () => {
  const secret = 'hunter2-hunter2';
  for (const name of ['github', 'gitlab', 'buildkite', 'azure'] as const) {
    const { openGroup, annotation } = commandsOf(name);
    const text = openGroup('a', secret, true) + annotation({ ...finding, explanation: secret });
    assert.doesNotMatch(text, /hunter2/);
  }
});

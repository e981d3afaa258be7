import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectBuildSystem } from './build-system.ts';

test('each system is known by the variable that it documents', () => {
  const cases = [
    [{ GITHUB_ACTIONS: 'true' }, 'github'],
    [{ GITLAB_CI: 'true' }, 'gitlab'],
    [{ BUILDKITE: 'true' }, 'buildkite'],
    [{ TF_BUILD: 'True' }, 'azure'],
    [{ CIRCLECI: 'true' }, 'circleci'],
    [{ JENKINS_URL: 'https://ci.example/' }, 'jenkins'],
    [{ CI: 'true' }, 'none'],
    [{ GITHUB_ACTIONS: 'false' }, 'none'],
    [{}, 'none'],
  ] as const;
  for (const [variables, name] of cases) assert.equal(detectBuildSystem(variables).name, name);
});

test('the system that is asked for counts', () => {
  assert.equal(detectBuildSystem({ GITLAB_CI: 'true' }, 'none').name, 'none');
  assert.equal(detectBuildSystem({}, 'gitlab').name, 'gitlab');
});

test('project, job, stage, runner and image come from its variables', () => {
  const gitlab = detectBuildSystem({
    GITLAB_CI: 'true',
    CI_PROJECT_PATH: 'a/b',
    CI_JOB_NAME: 'unit',
    CI_JOB_STAGE: 'test',
    CI_RUNNER_EXECUTABLE_ARCH: 'linux/amd64',
    CI_JOB_IMAGE: 'golang:1.26',
  });
  const { project, job, stage, runner, image } = gitlab;
  assert.deepEqual(
    { project, job, stage, runner, image },
    { project: 'a/b', job: 'unit', stage: 'test', runner: 'linux/amd64', image: 'golang:1.26' },
  );
  const buildkite = { BUILDKITE: 'true', BUILDKITE_LABEL: ':go: test', BUILDKITE_STEP_KEY: '' };
  assert.equal(detectBuildSystem(buildkite).job, ':go: test');
});

test('only whole paths of the system itself are written to', () => {
  const file = '/home/runner/work/_temp/_runner_file_commands/step_summary_1';
  const variables = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file, GITHUB_OUTPUT: 'x' };
  const { pageFile, outputFile } = detectBuildSystem(variables);
  assert.deepEqual([pageFile, outputFile], [file, undefined]);
  assert.equal(detectBuildSystem(variables, 'gitlab').pageFile, undefined);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { catalogue } from './catalogue/index.ts';
import { createDiagnoser, type Diagnosed } from './create-diagnosis.ts';

interface Sample {
  readonly id: string;
  readonly line: number;
  readonly retry: string | undefined;
  readonly log: string;
}

/** `== ID LINE [RETRY]`, then the log: small ones, in the forms of the reference. */
function readSamples(...names: readonly string[]): readonly Sample[] {
  return names.flatMap((name) =>
    readFileSync(new URL(`testdata/${name}.txt`, import.meta.url), 'utf8')
      .split(/^== /m)
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n');
        const [id = '', line = '', retry] = part.slice(0, end).split(' ');
        return { id, line: Number(line), retry, log: part.slice(end + 1) };
      }),
  );
}

const samples = readSamples('network', 'answers', 'code', 'places');

const diagnoser = createDiagnoser();

function diagnosed(log: string): Diagnosed {
  const diagnosis = diagnoser.start();
  diagnosis.write(Buffer.from(log));
  return diagnosis.end();
}

/** Each as a build system would have written it, with as many lines put in front. */
const wrappings: readonly (readonly [string, number, (log: string) => string])[] = [
  ['plain', 0, (log) => log],
  [
    'GitHub',
    1,
    (log) =>
      `2024-05-01T10:00:00.0000001Z ##[group]Run go build ./...\n${prefixed(log, '2024-05-01T10:00:01.1234567Z ')}2024-05-01T10:00:02.0000000Z ##[error]Process completed with exit code 1.\n`,
  ],
  [
    'BuildKit',
    1,
    (log) =>
      `#12 [build 4/6] RUN go mod download\n${prefixed(log, '#12 3.217 ')}#12 ERROR: process "/bin/sh -c go mod download" did not complete successfully: exit code: 1\n`,
  ],
  [
    'Jenkins',
    1,
    (log) =>
      `[2024-05-01T10:00:00.123Z] + go build ./...\n${prefixed(log, '[2024-05-01T10:00:00.123Z] ')}[2024-05-01T10:00:01.123Z] script returned exit code 1\n`,
  ],
  [
    'GitLab',
    1,
    (log) =>
      `2024-05-01T10:00:00.123456Z 00O $ go build ./...\n${prefixed(log, '2024-05-01T10:00:00.123456Z 01E ')}2024-05-01T10:00:01.123456Z 00O ERROR: Job failed: exit code 1\n`,
  ],
  [
    'colours',
    1,
    (log) =>
      `\u001B[32m$ go build ./...\u001B[0m\r\n${log.replaceAll(/^(.+)$/gm, '\u001B[31m$1\u001B[0m\r')}`,
  ],
  ['Cloud Build', 0, (log) => prefixed(log, 'Step #2 - "build": ')],
  ['Earthly', 0, (log) => prefixed(log, '        +build | ')],
  ['journald', 0, (log) => prefixed(log, 'May 01 10:00:00 ci-1 runner[1234]: ')],
  ['Buildkite', 0, (log) => prefixed(log, '\u001B_bk;t=1714557600123\u0007')],
  ['Kubernetes', 0, (log) => prefixed(log, '2024-05-01T10:00:00.123456789Z stderr F ')],
  ['Azure', 0, (log) => prefixed(log, '2024-05-01T10:00:00.1234567Z ##[error]')],
  [
    "Docker's JSON",
    0,
    (log) =>
      log.replaceAll(/^(.+)$/gm, (line) =>
        JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2024-05-01T10:00:00Z' }),
      ),
  ],
  ['Compose', 0, (log) => prefixed(log, 'build-1  | ')],
];

function prefixed(log: string, prefix: string): string {
  return log.replaceAll(/^/gm, prefix).slice(0, -prefix.length);
}

test('each id of the catalogue has a log', () => {
  const ids = new Set(samples.map(({ id }) => id));
  assert.deepEqual(
    catalogue.map(({ id }) => id).filter((id) => !ids.has(id)),
    [],
  );
});

for (const [name, before, wrap] of wrappings) {
  test(`each log of the corpus gives its cause, its line and its verdict, as ${name} writes it`, () => {
    const wrong = samples.flatMap(({ id, line, retry, log }) => {
      const found = diagnosed(wrap(log)).findings[0];
      const expected = `${id} ${line + before} ${retry ?? catalogue.find((failure) => failure.id === id)?.retry ?? ''}`;
      const seen = `${found?.code ?? 'nothing'} ${found?.evidence[0]?.line ?? 0} ${found?.retry ?? ''}`;
      return seen === expected
        ? []
        : [`${expected} was ${seen}: ${log.split('\n')[line - 1] ?? ''}`];
    });
    assert.deepEqual(wrong, []);
  });
}

test('whole shapes of logs give their cause and its line: recaps, chains, retries, linters, JSON', () => {
  const wrong = readSamples('shapes').flatMap(({ id, line, log }) => {
    const found = diagnosed(log).findings[0];
    const seen = `${found?.code ?? 'nothing'} ${found?.evidence[0]?.line ?? 0}`;
    return seen === `${id} ${line}` ? [] : [`${id} ${line} was ${seen}`];
  });
  assert.deepEqual(wrong, []);
});

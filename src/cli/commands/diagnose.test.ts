import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import type { DiagnosedLog } from '../../failures/index.ts';
import type { DiagnoseRequest } from '../needs.ts';
import { addDiagnose } from './diagnose.ts';

const sound: DiagnosedLog = {
  source: 'x.log',
  outcome: 'no-failure',
  findings: [],
  failedAtLine: undefined,
  goVersion: undefined,
  clippedAtLine: undefined,
  lines: 1,
  bytes: 10,
};

interface Outcome {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
  readonly requests: readonly DiagnoseRequest[];
}

async function diagnose(words: readonly string[], log: DiagnosedLog = sound): Promise<Outcome> {
  let out = '';
  let err = '';
  let code: number | undefined;
  const requests: DiagnoseRequest[] = [];
  const program = new Command('cofferdam')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  const terminal = {
    out: { write: (text: string) => void (out += text), isTerminal: false },
    err: { write: (text: string) => void (err += text), isTerminal: false },
    environment: {},
  };
  const needs = {
    terminal,
    diagnose: async (request: DiagnoseRequest) => {
      requests.push(request);
      return log;
    },
  };
  addDiagnose(program, needs, (result) => {
    code = result;
  });
  await program.parseAsync(['diagnose', ...words], { from: 'user' });
  return { code, out, err, requests };
}

test('stdin is read when no file is named', async () => {
  assert.deepEqual((await diagnose([])).requests, [{ file: '-', goVersion: undefined }]);
  const { requests } = await diagnose(['a.log', 'b.log', '--go-version', 'go1.26.8']);
  assert.deepEqual(requests, [
    { file: 'a.log', goVersion: '1.26.8' },
    { file: 'b.log', goVersion: '1.26.8' },
  ]);
});

test('a log without a failure is nothing to check', async () => {
  const { code, out, err } = await diagnose(['x.log']);
  assert.deepEqual([code, out, err], [3, '', 'x.log: 1 line, no failure in it\n']);
});

test('a failure that is not known is said to be one, and is a failure', async () => {
  const { code, out, err } = await diagnose(['x.log'], {
    ...sound,
    outcome: 'unknown-failure',
    failedAtLine: 1,
  });
  assert.deepEqual([code, out], [1, '']);
  assert.equal(err, 'x.log: 1 line, a failure at line 1 whose cause is not known\n');
});

test('programs get their format on stdout, and nothing beside it with --quiet', async () => {
  const { out, err } = await diagnose(['x.log', '--format', 'json', '--quiet']);
  assert.equal(err, '');
  assert.deepEqual((JSON.parse(out) as { findings: unknown }).findings, []);
});

test('a cause is explained without a log, and what is none is refused', async () => {
  const { code, out, requests } = await diagnose(['--explain', 'dns-timeout']);
  assert.deepEqual([code, requests], [0, []]);
  assert.match(out, /\[dns-timeout\]\n.*\n {2}prove: .*\n {2}hint: {2}/);
  await assert.rejects(diagnose(['--explain', 'dns']), { code: 'usage' });
});

test('what is no Go version is refused', async () => {
  await assert.rejects(diagnose(['--go-version', 'newest']), {
    code: 'usage',
    message: '"newest" is not a Go version',
  });
});

test('a trace is read from the server that is named, and from no log', async () => {
  const trace = '0123456789abcdef'.repeat(2);
  const { requests } = await diagnose(['--trace', trace, '--server', 'http://127.0.0.1:1']);
  assert.deepEqual(requests, [{ trace, server: 'http://127.0.0.1:1' }]);
  for (const words of [
    ['--trace', trace],
    ['--server', 'http://127.0.0.1:1'],
    ['--trace', 'x', '--server', 'http://127.0.0.1:1'],
    ['x.log', '--trace', trace, '--server', 'http://127.0.0.1:1'],
  ]) {
    await assert.rejects(diagnose(words), { code: 'usage' }, words.join(' '));
  }
});

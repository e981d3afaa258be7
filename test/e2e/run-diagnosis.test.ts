// `cofferdam run` says why a command failed, and leaves what the command itself says as it is.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createModuleGraph } from '../../src/drills/index.ts';
import type { FaultRule } from '../../src/drills/index.ts';
import { startOrigin } from '../support/start-origin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

interface Stage {
  readonly folder: string;
  run(flags: readonly string[], command: readonly string[]): Promise<Ended>;
}

interface Ended {
  readonly code: number | null;
  readonly stderr: Buffer;
  readonly milliseconds: number;
}

async function setStage(context: TestContext, rules: readonly FaultRule[]): Promise<Stage> {
  const graph = createModuleGraph({ modules: 2, depth: 1, medianZipBytes: 2000, seed: 'why' });
  const origin = await startOrigin(context, { modules: graph.modules });
  origin.setFaults(rules);
  const folder = await temporaryFolder(context);
  await mkdir(join(folder, 'main'));
  for (const [name, text] of Object.entries(graph.main)) {
    await writeFile(join(folder, 'main', name), text);
  }
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    // Shared: a compiled standard library has nothing to do with these failures.
    GOCACHE: spawnSync('go', ['env', 'GOCACHE']).stdout.toString().trim(),
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOPATH: join(folder, 'gopath'),
    GOTOOLCHAIN: 'local',
    GOPROXY: origin.url,
    GOSUMDB: 'off',
  };
  async function run(flags: readonly string[], command: readonly string[]): Promise<Ended> {
    const began = performance.now();
    const child = spawn(process.execPath, [MAIN, 'run', ...flags, '--', ...command], {
      cwd: join(folder, 'main'),
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const pieces: Buffer[] = [];
    child.stderr.on('data', (bytes: Buffer) => pieces.push(bytes));
    const code = await new Promise<number | null>((resolve) => {
      child.on('exit', resolve);
    });
    const milliseconds = performance.now() - began;
    if (!child.stderr.closed) await new Promise((resolve) => child.stderr.once('close', resolve));
    return { code, stderr: Buffer.concat(pieces), milliseconds };
  }
  return { folder, run };
}

const FORBIDDEN: readonly FaultRule[] = [
  { path: '*.zip', fault: { kind: 'status', status: 403, body: 'not from this network\n' } },
];

test('a refusal of the upstream is told with its proof, who mends it and what to do', async (context) => {
  const stage = await setStage(context, FORBIDDEN);
  const file = join(stage.folder, 'run.json');
  const command = ['go', 'mod', 'download'];
  const { code, stderr } = await stage.run(['--summary-file', file], command);
  assert.equal(code, 1);
  const text = stderr.toString();
  assert.match(text, /^error: .+ \[proxy-\S+\]$/mu);
  assert.match(text, /^ {2}retry: trying again does not help/mu);
  assert.match(text, /^ {2}owner: /mu);
  const ours = text.slice(text.indexOf('\nerror: '));
  assert.doesNotMatch(ours, /\/-\/run\//u);
  const summary = JSON.parse(await readFile(file, 'utf8')) as { diagnosis: { code: string }[] };
  assert.match(summary.diagnosis[0]?.code ?? '', /^proxy-/u);
});

test('--classify-exit gives 77 where rights are missing, and --no-diagnose says nothing', async (context) => {
  const stage = await setStage(context, FORBIDDEN);
  const command = ['go', 'mod', 'download'];
  assert.equal((await stage.run(['--classify-exit'], command)).code, 77);
  const { code, stderr } = await stage.run(['--no-diagnose'], command);
  assert.equal(code, 1);
  assert.doesNotMatch(stderr.toString(), /^error: /mu);
});

test('bytes that go.sum refuses are a matter of safety, and never to be tried again', async (context) => {
  const stage = await setStage(context, [{ path: '*.zip', fault: { kind: 'altered' } }]);
  const { code, stderr } = await stage.run(['--classify-exit'], ['go', 'mod', 'download']);
  assert.equal(code, 1);
  const text = stderr.toString();
  assert.match(text, /^error: .+ \[gosum-mismatch\]$/mu);
  assert.match(text, /^ {2}retry: trying again does not help/mu);
});

for (const { what, rules, id } of [
  {
    what: 'a web page in place of a zip',
    rules: [{ path: '*.zip', fault: { kind: 'html' } }],
    id: 'zip-not-valid',
  },
  {
    what: 'a web page in place of a go.mod',
    rules: [{ path: '*.mod', fault: { kind: 'html' } }],
    id: 'proxy-bad-gomod',
  },
  {
    what: 'an empty go.mod',
    rules: [{ path: '*.mod', fault: { kind: 'replace', body: '' } }],
    id: 'proxy-bad-gomod',
  },
  {
    what: 'a zip of another module',
    rules: [{ path: '*.zip', fault: { kind: 'wrong-prefix' } }],
    id: 'zip-unexpected-file',
  },
] as const) {
  test(`${what} from the upstream is told as ${id}, with the URL`, async (context) => {
    const stage = await setStage(context, rules);
    const { code, stderr } = await stage.run([], ['go', 'mod', 'download']);
    assert.equal(code, 1);
    const text = stderr.toString();
    assert.ok(text.includes(`[${id}]`), text);
    assert.match(text, /^ {2}asked: http:\/\/127\.0\.0\.1:\d+\/\S+\.(?:zip|mod)$/mu);
    assert.doesNotMatch(text, /Content-Encoding/u);
  });
}

test('what is not in the store, offline, gets no guess beside the text that says so', async (context) => {
  const stage = await setStage(context, []);
  const { code, stderr } = await stage.run(['--offline'], ['go', 'mod', 'download']);
  assert.equal(code, 1);
  assert.match(stderr.toString(), /runs with --offline/u);
  assert.doesNotMatch(stderr.toString(), /^error: /mu);
});

test('a password over http is left to go, which refuses it itself', async (context) => {
  const stage = await setStage(context, []);
  const list = 'http://me:hunter2hunter2@127.0.0.1:1';
  const command = ['env', `GOPROXY=${list}`, process.execPath, MAIN, 'run', '--', 'go'];
  const { code, stderr } = await stage.run(['--quiet'], [...command, 'mod', 'download']);
  assert.equal(code, 1);
  const text = stderr.toString();
  assert.match(
    text,
    /without the engine: entry 1 of GOPROXY has a user name or password over http/u,
  );
  assert.match(text, /refusing to pass credentials to insecure URL/u);
  assert.doesNotMatch(text, /hunter2/u);
});

test('a compile error is what it is, and keeps its exit code', async (context) => {
  const stage = await setStage(context, []);
  await writeFile(join(stage.folder, 'main', 'main.go'), 'package main\n\nfunc main( {\n');
  const { code, stderr } = await stage.run(['--classify-exit'], ['go', 'build', '.']);
  assert.equal(code, 1);
  assert.match(stderr.toString(), /\[compile-error\]/u);
});

test('twenty megabytes of stderr come through byte for byte', async (context) => {
  const stage = await setStage(context, []);
  const script =
    'const b = require("node:crypto").createHash("shake256", { outputLength: 20e6 }).digest(); require("node:fs").writeSync(2, b.subarray(0, 1)); process.stderr.write(b.subarray(1), () => process.exit(9));';
  const { code, stderr } = await stage.run(['--quiet'], [process.execPath, '-e', script]);
  assert.equal(code, 9);
  const expected = createHash('shake256', { outputLength: 20e6 }).digest();
  assert.equal(stderr.length, expected.length);
  assert.ok(stderr.equals(expected));
});

test('what a command leaves running, with its stderr open, holds nobody up', async (context) => {
  const stage = await setStage(context, []);
  const quiet = await stage.run([], ['sh', '-c', 'sleep 30 & exit 4']);
  assert.equal(quiet.code, 4);
  assert.ok(quiet.milliseconds < 25_000, `${quiet.milliseconds} ms`);
  const script = '(for i in $(seq 60); do echo $i >&2; sleep 0.5; done) & exit 5';
  const loud = await stage.run([], ['sh', '-c', script]);
  assert.equal(loud.code, 5);
  assert.ok(loud.milliseconds < 25_000, `${loud.milliseconds} ms`);
});

test('the modules of a go command are fetched before it, and each phase is told', async (context) => {
  const stage = await setStage(context, []);
  const file = join(stage.folder, 'run.json');
  const build = ['go', 'build', '-o', '/dev/null', '.'];
  const { code, stderr } = await stage.run(['--summary-file', file], build);
  assert.equal(code, 0, stderr.toString());
  const { phases } = JSON.parse(await readFile(file, 'utf8')) as {
    phases: readonly { name: string; outcome: string }[];
  };
  assert.deepEqual(
    phases.slice(0, 3).map(({ name, outcome }) => `${name} ${outcome}`),
    ['prepare done', 'download done', 'command done'],
  );
  // What the command would have said of its downloads was said to nobody.
  assert.doesNotMatch(stderr.toString(), /^go: downloading/mu);
});

test('an upstream that is silent ends the run at its limit, with 124 and the URL', async (context) => {
  const stage = await setStage(context, [{ path: '*.zip', fault: { kind: 'stall' } }]);
  const flags = ['--stall-timeout', '2s', '--classify-exit'];
  const { code, stderr } = await stage.run(flags, ['go', 'build', '-o', '/dev/null', '.']);
  assert.equal(code, 124);
  assert.match(
    stderr.toString(),
    /^cofferdam: stopped \(--stall-timeout\), when nothing had come from http:\S+\.zip for 2/mu,
  );
  assert.match(stderr.toString(), /\[net-hang\]/u);
});

// `npm run test:single-file`: the executable in a root file system without Node, without a shell, without
// a variable. Says its size and how long it takes to start.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { startOrigin } from '../support/start-origin.ts';
import { createBareRoot, hindrance } from './bare-root.ts';
import type { BareRoot } from './bare-root.ts';

const BUILD = new URL('../../scripts/single-file.ts', import.meta.url).pathname;
const skip = hindrance() ?? false;
const folder = mkdtempSync(join(tmpdir(), 'cofferdam-single-file-'));
const executable = join(folder, 'cofferdam');
let root: BareRoot;

before(() => {
  if (skip !== false) return;
  const flags = ['--disable-warning=ExperimentalWarning', BUILD, '--out', executable];
  execFileSync(process.execPath, flags, { stdio: 'inherit' });
  root = createBareRoot(mkdtempSync(join(folder, 'root-')), executable);
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

async function run(words: readonly string[], stdin?: string): Promise<Ended> {
  const began = performance.now();
  const child = root.start(words, stdin === undefined ? 'ignore' : 'pipe');
  child.stdin?.end(stdin);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr, milliseconds: performance.now() - began };
}

/** Until it says where it listens. */
async function serve(
  context: TestContext,
  words: readonly string[],
): Promise<{ readonly address: string; readonly milliseconds: number; stop(): Promise<unknown> }> {
  const began = performance.now();
  const child = root.start(['serve', '--listen', '127.0.0.1:0', ...words]);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  context.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let [stdout, stderr] = ['', ''];
  child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (piece: Buffer) => {
      stdout += piece.toString();
      const [, told] = /listening on (\S+)/u.exec(stdout) ?? [];
      if (told !== undefined) resolve(told);
    });
    void ended.then((code) => reject(new Error(`ended with ${String(code)}: ${stderr}`)));
  });
  return {
    address,
    milliseconds: performance.now() - began,
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function median(numbers: readonly number[]): number {
  return Math.round(numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? 0);
}

test('version, with nothing around it', { skip }, async (context) => {
  const runs: number[] = [];
  for (let turn = 0; turn < 7; turn++) {
    const { code, stdout, stderr, milliseconds } = await run(['version']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^cofferdam \d+\.\d+\.\d+ \(Node 26\.\d+\.\d+, linux x64\)\n$/u);
    runs.push(milliseconds);
  }
  const size = Math.round(statSync(executable).size / 1e6);
  context.diagnostic(`${size} MB, version in ${median(runs)} ms, median of ${runs.length}`);
});

test('doctor, and two of its reports compared', { skip }, async () => {
  const reports = [
    await run(['doctor', '--json', '--proxy', 'http://127.0.0.1:1']),
    await run(['doctor', '--json', '--proxy', 'http://127.0.0.1:1', '--only', 'limits']),
  ];
  for (const [index, { code, stdout, stderr }] of reports.entries()) {
    assert.equal(code, index === 0 ? 1 : 0, stderr);
    assert.equal((JSON.parse(stdout) as { command: string }).command, 'doctor');
    writeFileSync(join(root.folder, 'tmp', `${index}.json`), stdout);
  }
  const { code, stdout } = await run(['doctor', '--compare', '/tmp/1.json', '/tmp/0.json']);
  assert.equal(code, 1);
  assert.match(stdout, /^finding: tcp-connection-refused nothing listens at 127\.0\.0\.1:1$/mu);
  assert.equal((await run(['doctor', '--compare', '/tmp/0.json', '/tmp/0.json'])).code, 0);
});

test('diagnose', { skip }, async () => {
  const log =
    'go: example.com/a@v1.0.0: Get "https://proxy.example/example.com/a/@v/v1.0.0.mod": dial tcp: lookup proxy.example on 10.0.0.2:53: no such host\n';
  const { stdout, stderr } = await run(['diagnose', '-'], log);
  assert.match(stdout, /dns-no-such-host/u, stderr);
});

test('run, and the exit code of its command', { skip }, async () => {
  assert.equal((await run(['run', '--', 'true'])).code, 0);
  assert.equal((await run(['run', '--', '/cofferdam', 'no-such-command'])).code, 2);
  assert.equal((await run(['run', '--', 'nowhere'])).code, 127);
});

for (const workers of ['1', '2']) {
  test(`serve with --workers ${workers}: misses and hits`, { skip }, async (context) => {
    const module = { path: 'm.test/m', version: 'v1.0.0', zipBytes: 90_000 };
    const origin = await startOrigin(context, { modules: [module] });
    const store = `/tmp/store-${workers}`;
    const words = ['--workers', workers, '--store', store, '--upstream', origin.url];
    const { address, milliseconds, stop } = await serve(context, words);
    context.diagnostic(`serve --workers ${workers} listened after ${Math.round(milliseconds)} ms`);
    const names = ['list', 'v1.0.0.info', 'v1.0.0.mod', 'v1.0.0.zip'];
    // One after the other, so that they are spread over the workers and most of them are hits.
    for (let turn = 0; turn < 10; turn++) {
      for (const name of names) {
        const answer = await fetch(`${address}/m.test/m/@v/${name}`);
        const body = Buffer.from(await answer.arrayBuffer());
        assert.equal(answer.status, 200, body.toString().slice(0, 300));
        const told = await fetch(`${origin.url}/m.test/m/@v/${name}`);
        assert.deepEqual(body, Buffer.from(await told.arrayBuffer()));
      }
    }
    assert.equal((await fetch(`${address}/-/readyz`)).status, 200);
    assert.equal(await stop(), 0);
    assert.ok(existsSync(join(root.folder, store)));
  });
}

test('nothing was written but what was asked for', { skip }, () => {
  assert.deepEqual(readdirSync(join(root.folder, 'empty')), []);
  assert.deepEqual(
    readdirSync(join(root.folder, 'tmp')).filter((name) => !/^(?:store-|\d\.json)/u.test(name)),
    [],
  );
});

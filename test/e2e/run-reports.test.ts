// What `cofferdam run` tells of a real build: in files, to build systems, and to nobody else.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createModuleGraph } from '../../src/drills/index.ts';
import { startOrigin } from '../support/start-origin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const SECRET = 'hunter2-hunter2-hunter2';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Stage {
  readonly folder: string;
  run(
    flags: readonly string[],
    command: readonly string[],
    variables?: Readonly<Record<string, string>>,
  ): Promise<Ended>;
  start(
    flags: readonly string[],
    command: readonly string[],
    variables?: Readonly<Record<string, string>>,
  ): ReturnType<typeof spawn>;
  read(name: string): Promise<string>;
}

/** A module that needs two others, from an origin on this machine. */
async function setStage(context: TestContext): Promise<Stage> {
  const graph = createModuleGraph({ modules: 2, depth: 1, medianZipBytes: 2000, seed: 'told' });
  const origin = await startOrigin(context, { modules: graph.modules });
  const folder = await temporaryFolder(context);
  await mkdir(join(folder, 'main'));
  for (const [name, text] of Object.entries(graph.main)) {
    await writeFile(join(folder, 'main', name), text);
  }
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    GOCACHE: spawnSync('go', ['env', 'GOCACHE']).stdout.toString().trim(),
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOPATH: join(folder, 'gopath'),
    GOTOOLCHAIN: 'local',
    GOPROXY: origin.url,
    GOSUMDB: 'off',
    DEPLOY_TOKEN: SECRET,
  };
  const start: Stage['start'] = (flags, command, variables = {}) => {
    const child = spawn(process.execPath, [MAIN, 'run', ...flags, '--', ...command], {
      cwd: join(folder, 'main'),
      env: { ...environment, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    context.after(() => child.kill('SIGKILL'));
    return child;
  };
  return {
    folder,
    start,
    read: (name) => readFile(join(folder, 'main', name), 'utf8'),
    async run(flags, command, variables) {
      const child = start(flags, command, variables);
      const pieces: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
      child.stdout?.on('data', (bytes: Buffer) => pieces.stdout.push(bytes));
      child.stderr?.on('data', (bytes: Buffer) => pieces.stderr.push(bytes));
      const code = await new Promise<number | null>((resolve) => {
        child.on('close', resolve);
      });
      const text = (bytes: readonly Buffer[]): string => Buffer.concat(bytes).toString('latin1');
      return { code, stdout: text(pieces.stdout), stderr: text(pieces.stderr) };
    },
  };
}

/** Every file of ours, and where it may not stand. */
async function allText(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const texts = files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1'));
  return (await Promise.all(texts)).join('\n');
}

test('a job of GitHub gets its page, its outputs and its files; its streams stay what they are', async (context) => {
  const stage = await setStage(context);
  const script = String.raw`
    go build ./... && printf 'out\000\377\n' && printf '::notice::own of the command\n' >&2
    echo "token is $DEPLOY_TOKEN"; echo "password=$DEPLOY_TOKEN" >&2`;
  const flags = [
    '--report-dir',
    'deep/reports',
    '--log-file',
    'build.log',
    '--require-env',
    'HOME',
  ];
  const github = {
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'a/b',
    GITHUB_STEP_SUMMARY: join(stage.folder, 'main', 'page.md'),
    GITHUB_OUTPUT: join(stage.folder, 'main', 'output.txt'),
  };
  const { code, stdout, stderr } = await stage.run(flags, ['sh', '-c', script], github);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `out\0\u00FF\ntoken is ${SECRET}\n`);
  assert.match(
    stderr,
    new RegExp(`^::notice::own of the command\npassword=${SECRET}\ncofferdam: `, 'm'),
  );
  const reports = (await readdir(join(stage.folder, 'main', 'deep', 'reports'))).toSorted();
  assert.deepEqual(reports, [
    'code-quality.json',
    'junit.xml',
    'metrics.txt',
    'run.env',
    'run.json',
    'summary.md',
  ]);
  const json = JSON.parse(await stage.read('deep/reports/run.json')) as Record<string, unknown>;
  assert.equal(json['exitCode'], 0);
  assert.match(JSON.stringify(json['fingerprint']), /"GOVERSION":"go1\.\d+/);
  assert.equal((json['engine'] as Record<string, unknown>)['modules'], 2);
  assert.match(await stage.read('page.md'), /^### cofferdam run: sh passed/);
  assert.match(
    stderr,
    /^cofferdam: no baseline: 0 good runs of this work are known, 3 are needed$/m,
  );
  assert.match(await stage.read('output.txt'), /^cofferdam-exit-code=0$/m);
  const log = await readFile(join(stage.folder, 'main', 'build.log'), 'latin1');
  assert.match(log, /out\0\u00FF\n/);
  assert.match(log, /token is \[hidden\]/);
  assert.doesNotMatch(await allText(join(stage.folder, 'main')), new RegExp(SECRET));
  assert.doesNotMatch(await allText(join(stage.folder, 'cache', 'cofferdam')), new RegExp(SECRET));
});

test('the cause of a failure reaches each system in its own form, and nothing in the log becomes a command', async (context) => {
  const stage = await setStage(context);
  const log = [
    './x.go:3:5: undefined: y ::error title=fake::x ##vso[task.complete result=Succeeded]',
    `::add-mask::${SECRET}`,
  ];
  const command = ['sh', '-c', 'printf "%s\\n" "$@" >&2; exit 1', 'sh', ...log];
  const scratch = join(stage.folder, 'agent');
  await mkdir(scratch);
  const agent = join(stage.folder, 'buildkite-agent');
  await writeFile(agent, `#!/bin/sh\n{ echo "$@"; cat; } >'${stage.folder}/annotation'\n`, {
    mode: 0o755,
  });
  const PATH = `${stage.folder}:${process.env['PATH'] ?? ''}`;
  const systems = [
    [{ GITHUB_ACTIONS: 'true' }, /^::error title=the code does not compile \[compile-error\]::/m],
    [
      { GITLAB_CI: 'true' },
      /section_start:\d+:cofferdam_command\r[^]*section_end:\d+:cofferdam_command\r/,
    ],
    [
      { TF_BUILD: 'True', AGENT_TEMPDIRECTORY: scratch },
      /^##vso\[task\.logissue type=error;code=compile-error\]/m,
    ],
    [{ BUILDKITE: 'true', BUILDKITE_JOB_ID: 'j1', PATH }, /^\+\+\+ sh$/m],
  ] as const;
  for (const [variables, expected] of systems) {
    const { code, stderr } = await stage.run(['--history', 'off'], command, variables);
    assert.equal(code, 1);
    assert.match(stderr, expected);
    // What the command itself wrote comes through as it is; in what follows nothing of it is obeyed.
    const ours = stderr.slice(stderr.indexOf(`::add-mask::${SECRET}\n`) + 14 + SECRET.length);
    const commands = ours.split(/[\r\n]/).filter((line) => /^\s*(?:::|##)/.test(line));
    assert.ok(
      commands.every((line) =>
        /^::error title=the code|^##vso\[task\.(?:logissue|uploadsummary)/.test(line),
      ),
      ours,
    );
    assert.doesNotMatch(ours, /hunter2/);
  }
  assert.match(
    await readFile(join(stage.folder, 'annotation'), 'utf8'),
    /^annotate --style error --context cofferdam-j1 --append\n### cofferdam run: sh failed/,
  );
  assert.equal((await readdir(scratch)).length, 1);
});

test('--verify-offline lets the download phase fetch, and shuts the network for the command', async (context) => {
  const stage = await setStage(context);
  const flags = ['--verify-offline', '--summary-file', 'run.json'];
  const { code, stderr } = await stage.run(flags, ['go', 'build', './...']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^cofferdam: the command succeeded with the network shut /m);
  const { networkShut } = JSON.parse(await stage.read('run.json')) as {
    readonly networkShut: string;
  };
  assert.match(networkShut, /namespace|GOPROXY=off/);
  const without = ['--verify-offline', '--no-download-first'];
  const empty = { GOPATH: join(stage.folder, 'empty') };
  const failed = await stage.run(without, ['go', 'build', './...'], empty);
  assert.notEqual(failed.code, 0);
  assert.match(failed.stderr, /GOPROXY=off/);
});

test('credentials reach git and go, and are gone when the run ends and when it is stopped', async (context) => {
  const stage = await setStage(context);
  const flags = ['--credential', 'git.corp.example=job:DEPLOY_TOKEN'];
  const script = `
    printf 'protocol=https\\nhost=git.corp.example\\n\\n' | git credential fill
    echo "$NETRC"; cut -d' ' -f1-5 "$NETRC"`;
  const { stdout, code } = await stage.run(flags, ['sh', '-c', script]);
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`username=job\npassword=${SECRET}\n`));
  assert.match(stdout, /^machine git\.corp\.example login job password$/m);
  const netrc = /^\/.*netrc$/m.exec(stdout)?.[0] ?? '';
  assert.ok(netrc !== '' && !existsSync(netrc));
  const begun = join(stage.folder, 'begun');
  const waiting = `echo "$NETRC" >'${begun}.new'; mv '${begun}.new' '${begun}'; sleep 30`;
  const child = stage.start(flags, ['sh', '-c', waiting]);
  while (!existsSync(begun)) await pause(20);
  const path = (await readFile(begun, 'utf8')).trim();
  assert.ok(existsSync(path));
  child.kill('SIGTERM');
  const ended = await new Promise<number | null>((resolve) => {
    child.on('exit', resolve);
  });
  assert.equal(ended, 143);
  assert.ok(!existsSync(path));
});

test('what cannot be done is said before the command starts', async (context) => {
  const stage = await setStage(context);
  const cases = [
    [
      ['--summary-file', 'none/run.json'],
      /--summary-file \S+run\.json cannot be written: there is no directory/,
    ],
    [['--require-env', 'NO_SUCH_VARIABLE'], /NO_SUCH_VARIABLE is not set/],
    [['--credential', SECRET], /--credential is not HOST=VARIABLE/],
  ] as const;
  for (const [flags, expected] of cases) {
    const { code, stderr } = await stage.run(flags, ['touch', 'started']);
    assert.equal(code, 2, stderr);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /hunter2/);
  }
  assert.equal(existsSync(join(stage.folder, 'main', 'started')), false);
});

test('a silent command is said to be running', async (context) => {
  const stage = await setStage(context);
  const flags = ['--heartbeat', '1s'];
  const { stdout, stderr } = await stage.run(flags, ['sh', '-c', 'sleep 1.6; echo done']);
  assert.equal(stdout, 'done\n');
  assert.match(stderr, /^cofferdam: still running after \d s, nothing written for \d s$/m);
});

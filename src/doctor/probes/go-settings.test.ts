import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { alarms, examine, programs } from '../../../test/support/examine.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { checksumProblem } from './checksum-problem.ts';
import { flagProblem } from './go-flags.ts';
import { patternProblem } from './go-settings.ts';

const only = ['go-settings'];

const planted: readonly [variable: string, value: string, code: string][] = [
  ['GOPROXY', 'proxy', 'goproxy-misconfigured'],
  ['GOPROXY', 'ftp://proxy.test', 'goproxy-misconfigured'],
  ['GOPROXY', 'https://a.test https://b.test', 'goproxy-misconfigured'],
  ['GOPROXY', 'off', 'goproxy-off'],
  ['GOSUMDB', 'sums.corp.test', 'gosumdb-misconfigured'],
  ['GOSUMDB', 'sum.golang.org ftp://sums.test', 'gosumdb-misconfigured'],
  ['GOFLAGS', 'mod=mod', 'goflags-invalid'],
  ['GO111MODULE', 'off', 'gomodules-off'],
  ['GOPRIVATE', 'https://git.corp.test/team', 'go-patterns-broken'],
  ['GOPRIVATE', 'git.corp.test, other.test', 'go-patterns-broken'],
];
for (const [variable, value, code] of planted) {
  test(`${variable}=${value} is named first: ${code}`, async (t) => {
    const report = await examine(t, { GOPROXY: 'https://proxy.test', [variable]: value }, { only });
    assert.equal(alarms(report)[0], code);
  });
}

test('sound settings give no finding, and each says where it comes from', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'env'), 'GOPRIVATE=git.corp.test\n');
  const environment = {
    ...programs,
    GOENV: join(folder, 'env'),
    GOPROXY: 'https://proxy.test|https://b.test,direct',
    GOSUMDB: 'sum.golang.org',
    GOFLAGS: '-mod=readonly "-tags=a b"',
  };
  const report = await examine(t, environment, { only });
  assert.deepEqual(report.findings, []);
  const seen = new Map(report.probes[0]?.observations.map(({ subject, text }) => [subject, text]));
  assert.equal(seen.get('GOPROXY'), 'https://proxy.test|https://b.test,direct, from environment');
  assert.equal(seen.get('GOPRIVATE'), `git.corp.test, from ${join(folder, 'env')}`);
  assert.equal(seen.get('GONOSUMDB'), 'git.corp.test, from GOPRIVATE');
});

const refused: readonly [flags: string, problem: string][] = [
  ['-mod=mod -nosuch', 'unknown flag -nosuch'],
  ['-p=many', 'invalid value "many" for flag -p: parse error'],
  ['-tags', 'flag needs an argument: -tags'],
  ['-mod=new', '-mod is mod, readonly or vendor, and not "new"'],
];
for (const [flags, problem] of refused) {
  test(`GOFLAGS=${flags} is refused as the go command refuses it`, async (t) => {
    const environment = { ...programs, GOPROXY: 'https://proxy.test', GOFLAGS: flags };
    const { findings } = await examine(t, environment, { confirm: 'goflags-invalid' });
    assert.equal(findings[0]?.code, 'goflags-invalid');
    assert.equal(findings[0].title, `GOFLAGS cannot be used: ${problem}`);
  });
}

test('a flag that only another Go may know is not refused where that one builds', async (t) => {
  const directory = await temporaryFolder(t);
  await writeFile(join(directory, 'go.mod'), 'module example.test/main\n\ngo 1.999.0\n');
  const environment = { ...programs, GOPROXY: 'https://proxy.test', GOFLAGS: '-nosuch' };
  const switched = await examine(t, { ...environment, GOTOOLCHAIN: 'auto' }, { only, directory });
  assert.deepEqual(alarms(switched), []);
  assert.deepEqual(alarms(await examine(t, environment, { only, directory })), ['goflags-invalid']);
});

test('what is to be typed changes the setting where it stands', async (t) => {
  const broken: readonly [name: string, value: string, here: string, inFile: string][] = [
    ['GOFLAGS', 'x', 'unset GOFLAGS', 'go env -u GOFLAGS'],
    ['GO111MODULE', 'off', 'unset GO111MODULE', 'go env -u GO111MODULE'],
    ['GOSUMDB', 'sums.test', 'unset GOSUMDB', 'go env -u GOSUMDB'],
    ['GOTOOLCHAIN', 'new', 'unset GOTOOLCHAIN', 'GOTOOLCHAIN=local go env -u GOTOOLCHAIN'],
    [
      'GOPROXY',
      'proxy',
      'export GOPROXY=https://proxy.golang.org,direct',
      'go env -w GOPROXY=https://proxy.golang.org,direct',
    ],
  ];
  const file = join(await temporaryFolder(t), 'env');
  const unset = { GOSUMDB: '', GOFLAGS: '', GOTOOLCHAIN: '' };
  for (const [name, value, here, inFile] of broken) {
    const one = await examine(t, { ...programs, [name]: value }, { only });
    assert.equal(one.findings[0]?.fix?.command, here);
    await writeFile(file, `${name}=${value}\n`);
    const other = await examine(t, { ...programs, ...unset, GOENV: file }, { only });
    assert.equal(other.findings[0]?.fix?.command, inFile);
  }
});

test('what CI files set is compared, and what go would refuse there is a warning with its line', async (t) => {
  const directory = await temporaryFolder(t);
  await mkdir(join(directory, '.github', 'workflows'), { recursive: true });
  await writeFile(
    join(directory, '.github', 'workflows', 'ci.yml'),
    'env:\n  GOPROXY: "proxy"\n  GOFLAGS: -mod=readonly\n',
  );
  await writeFile(join(directory, 'Dockerfile'), 'FROM golang\nENV GOSUMDB=off\nENV GOPROXY=$X\n');
  const environment = { GOPROXY: 'https://proxy.test', GOSUMDB: 'sum.golang.org' };
  const { findings } = await examine(t, environment, { only, directory });
  assert.deepEqual(
    findings.map(({ code, severity, evidence }) => [
      code,
      severity,
      evidence[0]?.source,
      evidence[0]?.line,
    ]),
    [
      ['goproxy-misconfigured', 'warning', '.github/workflows/ci.yml', 2],
      ['go-settings-differ', 'info', 'Dockerfile', 2],
      ['go-settings-differ', 'info', '.github/workflows/ci.yml', 3],
    ],
  );
});

test('GOFLAGS is read as go reads it', () => {
  assert.equal(flagProblem(`-mod=mod '-ldflags=-s -w' --tags=x`), undefined);
  assert.equal(flagProblem(''), undefined);
  assert.equal(flagProblem(`'-ldflags=-s`), 'a quote has no end');
  assert.equal(flagProblem('-v ./...'), '"./..." is not a flag');
});

test("a database of one's own needs its key", () => {
  const key = 'db.example/sum+aeb5d4bf+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
  assert.equal(checksumProblem(`${key} https://sums.test`), undefined);
  assert.equal(checksumProblem(key.replace('+aeb5', '+beb5')), 'its key is not valid');
  assert.equal(patternProblem('*.corp.test,git.corp.test/team'), undefined);
});

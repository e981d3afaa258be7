import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoreCare, StoreReports } from '../proxy/index.ts';
import type { Described, StoreTarget } from './needs.ts';
import { createCommandLine } from './program.ts';

const VERSION = { path: 'm.test/x', version: 'v1.0.0' };

const REPORTS: StoreReports = {
  stats: {
    modules: 1,
    versions: 1,
    artifacts: 3,
    bytes: 4096,
    freeBytes: 2048,
    quarantined: 0,
    quarantinedBytes: 0,
    blocked: [
      {
        path: 'm.test/bad',
        reason: 'a \u001B[31mlicence',
        blocked: true,
        at: '2026-01-01T00:00:00Z',
      },
    ],
  },
  verify: {
    dryRun: false,
    artifacts: 3,
    bytes: 4096,
    damaged: 0,
    repaired: 0,
    isComplete: true,
    findings: [],
  },
  gc: {
    dryRun: false,
    versions: 2,
    bytes: 8192,
    evictedVersions: 1,
    evictedBytes: 4096,
    isOverBudget: false,
    evicted: [VERSION],
  },
  purge: { dryRun: false, mode: 'forget', removed: [VERSION], removedBytes: 4096 },
  refresh: {
    kind: 'refreshed',
    forgotten: 1,
    resources: [
      { resource: 'list', outcome: 'fresh' },
      { resource: 'latest', outcome: 'absent' },
    ],
  },
};

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly targets: readonly StoreTarget<Described>[];
  readonly purged: readonly unknown[];
}

interface Surroundings {
  readonly reports?: Partial<StoreReports>;
  readonly isTerminal?: boolean;
}

async function cofferdam(line: string, around: Surroundings = {}): Promise<Outcome> {
  let out = '';
  let err = '';
  const targets: StoreTarget<Described>[] = [];
  const purged: unknown[] = [];
  const { stats, verify, gc, purge, refresh } = { ...REPORTS, ...around.reports };
  const care: StoreCare = {
    stats: async () => stats,
    async verify({ progress }) {
      progress?.({ versions: 7, bytes: 2048 });
      return verify;
    },
    collectGarbage: async () => gc,
    async purge(wish) {
      purged.push(wish);
      return purge;
    },
    refresh: async () => refresh,
  };
  const isTerminal = around.isTerminal ?? false;
  const commandLine = createCommandLine<Described>({
    terminal: {
      out: { write: (text) => void (out += text), isTerminal },
      err: { write: (text) => void (err += text), isTerminal },
      environment: {},
    },
    version: { version: '1.2.3', node: '26.0.0', platform: 'linux', architecture: 'x64' },
    settingFlags: [
      {
        flag: '--store',
        placeholder: 'DIR',
        description: 'where',
        repeatable: false,
        commands: ['serve', 'store'],
      },
    ],
    loadConfiguration: async () => ({ files: [], notices: [] }),
    describeConfiguration: () => [],
    checkFiles: async () => [],
    parseDuration: () => 0,
    parseSize: () => 0,
    serve: async () => assert.fail('nothing is served'),
    run: async () => assert.fail('nothing is run'),
    diagnose: async () => assert.fail('no log is read'),
    lint: async () => assert.fail('nothing is probed'),
    doctor: async () => assert.fail('nothing is probed'),
    readReportFile: async () => assert.fail('no report is read'),
    readGoEnvironment: async () => assert.fail('no settings are read here'),
    withModuleCache: async () => assert.fail('no module cache is opened here'),
    async withStore(target, use) {
      targets.push(target);
      return use(care);
    },
  });
  return { code: await commandLine.run(line.split(' ')), out, err, targets, purged };
}

test('every store command has help that begins with examples', async () => {
  for (const command of ['stats', 'verify', 'gc', 'purge', 'refresh']) {
    const { code, out, err } = await cofferdam(`store ${command} -h`);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^Examples:\n {2}cofferdam store /u);
    assert.match(out, new RegExp(`Usage: cofferdam store ${command} `, 'u'));
  }
});

test('store opens the directory or asks the server that is named, and says what it will change', async () => {
  const targets = async (line: string): Promise<readonly unknown[]> =>
    (await cofferdam(line)).targets.map(({ kind, ...rest }) => [
      kind,
      'url' in rest ? rest.url : rest.changes,
    ]);
  assert.deepEqual(await targets('store stats'), [['directory', false]]);
  assert.deepEqual(await targets('store gc --dry-run'), [['directory', false]]);
  assert.deepEqual(await targets('store gc'), [['directory', true]]);
  assert.deepEqual(await targets('store verify'), [['directory', true]]);
  assert.deepEqual(await targets('store refresh m.test/x'), [['directory', true]]);
  assert.deepEqual(await targets('store gc --server http://h:1'), [['server', 'http://h:1']]);
});

test('store prints data on stdout and one sentence on stderr, which --quiet leaves out', async () => {
  const { out, err } = await cofferdam('store gc');
  assert.equal(out, 'm.test/x@v1.0.0\n');
  assert.equal(err, '1 version with 4.0 KiB left, 1 with 4.0 KiB stay\n');
  assert.equal((await cofferdam('store gc -q')).err, '');
  const json = await cofferdam('store gc --format json');
  assert.deepEqual(JSON.parse(json.out), { version: 1, ...REPORTS.gc });
  const verified = await cofferdam('store verify --format json --quiet');
  assert.deepEqual(JSON.parse(verified.out), { version: 1, ...REPORTS.verify });
});

test('store stats shows what is blocked, and no terminal obeys its reason', async () => {
  const { code, out } = await cofferdam('store stats');
  assert.equal(code, 0);
  assert.match(out, /^blocked {8}m\.test\/bad since 2026-01-01T00:00:00Z: a \?\[31mlicence$/mu);
  assert.match(out, /^size {11}4\.0 KiB of no limit$/mu);
});

test('the exit code of store tells findings, an empty store, a budget that cannot be kept and silent upstreams', async () => {
  const { verify, gc } = REPORTS;
  const code = async (line: string, reports: Partial<StoreReports>): Promise<number> =>
    (await cofferdam(line, { reports })).code;
  assert.equal(await code('store verify', {}), 0);
  assert.equal(await code('store verify', { verify: { ...verify, damaged: 1, repaired: 1 } }), 1);
  assert.equal(await code('store verify', { verify: { ...verify, isComplete: false } }), 1);
  assert.equal(await code('store verify', { verify: { ...verify, artifacts: 0 } }), 3);
  assert.equal(await code('store gc', { gc: { ...gc, isOverBudget: true } }), 1);
  const refresh = (outcome: 'absent' | 'failed' | 'unchanged'): Partial<StoreReports> => ({
    refresh: { kind: 'refreshed', forgotten: 0, resources: [{ resource: 'list', outcome }] },
  });
  assert.equal(await code('store refresh m.test/x', refresh('absent')), 0);
  assert.equal(await code('store refresh m.test/x', refresh('failed')), 69);
  assert.equal(await code('store refresh m.test/x', refresh('unchanged')), 69);
  const refused = (reason: 'malformed' | 'unasked'): Partial<StoreReports> => ({
    refresh: { kind: 'refused', reason, problem: 'no' },
  });
  assert.equal(await code('store refresh m.test/x', refused('malformed')), 2);
  assert.equal(await code('store refresh m.test/x', refused('unasked')), 1);
});

test('store purge reads the version behind the @ and what is to become of it', async () => {
  const wish = async (rest: string): Promise<unknown> =>
    (await cofferdam(`store purge ${rest} --reason why`)).purged[0];
  const all = { path: 'm.test/x', reason: 'why', mode: 'forget', dryRun: false };
  assert.deepEqual(await wish('m.test/x@v1.0.0'), { ...all, version: 'v1.0.0' });
  assert.deepEqual(await wish('m.test/x --block'), { ...all, mode: 'block' });
  assert.deepEqual(await wish('m.test/x --lift --dry-run'), { ...all, mode: 'lift', dryRun: true });
  const others = ['v1.1.0', 'v1.0.0'];
  const none = { dryRun: false, mode: 'forget', removed: [], removedBytes: 0, others } as const;
  const missed = await cofferdam('store purge m.test/x@v1.2.0 --reason why', {
    reports: { purge: none },
  });
  assert.match(
    missed.err,
    /^nothing of m\.test\/x@v1\.2\.0 was stored \(but v1\.1\.0, v1\.0\.0\); whoever /mu,
  );
  const { err } = await cofferdam('store purge m.test/x --reason why', {
    reports: { purge: { dryRun: false, mode: 'block', removed: [], removedBytes: 0 } },
  });
  assert.equal(err, 'nothing of m.test/x was stored; m.test/x is refused from now on\n');
});

test('wrong usage of store is refused before a store is opened', async () => {
  for (const [line, expected] of [
    ['store', /cofferdam store wants one of its own commands/u],
    ['store prune', /unknown command "prune"/u],
    ['store purge m.test/x', /--reason/u],
    ['store purge m.test/x --reason=', /--reason is empty/u],
    ['store purge m.test/x@ --reason why', /no MODULE@VERSION/u],
    ['store purge m.test/x@v1@v2 --reason why', /no MODULE@VERSION/u],
    ['store purge m.test/x --reason why --block --lift', /contradict/u],
    ['store refresh', /missing required argument "module"/u],
    ['store stats m.test/x', /too many arguments/u],
    ['store stats --format xml', /--format/u],
    [
      'store gc --server http://h:1 --store /x',
      /--store has no meaning beside --server[^]* reads its own settings again on HUP/u,
    ],
    ['store gc --server http://h:1 --config x.yaml', /--config has no meaning beside --server/u],
    ['store gc --max-store-size 1', /unknown option "--max-store-size"/u],
  ] as const) {
    const { code, out, err, targets } = await cofferdam(line);
    assert.deepEqual([code, out, targets.length], [2, '', 0], line);
    assert.match(err, expected, line);
  }
});

test('progress is a line of a log, or one line of a terminal that is wiped away', async () => {
  assert.match((await cofferdam('store verify')).err, /^7 versions, 2\.0 KiB so far\n3 artifacts/u);
  const { err } = await cofferdam('store verify', { isTerminal: true });
  assert.ok(err.startsWith('\r7 versions, 2.0 KiB so far\u001B[K\r\u001B[K3 artifacts'), err);
  assert.match((await cofferdam('store verify -q')).err, /^$/u);
});

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { describeConfiguration, loadConfiguration, settingFlags } from './config.ts';
import type { Configuration, ConfigurationSources } from './config.ts';
import { goServices } from './go-services.ts';
import { createDiskFiles } from './platform/adapters.ts';
import { isProgramError } from './platform/index.ts';

const files = createDiskFiles();
let directory = '';

function sources(more: Partial<ConfigurationSources> = {}): ConfigurationSources {
  return {
    flags: {},
    environment: {},
    directory,
    home: join(directory, 'home'),
    platform: 'linux',
    memoryBytes: 2 * 2 ** 30,
    files,
    ...more,
  };
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), text);
}

function load(more: Partial<ConfigurationSources> = {}): Promise<Configuration> {
  return loadConfiguration(sources(more));
}

async function refused(more: Partial<ConfigurationSources> = {}): Promise<string> {
  try {
    await load(more);
  } catch (error) {
    assert.ok(isProgramError(error), String(error));
    assert.equal(error.kind, 'bad-input');
    return error.message;
  }
  return assert.fail('the configuration was accepted');
}

suite('loadConfiguration()', () => {
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cofferdam-configuration-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  test('has a default for everything', async () => {
    const configuration = await load();
    assert.deepEqual(configuration.listen, { host: '127.0.0.1', port: 8080 });
    assert.equal(configuration.store, join(directory, 'home/.cache/cofferdam'));
    assert.equal(configuration.database, undefined);
    assert.equal(configuration.upstream, goServices.mirror);
    assert.equal(configuration.sumdb.length, 1);
    assert.equal(configuration.sumdb[0]?.name, goServices.checksumDatabase.name);
    assert.equal(configuration.memory, 2 ** 29);
    assert.equal(configuration.workers, 1);
    assert.equal(configuration.logLevel, 'info');
    assert.deepEqual(new Set(Object.values(configuration.origins)), new Set(['default']));
    assert.deepEqual(configuration.files, []);
  });

  test('takes the flag before the environment before the files before the default', async () => {
    await write(
      'home/.config/cofferdam/cofferdam.yaml',
      'listen: :1\nstore: /user\nmemory: 5MiB\n',
    );
    await write('cofferdam.yaml', 'listen: :2\nstore: /project\n');
    const environment = { COFFERDAM_LISTEN: ':3' };
    const project = await load();
    assert.equal(project.listen.port, 2);
    assert.equal(project.origins.listen, 'cofferdam.yaml:1:9');
    assert.equal(project.store, '/project');
    assert.equal(project.memory, 5 * 2 ** 20);
    assert.match(project.origins.memory, /home\/\.config\/cofferdam\/cofferdam\.yaml:3:9$/);
    assert.equal((await load({ environment })).listen.port, 3);
    const flagged = await load({ environment, flags: { listen: [':4'] } });
    assert.equal(flagged.listen.port, 4);
    assert.equal(flagged.origins.listen, '--listen');
    assert.equal(flagged.files.length, 2);
  });

  test('takes --config instead of the project file, and insists that it exists', async () => {
    await write('cofferdam.yaml', 'listen: :2\n');
    await write('other/place.yaml', 'listen: :9\n');
    assert.equal((await load({ file: 'other/place.yaml' })).listen.port, 9);
    assert.match(
      await refused({ file: 'nowhere.yaml' }),
      /--config: there is no file nowhere\.yaml/,
    );
  });

  test("takes Go's own variables where nothing else says anything", async () => {
    const environment = { GOPRIVATE: '*.corp.example.com', GONOSUMDB: 'x.example.com' };
    const configuration = await load({ environment });
    assert.equal(configuration.private, '*.corp.example.com');
    assert.equal(configuration.origins.private, 'GOPRIVATE');
    assert.equal(configuration.noSumdb, 'x.example.com');
    await write('cofferdam.yaml', 'private: [git.example.com, "*.b.example.com"]\n');
    assert.equal((await load({ environment })).private, 'git.example.com,*.b.example.com');
  });

  test('names an unknown key with its place and the one that was meant', async () => {
    await write('cofferdam.yaml', 'listen: :2\nupstraem: off\ncolour: red\n');
    const message = await refused();
    assert.match(
      message,
      /^cofferdam\.yaml:2:1: there is no setting "upstraem"; did you mean upstream\?/,
    );
    assert.match(message, /cofferdam\.yaml:3:1: there is no setting "colour"$/);
  });

  test('names every wrong value with its source', async () => {
    await write('cofferdam.yaml', 'memory: lots\n');
    const message = await refused({ flags: { listen: ['nowhere'] } });
    assert.match(message, /--listen: "nowhere" is not HOST:PORT/);
    assert.match(message, /cofferdam\.yaml:1:9: "lots" is not a size/);
    assert.match(
      await refused({ environment: { COFFERDAM_WORKERS: '0' } }),
      /COFFERDAM_WORKERS: "0"/,
    );
  });

  test('names all that is wrong at once, each with its place and the next step', async () => {
    await write('cofferdam.yaml', 'max_age: soon\nprivate: { a: b }\nstore: s3://b/x\ncolor: 1\n');
    await write('home/.config/cofferdam/cofferdam.yaml', 'upstraem: x\nmemory: [\n');
    const error = await load({
      environment: { COFFERDAM_WORKERS: '0', COFFERDAM_STORRE: '/x' },
      flags: { listen: ['nowhere'], upstream: ['https://a.example.com,direct'] },
      file: 'cofferdam.yaml',
    }).then(
      () => assert.fail('the configuration was accepted'),
      (failure: unknown) => failure,
    );
    assert.ok(isProgramError(error));
    const problems = error.details['problems'] as readonly Record<string, string>[];
    const user = 'home/.config/cofferdam/cofferdam.yaml:3:1';
    assert.deepEqual(
      problems.map(({ where = '' }) => (where.endsWith(user) ? user : where)),
      [
        '--listen',
        '--upstream',
        user,
        'COFFERDAM_WORKERS',
        'cofferdam.yaml:1:10',
        'cofferdam.yaml:2:10',
        'cofferdam.yaml:3:8',
        'cofferdam.yaml:4:1',
      ],
    );
    for (const { where = '', message = '', hint = '' } of problems) {
      assert.ok(message.startsWith(`${where}: `) && hint.length > 10, message);
    }
    assert.deepEqual(
      problems.filter(({ code }) => code === 'not-built-yet').map(({ where }) => where),
      ['--upstream', 'cofferdam.yaml:3:8'],
    );
    assert.equal(error.message.split('\n').length, problems.length);
    assert.equal(error.hint?.split('\n').length, problems.length);
  });

  test('names every line that is not YAML, and does not guess what it was meant to set', async () => {
    await write('cofferdam.yaml', 'listen: :1\nlisten: :2\nmemory: lots\nmemory: 1\n');
    const message = await refused({ flags: { 'tls-cert': ['c'] } });
    assert.match(message, /^cofferdam\.yaml:2:1: .*\nerror: cofferdam\.yaml:4:1: [^\n]*$/);
  });

  test('says where a file is no YAML, no settings or holds the wrong kind of value', async () => {
    await write('cofferdam.yaml', 'listen: [:1\n');
    assert.match(await refused(), /^cofferdam\.yaml:\d+:\d+: this is not YAML: /);
    await write('cofferdam.yaml', '- listen\n');
    assert.match(await refused(), /^cofferdam\.yaml:1:1: the file holds no settings/);
    await write('cofferdam.yaml', 'listen:\n  host: x\n');
    assert.match(await refused(), /^cofferdam\.yaml:2:3: listen takes one value$/);
    await write('cofferdam.yaml', 'listen: :1\nlisten: :2\n');
    assert.match(await refused(), /^cofferdam\.yaml:2:1: this is not YAML: .*unique/);
    await write('cofferdam.yaml', 'private:\n  - a: b\n');
    assert.match(await refused(), /private takes one value or a list of values/);
  });

  test('accepts a file with nothing in it, and values left empty', async () => {
    for (const text of ['', '# nothing\n', '---\n', 'listen:\n', 'private: []\n']) {
      await write('cofferdam.yaml', text);
      assert.equal((await load()).listen.port, 8080, text);
    }
  });

  test('refuses a file that is no configuration by its size', async () => {
    await write('cofferdam.yaml', `# ${'x'.repeat(2 * 2 ** 20)}\n`);
    await assert.rejects(load(), { code: 'file-too-large' });
  });

  test('counts relative paths from the file or the directory that names them', async () => {
    await write('conf/site.yaml', 'store: data\ntls_cert: cert.pem\ntls_key: key.pem\n');
    const configuration = await load({ file: 'conf/site.yaml', flags: { database: ['facts.db'] } });
    assert.equal(configuration.store, join(directory, 'conf/data'));
    assert.equal(configuration.tlsCert, join(directory, 'conf/cert.pem'));
    assert.equal(configuration.database, join(directory, 'facts.db'));
  });

  test('limits the store unless told otherwise', async () => {
    const { maxStoreSize, maxAge, pin } = await load({});
    assert.deepEqual([maxStoreSize, maxAge, pin], [20 * 2 ** 30, undefined, '']);
    const flags = { 'max-store-size': ['none'], 'max-age': ['90d'], pin: ['a.test/*,b.test'] };
    const other = await load({ flags });
    assert.deepEqual(
      [other.maxStoreSize, other.maxAge, other.pin],
      [undefined, 90 * 86_400_000, 'a.test/*,b.test'],
    );
  });

  test('wants certificate and key together', async () => {
    assert.match(await refused({ flags: { 'tls-cert': ['c'] } }), /--tls-cert: .* no private key/);
    assert.match(await refused({ flags: { 'tls-key': ['k'] } }), /--tls-key: .* no certificate/);
  });

  test('refuses what is promised but not built, instead of ignoring it', async () => {
    const cases: Readonly<Record<string, string>> = {
      store: 's3://bucket/prefix',
      database: 'postgres://user:secret@db.example.com/x',
      upstream: 'https://proxy.example.com,direct',
      'private-upstream': 'direct',
    };
    for (const [flag, value] of Object.entries(cases)) {
      const message = await refused({ flags: { [flag]: [value] } });
      assert.match(message, new RegExp(`^--${flag}: .* is not built yet$`), message);
      assert.doesNotMatch(message, /secret/);
    }
  });

  test('reads checksum databases from several flags, a list or commas; off turns them off', async () => {
    const two = await load({
      flags: { sumdb: ['a.example.com', 'b.example.com https://b.example.com/x'] },
    });
    assert.deepEqual(
      two.sumdb.map((database) => database.name),
      ['a.example.com', 'b.example.com'],
    );
    const environment = { COFFERDAM_SUMDB: 'a.example.com,b.example.com' };
    assert.equal((await load({ environment })).sumdb.length, 2);
    assert.deepEqual((await load({ flags: { sumdb: ['off'] } })).sumdb, []);
    assert.match(
      await refused({ flags: { sumdb: ['off', 'a.example.com'] } }),
      /off beside a checksum database/,
    );
    assert.match(await refused({ flags: { sumdb: ['a.example.com', 'a.example.com'] } }), /twice/);
  });

  test('keeps secrets out of errors and descriptions', async () => {
    const upstream = 'https://user:hunter2@proxy.example.com|https://mirror.example.com';
    const described = describeConfiguration(await load({ flags: { upstream: [upstream] } }));
    const line = described.find((one) => one.key === 'upstream');
    assert.equal(line?.value, 'https://[hidden]@proxy.example.com|https://mirror.example.com');
    assert.equal(line.origin, '--upstream');
    const message = await refused({
      flags: { upstream: ['http://user:hunter2@proxy.example.com'] },
    });
    assert.doesNotMatch(message, /hunter2/);
    assert.match(message, /over http/);
  });

  test('treats an empty variable as one that is not set', async () => {
    assert.equal((await load({ environment: { COFFERDAM_LISTEN: '' } })).origins.listen, 'default');
  });

  test('notices a misspelt variable without failing', async () => {
    const environment = { COFFERDAM_UPSTRAEM: 'off', COFFERDAM_SOMETHING_ELSE: '1' };
    const { notices } = await load({ environment });
    assert.deepEqual(notices, [
      'COFFERDAM_UPSTRAEM sets nothing; did you mean COFFERDAM_UPSTREAM?',
    ]);
  });

  test('notices entries of a list that are never asked', async () => {
    const { notices } = await load({
      flags: { upstream: ['off,https://a.test'] },
      environment: { COFFERDAM_PRIVATE_UPSTREAM: 'https://a.test,off' },
    });
    assert.deepEqual(notices, ['--upstream: the list ends at off; what follows is never asked']);
  });

  test('finds the cache and the configuration where XDG and macOS have them', async () => {
    const environment = { XDG_CACHE_HOME: '/cache', XDG_CONFIG_HOME: join(directory, 'xdg') };
    await write('xdg/cofferdam/cofferdam.yaml', 'listen: :7\n');
    const configuration = await load({ environment });
    assert.equal(configuration.store, '/cache/cofferdam');
    assert.equal(configuration.listen.port, 7);
    const mac = await load({ platform: 'darwin' });
    assert.equal(mac.store, join(directory, 'home/Library/Caches/cofferdam'));
    assert.match(await refused({ home: undefined }), /no place for the store/);
    assert.equal((await load({ home: undefined, flags: { store: ['/s'] } })).store, '/s');
  });

  test('takes at most a GiB of memory by itself, and little on a small machine', async () => {
    assert.equal((await load({ memoryBytes: 64 * 2 ** 30 })).memory, 2 ** 30);
    assert.equal((await load({ memoryBytes: 2 ** 20 })).memory, 2 ** 20);
    assert.match(await refused({ flags: { memory: ['1KiB'] } }), /too little/);
  });

  test('offers each setting as a flag with a description', () => {
    assert.equal(settingFlags.length, 23);
    for (const { flag, description } of settingFlags) assert.ok(description.length > 10, flag);
    assert.ok(settingFlags.some(({ flag }) => flag === '--private-upstream'));
  });
});

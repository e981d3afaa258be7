import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { isProgramError } from '../../platform/index.ts';
import type { Logger } from '../../platform/index.ts';
import {
  createDiskFiles,
  createOfflineHttpClient,
  createProcesses,
  createSystemClock,
} from '../../platform/adapters.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createCredentials } from './credentials.ts';
import type { Credentials } from './credentials.ts';

interface Stage {
  readonly folder: string;
  /** Everything that was logged, as text. */
  readonly logged: string[];
  create(goauth: string, variables?: Readonly<Record<string, string>>): Credentials;
  script(name: string, body: string): Promise<string>;
  read(name: string): Promise<string>;
}

async function setStage(context: TestContext): Promise<Stage> {
  const folder = await temporaryFolder(context);
  const logged: string[] = [];
  function log(message: string, data?: Readonly<Record<string, unknown>>): void {
    logged.push(`${message} ${JSON.stringify(data)}`);
  }
  const logger: Logger = { debug: log, info: log, warn: log, error: log, child: () => logger };
  const needs = {
    processes: createProcesses(),
    files: createDiskFiles(),
    http: createOfflineHttpClient(),
    clock: createSystemClock(),
    logger,
  };
  return {
    folder,
    logged,
    create: (goauth, variables = {}) =>
      createCredentials(needs, {
        goauth,
        directory: folder,
        environment: { PATH: '/usr/bin:/bin', HOME: folder, ...variables },
      }),
    script: async (name, body) => {
      const path = join(folder, name);
      await writeFile(path, `#!/bin/sh\n${body}\n`);
      await chmod(path, 0o755);
      return path;
    },
    read: (name) => readFile(join(folder, name), 'utf8'),
  };
}

/** aladdin:opensesame */
const basic = 'Basic YWxhZGRpbjpvcGVuc2VzYW1l';
const block = `printf 'https://a.example\\n\\nAuthorization: ${basic}\\n\\n'`;

test('headersFor() finds entries of .netrc in HOME, the earlier of two', async (context) => {
  const stage = await setStage(context);
  await writeFile(
    join(stage.folder, '.netrc'),
    'machine a.example login aladdin password opensesame\nmachine a.example login u password p\n',
  );
  const credentials = stage.create('');
  assert.deepEqual(await credentials.headersFor('https://a.example/x/@v/list'), {
    authorization: basic,
  });
  assert.deepEqual(await credentials.headersFor('https://a.example:8443/x/@v/list'), {});
  assert.deepEqual(await credentials.headersFor('http://a.example/x/@v/list'), {});
});

test('headersFor() prefers the file that NETRC names, and needs neither file nor HOME', async (context) => {
  const stage = await setStage(context);
  await writeFile(
    join(stage.folder, 'mine'),
    'machine a.example login aladdin password opensesame',
  );
  const named = stage.create('netrc', { NETRC: join(stage.folder, 'mine'), HOME: '/nowhere' });
  assert.deepEqual(await named.headersFor('https://a.example/'), { authorization: basic });
  for (const variables of [{ HOME: '' }, { NETRC: '/nowhere/netrc' }]) {
    assert.deepEqual(await stage.create('netrc', variables).headersFor('https://a.example/'), {});
  }
  assert.deepEqual(
    await stage
      .create('off', { NETRC: join(stage.folder, 'mine') })
      .headersFor('https://a.example/'),
    {},
  );
});

test('headersFor() runs every command once, however many ask, and an earlier method wins', async (context) => {
  const stage = await setStage(context);
  const first = await stage.script('first', `echo x >>runs; ${block}`);
  const second = await stage.script(
    'second',
    `echo y >>runs; printf 'https://a.example\\nhttps://b.example\\n\\nX-Token: t\\n\\n'`,
  );
  const credentials = stage.create(`${first};${second} with 'some words'`);
  const [a, b] = await Promise.all([
    credentials.headersFor('https://a.example/x'),
    credentials.headersFor('https://b.example/x'),
  ]);
  assert.deepEqual(a, { authorization: basic });
  assert.deepEqual(b, { 'x-token': 't' });
  assert.equal((await stage.read('runs')).length, 4);
});

test('headersFor() joins a header that comes more than once', async (context) => {
  const stage = await setStage(context);
  const command = await stage.script('h', `printf 'https://a.example\\n\\nX-A: b\\nx-a: c\\n\\n'`);
  assert.deepEqual(await stage.create(command).headersFor('https://a.example/'), { 'x-a': 'b, c' });
});

test('a method that fails is passed over, and its arguments and words stay out of the log', async (context) => {
  const stage = await setStage(context);
  const failing = await stage.script('failing', 'echo hunter2 >&2; exit 3');
  const garbled = await stage.script('garbled', 'echo hunter2');
  const good = await stage.script('good', block);
  const credentials = stage.create(
    `${failing} --token=hunter2;${garbled};/no/such/program;${good}`,
  );
  assert.deepEqual(await credentials.headersFor('https://a.example/'), { authorization: basic });
  assert.equal(stage.logged.length, 3);
  assert.ok(!stage.logged.join('').includes('hunter2'), stage.logged.join('\n'));
  assert.match(stage.logged.join(''), /"failing"/);
});

test('afterRefusal() asks the command again, with the URL and the answer', async (context) => {
  const stage = await setStage(context);
  const command = await stage.script(
    'again',
    `[ -n "$2" ] || exit 0; echo "$1 $2" >args; cat >answer; ${block}`,
  );
  const credentials = stage.create(`${command} 'a b'`);
  const url = 'https://a.example/x/@v/list';
  const sent = await credentials.headersFor(url);
  assert.deepEqual(sent, {});
  const headers = { 'www-authenticate': 'Basic realm="x"', 'content-type': 'text/plain' };
  assert.deepEqual(await credentials.afterRefusal(url, 401, headers, sent), {
    authorization: basic,
  });
  assert.equal(await stage.read('args'), `a b ${url}\n`);
  assert.equal(
    await stage.read('answer'),
    'HTTP/1.1 401 Unauthorized\nWww-Authenticate: Basic realm="x"\nContent-Type: text/plain\n\n',
  );
});

test('afterRefusal() gives nothing where a repetition would send the same', async (context) => {
  const stage = await setStage(context);
  const credentials = stage.create(await stage.script('same', `echo x >>runs; ${block}`));
  const url = 'https://a.example/x/@v/list';
  const sent = await credentials.headersFor(url);
  assert.equal(await credentials.afterRefusal(url, 404, {}, sent), undefined);
  assert.deepEqual(await credentials.afterRefusal(url, 404, {}, {}), { authorization: basic });
  assert.equal((await stage.read('runs')).length, 6);
});

test('afterRefusal() runs nothing for http, for other statuses, and where only netrc is asked', async (context) => {
  const stage = await setStage(context);
  const credentials = stage.create(await stage.script('never', `echo x >>runs; ${block}`));
  assert.equal(await credentials.afterRefusal('http://a.example/', 401, {}, {}), undefined);
  assert.equal(await credentials.afterRefusal('https://a.example/', 503, {}, {}), undefined);
  await assert.rejects(stage.read('runs'));
  assert.equal(
    await stage.create('netrc').afterRefusal('https://a.example/', 401, {}, {}),
    undefined,
  );
});

test('afterRefusal() takes credentials away that a command prints without headers', async (context) => {
  const stage = await setStage(context);
  const command = await stage.script(
    'fickle',
    `[ -z "$1" ] || { printf 'https://a.example\\n\\n\\n'; exit; }; ${block}`,
  );
  const credentials = stage.create(command);
  const sent = await credentials.headersFor('https://a.example/');
  assert.deepEqual(sent, { authorization: basic });
  assert.deepEqual(await credentials.afterRefusal('https://a.example/', 401, {}, sent), {});
});

test('afterRefusal() asks git, without prompts, and takes only answers for the URL asked', async (context) => {
  const stage = await setStage(context);
  await mkdir(join(stage.folder, 'work'));
  await stage.script(
    'git',
    `cat >>asked; echo "$GIT_TERMINAL_PROMPT $GCM_INTERACTIVE" >prompts
case "$*" in "credential fill") cat answer;; esac`,
  );
  const variables = { PATH: `${stage.folder}:/usr/bin:/bin` };
  const work = join(stage.folder, 'work');
  const answer = join(work, 'answer');
  const url = 'https://a.example/x/@v/list';
  await writeFile(
    answer,
    'protocol=https\nhost=a.example\nusername=aladdin\npassword=opensesame\n',
  );
  const credentials = stage.create(`git ${work}`, variables);
  assert.deepEqual(await credentials.headersFor(url), {});
  assert.deepEqual(await credentials.afterRefusal(url, 401, {}, {}), { authorization: basic });
  await credentials.settled();
  assert.equal(await stage.read('work/asked'), `url=${url}\n`);
  assert.equal(await stage.read('work/prompts'), '0 never\n');
  await writeFile(
    answer,
    'protocol=https\nhost=b.example\nusername=aladdin\npassword=opensesame\n',
  );
  const other = stage.create(`git ${work}`, variables);
  assert.equal(await other.afterRefusal(url, 401, {}, {}), undefined);
});

for (const goauth of ['off;netrc', 'git relative', 'git /no/such/directory']) {
  test(`headersFor() refuses GOAUTH=${goauth} as go does, for https only`, async (context) => {
    const credentials = (await setStage(context)).create(goauth);
    assert.deepEqual(await credentials.headersFor('http://a.example/'), {});
    await assert.rejects(
      credentials.headersFor('https://a.example/'),
      (error) => isProgramError(error) && error.code === 'goauth-invalid',
    );
  });
}

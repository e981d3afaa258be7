import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDiskFiles, createPrivateFolders } from '../../platform/adapters.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { parseCredential, readCredentials, writeCredentialFiles } from './credentials.ts';

test('a credential names a host, a user and a variable', () => {
  assert.deepEqual(parseCredential('Git.corp.example:8443=job:CI_JOB_TOKEN'), {
    host: 'git.corp.example:8443',
    user: 'job',
    variable: 'CI_JOB_TOKEN',
  });
  assert.equal(parseCredential('h.example=T').user, 'x-access-token');
});

test('what may be a token is not repeated', () => {
  for (const text of ['hunter2', 'h=ghp_a b', 'https://h=T', 'h=u:p@T', '=T', 'h=']) {
    assert.throws(
      () => parseCredential(text),
      (error: Error) => !error.message.includes('hunter2') && !error.message.includes('ghp_'),
    );
  }
});

test('a variable that is missing or no token is said before the start', () => {
  const requests = [parseCredential('h.example=T')];
  assert.throws(() => readCredentials({}, requests), { message: /T, .* h\.example, is not set$/ });
  assert.throws(() => readCredentials({ T: 'a\nb' }, requests), {
    message: /holds a space or a line end$/,
  });
  assert.deepEqual(readCredentials({ T: 'abc' }, requests), ['abc']);
});

test('git finds the password, go its netrc with the own lines of the user, and no variable holds a secret', async (context) => {
  const home = await temporaryFolder(context);
  await writeFile(join(home, '.netrc'), 'machine own.example login me password own\n');
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    T: 'p@ss/word',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'user.name',
    GIT_CONFIG_VALUE_0: 'Somebody',
    GIT_TERMINAL_PROMPT: '0',
  };
  const folder = await createPrivateFolders(home).make();
  context.after(() => folder.remove());
  const requests = [parseCredential('git.corp.example=job:T')];
  const variables = await writeCredentialFiles(
    { files: createDiskFiles(), environment },
    folder,
    requests,
  );
  assert.doesNotMatch(JSON.stringify(variables), /p@ss|p%40ss|own/);
  assert.equal(
    await readFile(variables['NETRC'] ?? '', 'utf8'),
    'machine git.corp.example login job password p@ss/word\nmachine own.example login me password own\n',
  );
  for (const name of ['netrc', 'gitconfig', 'git-credentials']) {
    assert.equal((await stat(join(folder.path, name))).mode & 0o777, 0o600);
  }
  const env = { ...environment, ...variables };
  const ask = (host: string): string =>
    spawnSync('git', ['credential', 'fill'], {
      env,
      input: `protocol=https\nhost=${host}\n\n`,
    }).stdout.toString();
  assert.match(ask('git.corp.example'), /username=job\npassword=p@ss\/word\n/);
  assert.doesNotMatch(ask('other.example'), /password=/);
  const name = spawnSync('git', ['config', 'user.name'], { env }).stdout.toString();
  assert.equal(name, 'Somebody\n');
});

import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createAuthority } from '../../test/support/certificates.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { createTestClock } from '../../test/support/test-clock.ts';
import { createDiskFiles } from '../platform/adapters.ts';
import { checkTls, readTls } from './read-tls.ts';

const DAY_MILLISECONDS = 86_400_000;

test('readTls() and checkTls() say what is wrong with each file before a server starts', async (context) => {
  const folder = await temporaryFolder(context);
  const authority = await createAuthority(folder, 'Read');
  const right = await authority.issue(['DNS:localhost'], 90);
  const other = await authority.issue(['DNS:localhost'], 90);
  const root = await readFile(authority.file, 'utf8');
  const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  const contents: Readonly<Record<string, string>> = {
    'right.pem': right.cert + root,
    'right.key': right.key,
    'other.key': other.key,
    'turned.pem': root + right.cert,
    'text.pem': 'hello',
    'cut.pem': right.cert.replace(/\n.{20}/u, '\n'),
    'locked.key': createPrivateKey(right.key).export(cipher),
  };
  for (const [name, text] of Object.entries(contents)) await writeFile(join(folder, name), text);
  await mkdir(join(folder, 'directory'));
  const files = createDiskFiles();
  const at = (days: number): Parameters<typeof readTls>[0] => {
    const now = new Date(Date.now() + days * DAY_MILLISECONDS).toISOString();
    return { files, clock: createTestClock(now) };
  };
  const named = (cert: string, key: string): Parameters<typeof readTls>[1] => ({
    tlsCert: join(folder, cert),
    tlsKey: join(folder, key),
  });
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['absent.pem', 'right.key', /^--tls-cert: there is no file /u],
    ['right.pem', 'absent.key', /^--tls-key: there is no file /u],
    ['directory', 'right.key', /it is a directory, not a file/u],
    ['text.pem', 'right.key', /^--tls-cert: .* holds no certificate in PEM form/u],
    ['cut.pem', 'right.key', /^--tls-cert: a certificate in .* cannot be read/u],
    ['right.pem', 'text.pem', /^--tls-key: .* holds no private key in PEM form/u],
    ['right.pem', 'locked.key', /^--tls-key: .* wants a passphrase/u],
    ['right.pem', 'other.key', /^--tls-key: the key does not belong to a certificate in /u],
    [
      'turned.pem',
      'right.key',
      /^--tls-cert: the key belongs to certificate 2 in .* must be the first/u,
    ],
  ];
  for (const [cert, key, message] of refused) {
    await assert.rejects(
      checkTls(at(0), named(cert, key)),
      { kind: 'bad-input', message },
      `${cert} ${key}`,
    );
  }
  const pair = named('right.pem', 'right.key');
  assert.deepEqual(await checkTls(at(0), pair), []);
  assert.deepEqual(await checkTls(at(0), { tlsCert: undefined, tlsKey: undefined }), []);
  assert.match((await checkTls(at(80), pair))[0] ?? '', /expires in (?:9|10) days, at /u);
  assert.match((await checkTls(at(88.5), pair))[0] ?? '', /expires in 1 day, at /u);
  await assert.rejects(checkTls(at(100), pair), { code: 'tls-invalid', message: /expired at / });
  await assert.rejects(checkTls(at(-10), pair), { message: /is not valid before / });
  // A clock that is wrong must keep no server from starting.
  assert.equal((await readTls(at(100), pair))?.isRefused, true);
});

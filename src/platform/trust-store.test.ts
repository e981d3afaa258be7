import assert from 'node:assert/strict';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { createAuthority } from '../../test/support/certificates.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { createTrustStore, loadRoots } from './trust-store.ts';

const NOWHERE = { platform: 'linux', files: [], directories: [] } as const;

test('loadRoots() takes the first file that is there and every file of every directory, each root once', async (context) => {
  const folder = await temporaryFolder(context);
  const one = await createAuthority(folder, 'One');
  await mkdir(join(folder, 'two'));
  const two = await createAuthority(join(folder, 'two'), 'Two');
  const directory = join(folder, 'directory');
  await mkdir(directory);
  await cp(one.file, join(directory, 'again'));
  await cp(two.file, join(directory, 'two.pem'));
  await symlink('two.pem', join(directory, 'deadbeef.0'));
  await writeFile(join(directory, 'README'), 'no certificate');
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  await writeFile(join(directory, 'broken.pem'), broken);
  async function pem(file: string): Promise<string> {
    return (await readFile(file, 'utf8')).trim();
  }
  const roots = await loadRoots({
    environment: {},
    platform: 'linux',
    files: [join(folder, 'absent'), one.file, two.file],
    directories: [join(folder, 'absent'), directory],
  });
  assert.deepEqual(roots, [await pem(one.file), await pem(two.file)]);
  const named = { SSL_CERT_FILE: two.file, SSL_CERT_DIR: join(folder, 'absent') };
  const replaced = await loadRoots({
    environment: named,
    platform: 'linux',
    files: [one.file],
    directories: [directory],
  });
  assert.deepEqual(replaced, [await pem(two.file)]);
});

test('loadRoots() falls back to the list of Node only where the machine has no store at all', async () => {
  assert.deepEqual(await loadRoots({ ...NOWHERE, environment: {} }), rootCertificates);
  const named = { SSL_CERT_FILE: '/nonexistent' };
  assert.deepEqual(await loadRoots({ ...NOWHERE, environment: named }), []);
});

test("loadRoots() asks macOS's own store and not the variables there", async () => {
  const environment = { SSL_CERT_FILE: '/nonexistent', SSL_CERT_DIR: '/nonexistent' };
  const roots = await loadRoots({ environment, platform: 'darwin' });
  assert.ok(Array.isArray(roots));
});

test('createTrustStore() reads nothing before its first use, and then once', async (context) => {
  const folder = await temporaryFolder(context);
  const file = join(folder, 'authority.pem');
  const store = createTrustStore({ ...NOWHERE, environment: { SSL_CERT_FILE: file } });
  await createAuthority(folder, 'One');
  assert.equal(await store.context(), await store.context());
});

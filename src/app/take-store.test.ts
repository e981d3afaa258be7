import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import {
  createDiskFiles,
  createFileLocks,
  createHttpClient,
  createQuietLogger,
  createSystemClock,
  createSystemRandom,
} from '../platform/adapters.ts';
import type { Ports } from './ports.ts';
import { readServeAddress, writeServeAddress } from './serve-address.ts';
import { takeStore } from './take-store.ts';

function createPorts(): Ports {
  const files = createDiskFiles();
  return {
    files,
    clock: createSystemClock(),
    random: createSystemRandom(),
    locks: createFileLocks({ files }),
    logger: createQuietLogger(),
    http: createHttpClient({}, { version: 'test', environment: {} }),
  };
}

test('a server starts although a command looks for a moment whether one runs', async (context) => {
  const ports = createPorts();
  const store = await temporaryFolder(context);
  const undo: (() => Promise<void>)[] = [];
  const lock = await ports.locks.tryExclusive(join(store, 'serve.lock'));
  const taken = takeStore(ports, { store, isServer: true }, undo);
  await ports.clock.sleep(60);
  await lock?.release();
  assert.equal((await taken).somebodyDied, false);
  const second = takeStore(ports, { store, isServer: true }, []);
  await assert.rejects(second, { code: 'store-in-use' });
  for (const step of undo.toReversed()) await step();
});

test('the address of a server is written for this machine, and strange text is none', async (context) => {
  const ports = createPorts();
  const store = await temporaryFolder(context);
  const place = { store, scratch: join(store, 'scratch') };
  const written = async (address: string): Promise<string | undefined> => {
    await writeServeAddress(ports, place, address);
    return readServeAddress(ports, store);
  };
  assert.equal(await readServeAddress(ports, store), undefined);
  assert.equal(await written('http://127.0.0.1:8080'), 'http://127.0.0.1:8080');
  assert.equal(await written('http://[::]:8080'), 'http://127.0.0.1:8080');
  assert.equal(await written('https://0.0.0.0:8443'), 'https://127.0.0.1:8443');
  assert.equal(await written('http://x; rm -r /'), undefined);
  assert.equal(await written(`http://h:${'1'.repeat(2000)}`), undefined);
});

/** What a process leaves that had begun a large download. */
async function leaveUnfinished(store: string, process: string, key: string): Promise<string> {
  const scratch = join(store, 'scratch', process);
  await mkdir(scratch, { recursive: true });
  const note = {
    key,
    upstream: 'https://a.test',
    validator: '"one"',
    length: 20_000_000,
    size: 3,
    sha256: '00',
    epochMilliseconds: Date.now(),
  };
  await writeFile(join(scratch, 'draft'), 'abc');
  await writeFile(join(scratch, 'draft.note'), JSON.stringify(note));
  await writeFile(join(scratch, 'other'), 'abc');
  return scratch;
}

test('of a dead process unfinished downloads stay and nothing else, of a living one everything', async (context) => {
  const ports = createPorts();
  const store = await temporaryFolder(context);
  await leaveUnfinished(store, 'dead', 'm.test/dead/@v/v1.0.0.zip');
  const living = await leaveUnfinished(store, 'living', 'm.test/living/@v/v1.0.0.zip');
  const lock = await ports.locks.tryExclusive(`${living}.lock`);
  const undo: (() => Promise<void>)[] = [];
  const { scratch, somebodyDied } = await takeStore(ports, { store, isServer: false }, undo);
  assert.equal(somebodyDied, true);
  assert.equal((await readdir(living)).length, 3);
  assert.equal((await readdir(join(store, 'partials'))).length, 2);
  assert.ok(!(await readdir(join(store, 'scratch'))).includes('dead'));
  await leaveUnfinished(store, basename(scratch), 'm.test/own/@v/v1.0.0.zip');
  for (const step of undo.toReversed()) await step();
  assert.equal((await readdir(join(store, 'partials'))).length, 4);
  assert.ok(!(await readdir(join(store, 'scratch'))).includes(basename(scratch)));
  await lock?.release();
});

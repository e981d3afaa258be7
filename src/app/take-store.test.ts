import assert from 'node:assert/strict';
import { join } from 'node:path';
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

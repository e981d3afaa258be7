import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfiguration, type Configuration } from '../config.ts';
import { createDiskFiles, createQuietLogger } from '../platform/adapters.ts';
import type { Logger } from '../platform/index.ts';
import { createReloader } from './reload.ts';
import type { ReloadableSettings } from './engine-settings.ts';

function load(flags: Readonly<Record<string, string>>): Promise<Configuration> {
  return loadConfiguration({
    flags: Object.fromEntries(Object.entries(flags).map(([flag, value]) => [flag, [value]])),
    environment: {},
    directory: '/nowhere',
    home: '/nowhere',
    platform: 'linux',
    memoryBytes: 2 ** 30,
    files: createDiskFiles(),
  });
}

interface Trial {
  readonly used: ReloadableSettings[];
  readonly said: string[];
  readonly reload: (flags: Readonly<Record<string, string>>) => Promise<void>;
}

async function trial(): Promise<Trial> {
  const used: ReloadableSettings[] = [];
  const said: string[] = [];
  function note(message: string, data: Readonly<Record<string, unknown>> = {}): void {
    said.push(`${message} ${JSON.stringify(data)}`);
  }
  const logger: Logger = { ...createQuietLogger(), info: note, warn: note, error: note };
  let next: Readonly<Record<string, string>> = {};
  const engine = { reload: (settings: ReloadableSettings) => void used.push(settings) };
  const reloader = createReloader(
    { load: () => load(next), engine, logger },
    await load({ store: '/first' }),
  );
  return {
    used,
    said,
    reload: (flags) => {
      next = flags;
      return reloader.reload();
    },
  };
}

test('a reload uses the new upstream from then on', async () => {
  const { used, said, reload } = await trial();
  await reload({ store: '/first', upstream: 'https://other.example.com' });
  assert.equal(used[0]?.upstream, 'https://other.example.com');
  assert.equal(used[0].store, '/first');
  assert.equal(said.length, 1);
});

test('a bad configuration is refused with the reason and the old one stays', async () => {
  const { used, said, reload } = await trial();
  await reload({ upstream: 'nonsense' });
  assert.deepEqual(used, []);
  assert.match(said[0] ?? '', /refused, the old one stays .*nonsense/);
});

test('what is opened once stays, and that is said', async () => {
  const { used, said, reload } = await trial();
  await reload({ store: '/second', listen: ':9' });
  assert.equal(used[0]?.store, '/first');
  assert.match(said[1] ?? '', /next start .*"listen","store"/);
});

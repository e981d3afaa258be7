import { readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ModuleSpecification } from '../../src/drills/index.ts';
import { readAnswer } from '../support/read-answer.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import type { StartedCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What became of the artifacts whose bits were flipped. */
export interface FlipFigures {
  readonly flipped: number;
  readonly large: number;
  /** Asked with an upstream: right bytes again, to the client and in the store. */
  readonly repaired: number;
  /** Asked without one: refused, and out of the tree. */
  readonly quarantined: number;
  /** From memory, where they were loaded before the flip. */
  readonly servedFromMemory: number;
  /** Bytes that are not what was stored, in any answer. */
  readonly wrong: number;
  /** Anything else that must not be. */
  readonly unexpected: readonly string[];
}

/** Above a quarter of this the memory tier takes nothing: those are read from disk piece by piece. */
const MEMORY_BYTES = 2 * 1024 * 1024;
const LARGE_BYTES = 1_500_000;
/** Every eighth zip is large. */
const LARGE_EVERY = 8;
const AT_ONCE = 8;

/** Fills a store, flips one bit of each artifact, keeps size and time, and asks for all of them. */
export async function flipStore(test: TestContext, modules: number): Promise<FlipFigures> {
  const origin = await startOrigin(test, { modules: specify(modules) });
  const store = await temporaryFolder(test);
  const settings = { upstream: origin.url, store, memoryBytes: MEMORY_BYTES };
  const keys = specify(modules).flatMap(({ path, version }) =>
    ['info', 'mod', 'zip'].map((extension) => `${path}/@v/${version}.${extension}`),
  );
  const originals = new Map<string, Buffer>();
  const unexpected: string[] = [];
  let wrong = 0;
  let large = 0;

  /** The status, or 0 when the connection broke. */
  async function ask(engine: StartedCofferdam, key: string): Promise<number> {
    const { status, body, broken } = await readAnswer(`${engine.address}/${key}`);
    const original = originals.get(key) ?? Buffer.alloc(0);
    const promised = broken ? original.subarray(0, body.length) : original;
    if (status === 200 && !body.equals(promised)) wrong += 1;
    return broken ? 0 : status;
  }

  async function flipAll(): Promise<void> {
    large = 0;
    await each(keys, async (key) => {
      const size = await flipBit(join(store, 'modules', key));
      large += size > LARGE_BYTES ? 1 : 0;
    });
  }

  const filling = await startCofferdam(test, settings);
  await each(keys, async (key) => {
    const { status, body } = await readAnswer(`${filling.address}/${key}`);
    if (status !== 200) unexpected.push(`${key}: ${status} while filling`);
    originals.set(key, body);
  });
  await filling.stop(1000);

  await flipAll();
  const healing = await startCofferdam(test, settings);
  let repaired = 0;
  await each(keys, async (key) => {
    const status = await ask(healing, key);
    if (status !== 200) unexpected.push(`${key}: ${status} although the upstream has it`);
    else repaired += 1;
  });
  // What is in memory by now was checked when it was loaded, and a flip on disk does not reach it.
  const last = keys.slice(-AT_ONCE).filter((key) => !key.endsWith('.zip'));
  const warm = new Set<string>();
  for (const key of last) if ((await ask(healing, key)) === 200) warm.add(key);
  await healing.stop(1000);
  await each(keys, async (key) => {
    const stored = await readFile(join(store, 'modules', key));
    if (originals.get(key)?.equals(stored) !== true) {
      unexpected.push(`${key}: is not right in the store after the repair`);
    }
  });

  const alone = await startCofferdam(test, { ...settings, offline: true });
  for (const key of warm) await ask(alone, key);
  await flipAll();
  let servedFromMemory = 0;
  for (const key of warm) servedFromMemory += (await ask(alone, key)) === 200 ? 1 : 0;
  let quarantined = 0;
  await each(keys, async (key) => {
    if (warm.has(key)) return;
    const status = await ask(alone, key);
    // 0 is a connection that was broken before the damaged block.
    if (status === 0 || status >= 500) quarantined += 1;
    else unexpected.push(`${key}: ${status} without an upstream`);
  });
  await alone.stop(1000);
  const kept = await countFiles(join(store, 'quarantine'));
  const expected = keys.length + quarantined;
  if (kept !== expected) unexpected.push(`${kept} files in quarantine instead of ${expected}`);
  const flipped = keys.length * 2 - warm.size;
  return { flipped, large, repaired, quarantined, servedFromMemory, wrong, unexpected };
}

function specify(modules: number): readonly ModuleSpecification[] {
  return Array.from({ length: modules }, (_, index) => ({
    path: `flip.test/module${index}`,
    version: 'v1.0.0',
    zipBytes: index % LARGE_EVERY === 0 ? LARGE_BYTES + 100_000 : 3000 + ((index * 7919) % 150_000),
  }));
}

/** One bit anywhere in the file; size and modification time stay. */
async function flipBit(file: string): Promise<number> {
  const { atime, mtime, size } = await stat(file);
  const bytes = await readFile(file);
  const position = Math.floor(Math.random() * size);
  bytes[position] = (bytes[position] ?? 0) ^ (1 << Math.floor(Math.random() * 8));
  await writeFile(file, bytes);
  await utimes(file, atime, mtime);
  return size;
}

async function countFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

async function each(keys: readonly string[], work: (key: string) => Promise<void>): Promise<void> {
  const waiting = keys.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const key of waiting) await work(key);
    }),
  );
}

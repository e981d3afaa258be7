import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createTestClock } from '../../../test/support/test-clock.ts';
import type { TestClock } from '../../../test/support/test-clock.ts';
import { createDiskFiles, createQuietLogger } from '../../platform/adapters.ts';
import { keepPartials, sweepPartials } from './keep-partials.ts';
import { PARTIAL_LIMITS } from './partial-limits.ts';
import { LARGEST_NOTE_BYTES, formatNote, parseNote, partialName } from './partial-note.ts';
import type { PartialNote } from './partial-note.ts';
import { createPartials } from './partials.ts';
import type { Partials } from './partials.ts';

const KEY = 'm.test/large/@v/v1.0.0.zip';
const UPSTREAM = 'https://a.test';
const BYTES = Buffer.alloc(300_000, 'large');
const SECOND = 1000;
const DAY = 86_400_000;

interface Place {
  readonly store: string;
  readonly scratch: string;
  readonly kept: string;
  readonly clock: TestClock;
  readonly needs: Parameters<typeof createPartials>[0];
  start(): Partials;
}

async function prepare(context: TestContext): Promise<Place> {
  const store = await temporaryFolder(context);
  const scratch = join(store, 'scratch', 'one');
  await mkdir(scratch, { recursive: true });
  const clock = createTestClock();
  const needs = { clock, files: createDiskFiles(), logger: createQuietLogger() };
  const start = (): Partials => createPartials(needs, { store, scratch });
  return { store, scratch, kept: join(store, 'partials'), clock, needs, start };
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function progressOf(
  path: string,
): Parameters<Awaited<ReturnType<Partials['begin']>>['progressed']>[0] {
  return {
    upstream: UPSTREAM,
    validator: '"one"',
    length: 20_000_000,
    path,
    size: BYTES.length,
    digest: () => digest(BYTES),
  };
}

/** A process that had noted a body and died. */
async function die({ start, scratch, clock }: Place): Promise<void> {
  const path = join(scratch, 'draft');
  await writeFile(path, Buffer.concat([BYTES, Buffer.from('not noted yet')]));
  const partials = start();
  const fill = await partials.begin(KEY);
  await clock.advance(SECOND);
  fill.progressed(progressOf(path));
  await partials.close();
}

async function begunBytes(partials: Partials, upstream = UPSTREAM): Promise<Buffer | undefined> {
  const fill = await partials.begin(KEY);
  const begun = fill.begun(upstream);
  if (begun === undefined) return undefined;
  assert.deepEqual(
    [begun.validator, begun.position, begun.length],
    ['"one"', BYTES.length, 20_000_000],
  );
  const pieces: Buffer[] = [];
  for await (const piece of begun.read()) pieces.push(piece);
  await fill.close();
  return Buffer.concat(pieces);
}

test('what a process noted of a large body is there for the next one, for the same upstream', async (context) => {
  const place = await prepare(context);
  await die(place);
  await keepPartials(place.needs, place);
  await sweepPartials(place.needs, place.store);
  assert.deepEqual(await readdir(place.scratch), []);
  const next = place.start();
  assert.deepEqual(await begunBytes(next), BYTES);
  assert.equal(await begunBytes(next, 'https://b.test'), undefined);
  const fill = await next.begin(KEY);
  await fill.forget();
  assert.equal(fill.begun(UPSTREAM), undefined);
  await fill.close();
  assert.deepEqual(await readdir(place.kept), []);
  await next.close();
});

test('a note comes after a second, and never for a body that is small, weak or in memory', async (context) => {
  const { start, scratch, clock } = await prepare(context);
  const path = join(scratch, 'draft');
  const partials = start();
  const fill = await partials.begin(KEY);
  const good = progressOf(path);
  fill.progressed(good);
  await clock.advance(SECOND);
  fill.progressed({ ...good, length: PARTIAL_LIMITS.smallestBytes - 1 });
  fill.progressed({ ...good, validator: undefined });
  fill.progressed({ ...good, length: undefined });
  fill.progressed({ ...good, path: '(memory)' });
  fill.progressed({ ...good, size: 20_000_000 });
  await partials.close();
  fill.progressed(good);
  await fill.forget();
  assert.deepEqual(await readdir(scratch), []);
});

test('a body that nobody finished is kept, and one that was finished or wrong is not', async (context) => {
  const { start, scratch, clock, kept } = await prepare(context);
  const path = join(scratch, 'draft');
  const partials = start();
  for (const isForgotten of [true, false]) {
    await writeFile(path, BYTES);
    const fill = await partials.begin(KEY);
    await clock.advance(SECOND);
    fill.progressed(progressOf(path));
    if (isForgotten) await fill.forget();
    await fill.close();
    assert.equal((await readdir(scratch)).length, isForgotten ? 1 : 0);
  }
  assert.equal((await readdir(kept)).length, 2);
  assert.deepEqual(await begunBytes(partials), BYTES);
  await partials.close();
});

test('bytes that changed, are missing or are a day old are removed instead of used', async (context) => {
  const spoil: readonly ((place: Place) => Promise<void>)[] = [
    async ({ kept }) => {
      const path = join(kept, partialName(KEY));
      const bytes = await readFile(path);
      bytes[1000] = (bytes[1000] ?? 0) ^ 1;
      await writeFile(path, bytes);
    },
    async ({ kept }) => writeFile(join(kept, partialName(KEY)), BYTES.subarray(1)),
    async ({ clock }) => clock.advance(DAY),
  ];
  for (const change of spoil) {
    const place = await prepare(context);
    await die(place);
    await keepPartials(place.needs, place);
    const next = place.start();
    await next.load();
    await change(place);
    assert.equal(await begunBytes(next), undefined);
    await next.close();
    assert.deepEqual(await readdir(place.kept), []);
  }
});

test('sweepPartials() leaves the newest within the limits, and nothing that is no pair', async (context) => {
  const { store, kept, needs, clock } = await prepare(context);
  await mkdir(kept);
  const now = clock.epochMilliseconds();
  const note = { ...parts(), size: 1, epochMilliseconds: now };
  for (const [name, made] of [
    ['new', note],
    ['old', { ...note, epochMilliseconds: now - DAY }],
    ['ahead', { ...note, epochMilliseconds: now + DAY }],
    ['short', { ...note, size: 2 }],
  ] as const) {
    await writeFile(join(kept, name), 'x');
    await writeFile(join(kept, `${name}.note`), formatNote(made));
  }
  await writeFile(join(kept, 'alone'), 'x');
  await writeFile(join(kept, 'without.note'), formatNote(note));
  await sweepPartials(needs, store);
  assert.deepEqual((await readdir(kept)).toSorted(), ['new', 'new.note']);
  const huge = { ...needs.files, status: async () => hugeFile };
  await sweepPartials({ ...needs, files: huge }, store);
  assert.deepEqual(await readdir(kept), []);
});

const hugeFile = {
  size: PARTIAL_LIMITS.keptBytes + 1,
  modifiedMilliseconds: 0,
  kind: 'file',
} as const;

function parts(): PartialNote {
  const sha256 = digest(BYTES);
  return {
    key: KEY,
    upstream: UPSTREAM,
    validator: '"one"',
    length: 20_000_000,
    size: 5,
    sha256,
    epochMilliseconds: 1,
  };
}

test('parseNote() takes only what was written here', () => {
  assert.deepEqual(parseNote(formatNote(parts())), parts());
  const strange: readonly Partial<Record<keyof PartialNote, unknown>>[] = [
    { validator: '"a"\r\nhost: b' },
    { validator: 'W/"a"' },
    { size: 0 },
    { size: 20_000_000 },
    { size: 1.5 },
    { length: '20' },
    { key: 1 },
    { epochMilliseconds: -1 },
  ];
  for (const change of strange) {
    const text = JSON.stringify({ ...parts(), ...change });
    assert.equal(parseNote(Buffer.from(text)), undefined, text);
  }
  for (const text of ['', 'null', '[]', '{', '{}']) {
    assert.equal(parseNote(Buffer.from(text)), undefined, text);
  }
  const longest = { ...parts(), key: 'k'.repeat(2048), upstream: 'u'.repeat(8192) };
  assert.ok(formatNote(longest).length < LARGEST_NOTE_BYTES);
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDiskFiles } from '../platform/adapters.ts';
import { createZipChecker, type ZipVerdict } from './zip-checker.ts';
import { startOracle } from '../../test/oracle-checksum/oracle.ts';
import { buildZip, type SampleEntry } from '../../test/support/sample-zips.ts';

const PATH = 'example.com/Mod';
const VERSION = 'v1.2.3';
const ROOT = `${PATH}@${VERSION}`;
const RUNS = Number(process.env['ORACLE_RUNS'] ?? 3000);

/** Where we are stricter than Go on purpose: two readers would see two archives, or data outside. */
const STRICTER =
  / in its own header than | overlaps another entry|reaches behind the end| its header outside /;

/** Repeatable pseudo-random numbers, so that a failing case can be run again. */
function generator(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const NAMES = [
  'go.mod',
  'a.go',
  'b/c.go',
  'b/',
  'b',
  '',
  'LICENSE',
  'B/c.go',
  'sub/go.mod',
  'GO.MOD',
  'x/../y',
  'con.txt',
  'naïve.go',
  'ſ.go',
  's.go',
  'K.go',
  'k.go',
  'a b.txt',
  'a:b',
  "a'b",
  '𝒜.go',
  'é/.go',
  'a//b',
  './a',
  'dir.',
  'vendor/modules.txt',
  'ß',
  'ẞ',
  'İ',
  'i',
];

function sample(random: (limit: number) => number): Buffer {
  const entries: SampleEntry[] = [];
  const count = random(6);
  for (let index = 0; index < count; index++) {
    const name = random(4) === 0 ? (NAMES[random(NAMES.length)] ?? '') : `f${index}.go`;
    const prefix =
      random(60) === 0
        ? (['', 'other@v1.0.0/', `${ROOT}.txt`, ROOT, `${PATH}@v1.2.4/`][random(5)] ?? '')
        : `${ROOT}/`;
    entries.push({
      name: prefix + name,
      content:
        name.endsWith('/') || (prefix + name).endsWith('/')
          ? Buffer.alloc(random(40) === 0 ? 3 : 0)
          : Buffer.alloc(random(300), `text ${index}`),
      method: random(2) === 0 ? 'stored' : 'deflated',
      descriptor: (['signed', 'unsigned', 'none'] as const)[random(3)] ?? 'none',
      zip64: random(5) === 0,
    });
  }
  return buildZip(entries, {
    zip64: random(5) === 0,
    ...(random(5) === 0 ? { comment: 'a comment' } : {}),
    ...(random(8) === 0 ? { before: Buffer.from('#!/bin/sh\n') } : {}),
  });
}

function mutate(zip: Buffer, random: (limit: number) => number): Buffer {
  let bytes: Buffer = Buffer.from(zip);
  const times = random(3);
  for (let time = 0; time < times; time++) {
    const at = random(bytes.length + 1);
    switch (random(7)) {
      case 0:
      case 1:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
        break;
      case 2:
        if (at < bytes.length) bytes[at] = [0, 1, 0xff, 8, 0x50][random(5)] ?? 0;
        break;
      case 3:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.alloc(1 + random(4), random(256)),
          bytes.subarray(at),
        ]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(4))]);
        break;
      case 5:
        bytes =
          random(2) === 0
            ? Buffer.concat([Buffer.from('leading'), bytes])
            : Buffer.concat([bytes, Buffer.from('trailing')]);
        break;
      default:
        bytes = random(4) === 0 ? Buffer.from(bytes.subarray(0, at)) : bytes;
    }
  }
  return bytes;
}

function agrees(ours: ZipVerdict, go: Record<string, unknown>): boolean {
  if (ours.verdict === 'bad' && STRICTER.test(ours.problem)) return true;
  if (typeof go['h1'] === 'string') return ours.verdict === 'good' && ours.h1 === go['h1'];
  if (go['stage'] === 'names') return ours.verdict !== 'good';
  if (ours.verdict === 'entry-names') return go['stage'] === 'prefix' || go['stage'] === 'names';
  return ours.verdict === 'bad';
}

test('a mutated zip gets the verdict and the h1 that the go command gives it', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'zip-oracle-'));
  const oracle = await startOracle(directory);
  const checker = createZipChecker({ files: createDiskFiles() }, {});
  t.after(async () => {
    await oracle.close();
    await checker.close();
    await rm(directory, { recursive: true });
  });
  const counts: Record<string, number> = {};
  const signal = new AbortController().signal;
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = generator(seed * 7919);
    const bytes = mutate(sample(random), random);
    const file = join(directory, 'case.zip');
    await writeFile(file, bytes);
    const [ours, go] = await Promise.all([
      checker.check({ path: PATH, version: VERSION, source: { kind: 'bytes', bytes }, signal }),
      oracle.ask({ kind: 'zip', path: PATH, version: VERSION, file, scratch: directory }),
    ]);
    const kind = `${ours.verdict}/${typeof go['stage'] === 'string' ? go['stage'] : 'accepted'}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
    assert.ok(
      agrees(ours, go),
      `seed ${seed}: ours ${JSON.stringify(ours)}, Go ${JSON.stringify(go)}`,
    );
  }
  t.diagnostic(JSON.stringify(counts));
});

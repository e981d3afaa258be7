import assert from 'node:assert/strict';
import { createSeeded } from '../support/seeded.ts';
import { withModuleCache } from '../../src/app/modcache.ts';
import type { HealReport, ModuleFilter, VerifyReport } from '../../src/modcache/index.ts';
import { programContext } from '../support/program-context.ts';
import { runProgram } from '../support/start-program.ts';
import { placeOf } from './damages.ts';
import type { DamageKind } from './damages.ts';
import { listTree } from './laboratory.ts';
import type { CacheCopy, Laboratory } from './laboratory.ts';

export interface Played {
  readonly kinds: readonly string[];
  readonly found: number;
  readonly removed: number;
}

interface Answer {
  readonly findings: readonly {
    readonly code: string;
    readonly title: string;
    readonly evidence: readonly { readonly source: string }[];
  }[];
  readonly actions?: readonly { readonly path: string; readonly kind: string }[];
}

/**
 * Breaks a copy of the sound cache, heals it, and asks the real `go`: everything that was not broken is
 * still there byte for byte, and what was comes back as it was.
 */
export async function play(
  laboratory: Laboratory,
  name: string,
  kinds: readonly DamageKind[],
): Promise<Played> {
  const random = createSeeded(name);
  const copy = await laboratory.copy(name);
  const sound = await listTree(copy.cache);
  const mayGo = new Set<string>();
  const modules = shuffled(laboratory, random.whole);
  const untouched = modules.pop();
  assert.ok(untouched !== undefined && kinds.length <= modules.length);
  for (const [index, kind] of kinds.entries()) {
    const module = modules[index] ?? untouched;
    const around = {
      cache: copy.cache,
      place: placeOf(module),
      other: placeOf(untouched),
      random: random.whole,
    };
    for (const path of await kind.apply(around)) mayGo.add(path);
  }
  const before = await listTree(copy.cache);
  const verified = await verify(copy);
  const broken = kinds.filter(({ finds }) => finds !== 'none');
  for (const { finds, name: what } of broken) {
    const isFound = verified.damages.some(({ code }) => code === finds);
    // A flipped bit of a zip may be one that says nothing.
    assert.ok(isFound || what.includes('flipped'), `${name}: ${what} was not found`);
  }
  const isChanged = changes(before, await listTree(copy.cache));
  assert.deepEqual(isChanged, [], 'verify changed something');

  const healed = await heal(copy);
  const left = healed.actions.filter(({ kind }) => kind === 'left');
  assert.deepEqual([left, healed.busy], [[], []], `${name}: something was left`);
  const gone = changes(before, await listTree(copy.cache)).filter(
    (path) => ![...mayGo].some((allowed) => path === allowed || path.startsWith(`${allowed}/`)),
  );
  assert.deepEqual(gone, [], `${name}: something sound was removed`);

  for (const words of [
    ['mod', 'download'],
    ['mod', 'verify'],
    ['build', './...'],
  ]) {
    const ended = await copy.go(...words);
    assert.equal(ended.code, 0, `${name}: go ${words.join(' ')}: ${ended.stderr}${ended.stdout}`);
  }
  assert.deepEqual((await verify(copy)).damages, [], `${name}: still broken`);
  const restored = await listTree(copy.cache);
  const wrong = [...sound.keys()].filter(
    (path) =>
      restored.get(path) !== sound.get(path) &&
      !path.includes('/sumdb/') &&
      // A bit that says when a zip was made is no part of the module: its hash is right.
      !(path.endsWith('.zip') && restored.get(path) === before.get(path)),
  );
  assert.deepEqual(wrong, [], `${name}: go did not bring it back`);
  await copy.remove();
  return {
    kinds: kinds.map((kind) => kind.name),
    found: verified.damages.length,
    removed: healed.actions.length,
  };
}

export function verify(copy: CacheCopy, only: readonly ModuleFilter[] = []): Promise<VerifyReport> {
  const target = { directory: undefined, only };
  return withModuleCache(programContext(copy.main, copy.environment), target, (cache) =>
    cache.verify(unwatched),
  );
}

export function heal(copy: CacheCopy): Promise<HealReport> {
  return withModuleCache(programContext(copy.main, copy.environment), everything, (cache) =>
    cache.heal({ ...unwatched, isDryRun: false }),
  );
}

const everything = { directory: undefined, only: [] };
const unwatched = { onProgress: () => undefined, signal: new AbortController().signal };

/** As people run it. */
export async function program(
  copy: CacheCopy,
  command: 'verify' | 'heal',
  ...words: readonly string[]
): Promise<{ code: number | null; stdout: string; stderr: string; answer: Answer }> {
  const ended = await runProgram(
    ['modcache', command, '--format', 'json', ...words],
    copy.environment,
    copy.main,
  );
  assert.ok(ended.stdout.startsWith('{'), ended.stderr);
  return { ...ended, answer: JSON.parse(ended.stdout) as Answer };
}

/** Paths that are gone or different. */
function changes(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...before.keys()].filter((path) => after.get(path) !== before.get(path));
}

function shuffled({ modules }: Laboratory, random: (limit: number) => number) {
  const rest = [...modules];
  return modules
    .map(() => rest.splice(random(rest.length), 1)[0])
    .filter((one) => one !== undefined);
}

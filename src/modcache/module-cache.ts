import { join } from 'node:path';
import { createTurns } from '../turns.ts';
import type { Damage } from './damage.ts';
import { createOwnerCheck } from './owner-check.ts';
import { judgeChecksums } from './judge-checksums.ts';
import { judgeVersion, LEFTOVER_MILLISECONDS } from './judge-version.ts';
import type { Judged, Subject } from './judged.ts';
import type { ModuleCacheNeeds, ModuleCacheSettings, WorkDone } from './needs.ts';
import { removeDamage } from './remove-damage.ts';
import type { Action } from './remove-damage.ts';
import { takeLock } from './take-lock.ts';
import { createTrustedHashes } from './trusted-hashes.ts';
import { lookAgain, walkUnpackedLeftovers, walkVersions } from './walk-cache.ts';
import type { CachedVersion } from './walk-cache.ts';

/** One hashes while another reads; more only fill memory. */
const VERSIONS_AT_ONCE = 4;
/** What could not be read, or was no file, may be hiding more. */
const ROUNDS = 3;
/** Nobody reads more; the rest is counted. */
const MAXIMUM_DAMAGES = 10_000;

export interface ModuleCache {
  /** Looks only. */
  verify(options: WorkOptions): Promise<VerifyReport>;
  /** Removes what is broken; with `isDryRun` says what it would remove. */
  heal(options: WorkOptions & { readonly isDryRun: boolean }): Promise<HealReport>;
}

export interface WorkOptions {
  readonly onProgress: (done: WorkDone) => void;
  readonly signal: AbortSignal;
}

export interface VerifyReport {
  readonly directory: string;
  readonly versions: number;
  readonly bytes: number;
  readonly damages: readonly Damage[];
  /** Found beyond those that are listed. */
  readonly unlisted: number;
  /** `PATH@VERSION` that a go command was working on. */
  readonly busy: readonly string[];
  /** The go command's locks could not be taken, so another go command may get in the way. */
  readonly isUnlocked: boolean;
}

export interface HealReport extends VerifyReport {
  readonly isDryRun: boolean;
  readonly actions: readonly Action[];
}

type Act = (damages: readonly Damage[]) => Promise<readonly Action[]>;

export function createModuleCache(
  needs: ModuleCacheNeeds,
  settings: ModuleCacheSettings,
): ModuleCache {
  const { directory: root } = settings;
  return {
    verify: async (options) => {
      const { actions: _none, ...report } = await work(needs, settings, options, async () => []);
      return report;
    },
    heal: async (options) => {
      const { isDryRun } = options;
      const report = await work(needs, settings, options, async (damages) => {
        const actions: Action[] = [];
        for (const damage of damages) {
          actions.push(...(await removeDamage(needs.tree, root, damage, isDryRun)));
        }
        return actions;
      });
      return { ...report, isDryRun };
    },
  };
}

interface Tally {
  versions: number;
  bytes: number;
  unlisted: number;
  isUnlocked: boolean;
  readonly damages: Damage[];
  readonly busy: string[];
  readonly actions: Action[];
}

async function work(
  needs: ModuleCacheNeeds,
  settings: ModuleCacheSettings,
  options: WorkOptions,
  act: Act,
): Promise<Omit<HealReport, 'isDryRun'>> {
  const { directory: root, only, goSums } = settings;
  const tally: Tally = {
    versions: 0,
    bytes: 0,
    unlisted: 0,
    isUnlocked: false,
    damages: [],
    busy: [],
    actions: [],
  };
  const owners = createOwnerCheck(needs.tree.user);
  owners.see('', await needs.tree.look(root));
  const trusted = createTrustedHashes(needs, root, goSums);
  await inParallel(walkVersions(needs.tree, root, only), async (found) => {
    options.signal.throwIfAborted();
    const subject = { needs, root, trusted, signal: options.signal, ...found };
    owners.see(found.folder, await needs.tree.look(join(root, found.folder)));
    const bytes = await treat(subject, found, tally, act);
    tally.versions += 1;
    tally.bytes += bytes;
    options.onProgress(tally);
  });
  const others = [
    ...owners.damages(),
    ...(await leftovers(needs, settings)),
    // Records belong to modules, tiles to all of them.
    ...(only.length === 0 ? await judgeChecksums({ needs, root }) : []),
  ];
  await note(tally, others, act);
  return { directory: root, ...tally };
}

/** Damage is only believed, and only removed, while no go command works on that version. */
async function treat(
  subject: Subject,
  found: CachedVersion,
  tally: Tally,
  act: Act,
): Promise<number> {
  const first = await judgeVersion(subject);
  if (first.damages.length === 0) return first.bytes;
  const { needs, root, folder, files, module } = subject;
  const taken = await takeLock(needs.locks, root, `${folder}/${files.escaped}.lock`);
  if (taken.kind === 'busy') {
    tally.busy.push(`${module.path}@${module.version}`);
    return first.bytes;
  }
  tally.isUnlocked ||= taken.kind === 'impossible';
  try {
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const judged = await judgeAgain(subject, found);
      bytes += judged.bytes;
      const actions = await note(tally, judged.damages, act);
      const isChanged = actions.some(({ kind }) => kind === 'removed' || kind === 'made-readable');
      if (judged.isCutShort !== true || !isChanged) break;
    }
    return bytes;
  } finally {
    if (taken.kind === 'held') await taken.lock.release();
  }
}

async function judgeAgain(subject: Subject, found: CachedVersion): Promise<Judged> {
  const { needs, root } = subject;
  const again = await lookAgain(needs.tree, root, found);
  return again === undefined ? { damages: [], bytes: 0 } : judgeVersion({ ...subject, ...again });
}

async function note(
  tally: Tally,
  damages: readonly Damage[],
  act: Act,
): Promise<readonly Action[]> {
  for (const damage of damages) {
    if (tally.damages.length < MAXIMUM_DAMAGES) tally.damages.push(damage);
    else tally.unlisted += 1;
  }
  const actions = await act(damages);
  tally.actions.push(...actions);
  return actions;
}

async function leftovers(
  needs: ModuleCacheNeeds,
  { directory: root, only }: ModuleCacheSettings,
): Promise<readonly Damage[]> {
  const damages: Damage[] = [];
  for await (const { module, directory } of walkUnpackedLeftovers(needs.tree, root, only)) {
    const entry = await needs.tree.look(join(root, directory));
    const age = needs.clock.epochMilliseconds() - (entry?.modifiedMilliseconds ?? Infinity);
    if (age < LEFTOVER_MILLISECONDS) continue;
    damages.push({
      code: 'cache-corrupt',
      severity: 'warning',
      title: `an attempt to unpack ${module.path}@${module.version} was left behind`,
      proof: 'a temporary directory of a go command before 1.16',
      file: directory,
      module,
      remove: [directory],
      behaviour: 'It only takes space; go removes it when it unpacks that version again.',
      goMends: true,
      confidence: 1,
    });
  }
  return damages;
}

async function inParallel<T>(
  items: AsyncIterable<T>,
  use: (item: T) => Promise<void>,
): Promise<void> {
  const turns = createTurns(VERSIONS_AT_ONCE);
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  for await (const item of items) {
    await turns.take();
    if (failure !== undefined) break;
    const job: Promise<void> = use(item)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        running.delete(job);
        turns.give();
      });
    running.add(job);
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure.error;
}

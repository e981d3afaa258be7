import { tmpdir } from 'node:os';
import { toldCause } from '../finding/index.ts';
import { ProgramError } from '../platform/index.ts';
import type { Lock } from '../platform/index.ts';
import { keepPartials, sweepPartials } from '../proxy/partials/index.ts';
import { mayGoOnAfter } from './open-database.ts';
import type { Ports } from './ports.ts';

export interface TakenStore {
  readonly scratch: string;
  /** A process ended without a word while it used this store. */
  readonly somebodyDied: boolean;
  /** Why nothing can be kept in it, in words; what it holds can be read. */
  readonly problem?: string | undefined;
}

type StoreUse = { readonly store: string; readonly isServer: boolean };

/**
 * Locks the store where that is due, and gives this process a scratch directory of its own. A store that
 * cannot be written is only read: no build fails because its cache does.
 */
export async function takeStore(
  ports: Ports,
  settings: StoreUse,
  undo: (() => Promise<void>)[],
): Promise<TakenStore> {
  const begun: (() => Promise<void>)[] = [];
  try {
    return await takeWritable(ports, settings, begun);
  } catch (error) {
    if (isInUse(error) || !mayGoOnAfter(reasonOf(error), settings)) throw error;
    const reason = await whyNotWritable(ports, settings.store, reasonOf(error));
    return await takeReadable(ports, settings, toldCause(reason), begun);
  } finally {
    undo.push(...begun);
  }
}

async function takeWritable(
  ports: Ports,
  settings: StoreUse,
  undo: (() => Promise<void>)[],
): Promise<TakenStore> {
  const { files, locks, random } = ports;
  try {
    await files.makeDirectory(`${settings.store}/modules`);
    await files.makeDirectory(`${settings.store}/scratch`);
  } catch (error) {
    throw storeUnusable(settings.store, error);
  }
  if (settings.isServer) {
    const lock = await tryPatiently(ports, `${settings.store}/serve.lock`);
    if (lock === undefined) {
      throw new ProgramError({
        code: IN_USE,
        kind: 'bad-input',
        message: `another cofferdam serve already uses the store ${settings.store}`,
        hint: 'stop it, or give this one its own directory with --store; any number of cofferdam run may share a store',
      });
    }
    undo.push(async () => lock.release());
  }
  const dead = await sweepScratch(ports, settings.store);
  const scratch = `${settings.store}/scratch/${random.bytes(8).toString('hex')}`;
  // The lock first: another process that sweeps must never find the directory unowned.
  const owner = await locks.tryExclusive(`${scratch}.lock`);
  await files.makeDirectory(scratch).catch((error: unknown) => {
    throw storeUnusable(settings.store, error);
  });
  const noted = noteOwner(ports, scratch);
  undo.push(async () => {
    await noted;
    await keepUnfinished(ports, settings.store, scratch);
    await files.remove(scratch);
    await owner?.release();
    await files.remove(`${scratch}.lock`);
  });
  return { scratch, somebodyDied: dead > 0 };
}

const IN_USE = 'store-in-use';

function isInUse(error: unknown): boolean {
  return error instanceof ProgramError && error.code === IN_USE;
}

/** What the disk said, below our own words. */
function reasonOf(error: unknown): unknown {
  return error instanceof ProgramError && error.code === 'store-unusable' ? error.cause : error;
}

/** A lock that failed knows less of the reason than the disk does. */
async function whyNotWritable(
  { files, random }: Ports,
  store: string,
  known: unknown,
): Promise<unknown> {
  const trial = `${store}/scratch/${random.bytes(8).toString('hex')}`;
  try {
    await files.makeDirectory(trial);
    await files.remove(trial);
    return known;
  } catch (error) {
    return error;
  }
}

/** Large bodies still want a place while they arrive; without one they stay in memory. */
async function takeReadable(
  { files, random, logger }: Ports,
  { store }: StoreUse,
  reason: string,
  undo: (() => Promise<void>)[],
): Promise<TakenStore> {
  const scratch = `${tmpdir()}/cofferdam-${random.bytes(8).toString('hex')}`;
  const problem = `the store ${store} cannot be written, so nothing new is kept in it; what it holds is used (${reason})`;
  await files.makeDirectory(scratch, { isPrivate: true }).catch((error: unknown) => {
    logger.warn('large modules are kept in memory while they arrive', { error: toldCause(error) });
  });
  undo.push(async () => files.remove(scratch));
  return { scratch, somebodyDied: false, problem };
}

/** For people who find the directory; nobody waits for it, and the thread that writes starts with it. */
async function noteOwner({ files, clock, logger }: Ports, scratch: string): Promise<void> {
  const about = `${JSON.stringify({ since: clock.now().toString() })}\n`;
  try {
    await files.writeAtomically(`${scratch}/owner.json`, Buffer.from(about), scratch);
  } catch (error) {
    logger.warn('the owner of the scratch directory could not be written down', {
      scratch,
      error: String(error),
    });
  }
}

/** `cofferdam store` holds the lock for a moment to see whether a server does. */
const TRIES = 5;
const BETWEEN_MILLISECONDS = 50;

async function tryPatiently({ clock, locks }: Ports, path: string): Promise<Lock | undefined> {
  for (let tried = 1; ; tried += 1) {
    const lock = await locks.tryExclusive(path);
    if (lock !== undefined || tried === TRIES) return lock;
    await clock.sleep(BETWEEN_MILLISECONDS);
  }
}

/** A download that goes on later is worth a try, and no reason to stop or start otherwise. */
async function keepUnfinished(ports: Ports, store: string, scratch: string): Promise<void> {
  try {
    await keepPartials(ports, { store, scratch });
  } catch (error) {
    ports.logger.warn('unfinished downloads could not be kept', { scratch, error: String(error) });
  }
}

/**
 * Removes what processes that died left behind, but for large downloads that can go on; a live one holds
 * the lock beside its directory.
 */
async function sweepScratch(ports: Ports, store: string): Promise<number> {
  const { files, locks, logger } = ports;
  let dead = 0;
  for (const entry of (await files.list(`${store}/scratch`)) ?? []) {
    if (entry.kind !== 'directory') {
      continue;
    }
    const path = `${store}/scratch/${entry.name}`;
    try {
      const lock = await locks.tryExclusive(`${path}.lock`);
      if (lock !== undefined) {
        dead += 1;
        await keepUnfinished(ports, store, path);
        await files.remove(path);
        await lock.release();
        await files.remove(`${path}.lock`);
      }
    } catch (error) {
      logger.warn('an old scratch directory could not be removed', { path, error: String(error) });
    }
  }
  await sweepPartials(ports, store).catch((error: unknown) => {
    logger.warn('unfinished downloads could not be swept', { error: String(error) });
  });
  return dead;
}

function storeUnusable(store: string, cause: unknown): ProgramError {
  return new ProgramError({
    code: 'store-unusable',
    kind: 'bad-input',
    message: `the store directory ${store} cannot be written`,
    cause,
    hint: 'make it writable for this user, or choose another one with --store',
  });
}

import type { Lock, Locks } from '../../platform/index.ts';

/** One lock between programs, which the parts of this one may hold together. */
export interface SharedLock {
  /** Undefined while another program holds it. */
  tryHold(): Promise<Lock | undefined>;
}

export function createSharedLock(
  { locks }: { readonly locks: Locks },
  { file }: { readonly file: string },
): SharedLock {
  let taken: Promise<Lock | undefined> | undefined;
  let holders = 0;

  return {
    async tryHold() {
      holders += 1;
      taken ??= locks.tryExclusive(file);
      const mine = taken;
      const lock = await mine.catch((error: unknown) => {
        leave(mine);
        throw error;
      });
      if (lock === undefined) {
        leave(mine);
        return undefined;
      }
      let isReleased = false;
      return {
        async release() {
          if (isReleased) return;
          isReleased = true;
          if (leave(mine)) await lock.release();
        },
      };
    },
  };

  /** True for the last one. */
  function leave(from: Promise<Lock | undefined>): boolean {
    holders -= 1;
    if (holders > 0) return false;
    if (taken === from) taken = undefined;
    return true;
  }
}

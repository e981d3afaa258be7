import type { TreeEntry } from '../platform/tree/index.ts';
import type { Damage } from './damage.ts';

/** Whether the directories that go writes into belong to the user who runs it. */
export interface OwnerCheck {
  see(folder: string, entry: TreeEntry | undefined): void;
  damages(): readonly Damage[];
}

/** An image that was filled as root and is run as somebody else has one finding, not thousands. */
export function createOwnerCheck(user: number | undefined): OwnerCheck {
  const foreign = new Map<string, number>();
  return {
    see: (folder, entry) => {
      if (user === undefined || entry === undefined) return;
      if (entry.owner === user || entry.isShared) return;
      foreign.set(folder, entry.owner);
    },
    damages: () => {
      const [first] = foreign;
      if (first === undefined) return [];
      const [folder, owner] = first;
      return [
        {
          code: 'cache-permission-denied',
          severity: 'warning',
          title: 'directories of the module cache belong to another user',
          proof: `${foreign.size} of them, this one to user ${owner}; this is user ${user ?? 0}`,
          file: folder === '' ? '.' : folder,
          module: undefined,
          remove: [],
          behaviour: 'go reads what is there, and fails when it has to add something.',
          goMends: false,
          confidence: 0.9,
        },
      ];
    },
  };
}

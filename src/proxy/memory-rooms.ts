import { ProgramError } from '../platform/index.ts';
import type { Clock } from '../platform/index.ts';
import type { MemoryRoom } from './storage/index.ts';

export interface MemoryRoomsSettings {
  readonly totalBytes: number;
  /** How long one waits for others to give some back. */
  readonly waitMilliseconds: number;
}

/** One bounded lot of memory for all bodies that the disk cannot take. */
export interface MemoryRooms {
  /** Waits until the known length is free as a whole, so that two never wait for each other. */
  take(length: number | undefined): Promise<MemoryRoom>;
}

export function createMemoryRooms(
  { clock }: { readonly clock: Clock },
  settings: MemoryRoomsSettings,
): MemoryRooms {
  let free = settings.totalBytes;
  let waiting: { readonly bytes: number; readonly go: () => void }[] = [];

  function wake(): void {
    for (let next = waiting[0]; next !== undefined && next.bytes <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.bytes;
      next.go();
    }
  }

  async function reserve(bytes: number): Promise<void> {
    if (bytes > settings.totalBytes) {
      throw exhausted(`it is larger than the ${settings.totalBytes} bytes kept for this`);
    }
    if (waiting.length === 0 && bytes <= free) {
      free -= bytes;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const entry = { bytes, go };
      const timer = clock.after(settings.waitMilliseconds, () => {
        waiting = waiting.filter((one) => one !== entry);
        reject(exhausted('others hold all the memory that is kept for this'));
        wake();
      });
      function go(): void {
        timer.cancel();
        resolve();
      }
      waiting.push(entry);
    });
  }

  return {
    async take(length) {
      let held = length ?? 0;
      let used = 0;
      await reserve(held);
      return {
        async more(bytes) {
          // The last block of a body of known length reaches a little beyond its end.
          if (length === undefined || used >= held) {
            await reserve(bytes);
            held += bytes;
          }
          used += bytes;
        },
        giveBack() {
          free += held;
          held = 0;
          wake();
        },
      };
    },
  };
}

function exhausted(why: string): ProgramError {
  return new ProgramError({
    code: 'scratch-exhausted',
    kind: 'full',
    message: `the disk of this proxy cannot take the file, and its memory cannot either: ${why}`,
    hint: 'free some space on the file system of the store',
  });
}

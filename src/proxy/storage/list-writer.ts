import type { Clock, Logger } from '../../platform/index.ts';
import { createRareWarning } from '../rare-warning.ts';

/** Keeps the `list` file of each changed module up to date, some time after the change. */
export interface ListWriter {
  changed(escapedPath: string): void;
  /** Writes what is still due. */
  close(): Promise<void>;
}

/** As many as the disk's thread takes in one batch: alone, each would wait for a commit of its own. */
const TOGETHER = 64;

/**
 * The `list` files only matter to those who read the tree with `GOPROXY=file://`, so they are written
 * together a moment later instead of once per artifact in the middle of a download.
 */
export function createListWriter(
  needs: { readonly clock: Clock; readonly logger: Logger },
  settings: { readonly writeDelayMilliseconds: number },
  write: (escapedPath: string) => Promise<void>,
): ListWriter {
  const warn = createRareWarning(needs, 'the list file of a module was not written');
  const due = new Set<string>();
  let timer: { cancel(): void } | undefined;
  let running: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    timer = undefined;
    const paths = [...due];
    due.clear();
    for (let start = 0; start < paths.length; start += TOGETHER) {
      await Promise.all(paths.slice(start, start + TOGETHER).map(writeOne));
    }
  }

  async function writeOne(path: string): Promise<void> {
    try {
      await write(path);
    } catch (error) {
      warn(error, { path });
    }
  }

  return {
    changed(escapedPath) {
      due.add(escapedPath);
      timer ??= needs.clock.after(settings.writeDelayMilliseconds, () => {
        running = running.then(flush);
      });
    },
    async close() {
      timer?.cancel();
      running = running.then(flush);
      await running;
    },
  };
}

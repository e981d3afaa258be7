import { once } from 'node:events';
import type { Readable } from 'node:stream';

/**
 * What is in the pipe when the child ends is read in fewer looks; whoever writes later is not the child. Counted, and
 * not timed: on a machine with too much to do a quarter of a second passes before anything is read.
 */
const QUIET_LOOKS = 12;
const LOOK_MILLISECONDS = 20;
/** What it left running may write for ever. */
const MOST_LOOKS = 100;

/** What the child writes to a pipe of ours goes on to our own stream, byte for byte and no faster than that is read. */
export async function passOn(
  exited: Promise<unknown>,
  source: Readable | null,
  target: NodeJS.WriteStream,
  copy: (bytes: Uint8Array) => void,
): Promise<void> {
  if (source === null) return;
  // Nobody reads ours any more: the child then learns it as it would without us.
  const leave = (): void => {
    source.destroy();
  };
  const resume = (): void => {
    source.resume();
  };
  let quietLooks = 0;
  source.on('data', (bytes: Buffer) => {
    quietLooks = 0;
    copy(bytes);
    if (!target.write(bytes)) source.pause();
  });
  target.on('error', leave);
  target.on('drain', resume);
  try {
    const closed = once(source, 'close').catch(() => undefined);
    await Promise.race([closed, exited]);
    let isOver = source.closed;
    void closed.then(() => {
      isOver = true;
    });
    quietLooks = 0;
    for (let looks = 0; !isOver && quietLooks < QUIET_LOOKS && looks < MOST_LOOKS; looks += 1) {
      // Each look comes after the pipe was asked once more.
      await Promise.race([closed, pause()]);
      quietLooks += 1;
      // Held up by our own reader, the child's last words are still to come.
      if (source.isPaused()) {
        quietLooks = 0;
        looks = 0;
      }
    }
  } finally {
    target.off('error', leave);
    target.off('drain', resume);
    source.destroy();
  }
}

async function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
}

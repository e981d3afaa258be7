import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** What is in the pipe when the child ends is read in less; whoever writes later is not the child. */
const LEFT_MILLISECONDS = 250;
const LOOK_MILLISECONDS = 20;
/** What it left running may write for ever. */
const LONGEST_MILLISECONDS = 2000;

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
  let lastAt = performance.now();
  source.on('data', (bytes: Buffer) => {
    lastAt = performance.now();
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
    lastAt = performance.now();
    let end = lastAt + LONGEST_MILLISECONDS;
    while (!isOver && performance.now() < Math.min(lastAt + LEFT_MILLISECONDS, end)) {
      await Promise.race([closed, pause()]);
      // Held up by our own reader, the child's last words are still to come.
      if (source.isPaused()) {
        lastAt = performance.now();
        end = lastAt + LONGEST_MILLISECONDS;
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

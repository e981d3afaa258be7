import { readFile, readdir } from 'node:fs/promises';

/** Often enough to see a peak that lasts, seldom enough not to disturb. */
const SAMPLE_MILLISECONDS = 100;

/** Watches the proportional set size of a process and its descendants. */
export interface MemoryWatch {
  /** Ends the watch; bytes. */
  peak(): Promise<number>;
}

export function watchMemory(pid: number): MemoryWatch {
  let peak = 0;
  const stopping = new AbortController();
  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      peak = Math.max(peak, await treeSize(pid));
      await new Promise((resolve) => void setTimeout(resolve, SAMPLE_MILLISECONDS));
    }
  }
  const watching = watch();
  return {
    async peak() {
      stopping.abort();
      await watching;
      return peak;
    },
  };
}

/** Bytes of one process, its share of what it shares. */
export async function proportionalSize(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

async function treeSize(pid: number): Promise<number> {
  let total = await proportionalSize(pid);
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  for (const task of tasks) {
    const children = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
    for (const child of children.split(' ')) {
      if (child !== '') total += await treeSize(Number(child));
    }
  }
  return total;
}

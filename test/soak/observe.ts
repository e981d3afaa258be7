import { readFile, readdir, readlink } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** What one server holds, its worker processes included. */
export interface Holdings {
  readonly processes: number;
  /** Proportional set size, so that shared pages count once. */
  readonly pssBytes: number;
  readonly openFiles: number;
  readonly sockets: number;
}

export async function observe(pid: number): Promise<Holdings> {
  const pids = [pid, ...(await descendants(pid))];
  const each = await Promise.all(pids.map(observeOne));
  return {
    processes: each.length,
    pssBytes: sum(each.map(({ pssBytes }) => pssBytes)),
    openFiles: sum(each.map(({ openFiles }) => openFiles)),
    sockets: sum(each.map(({ sockets }) => sockets)),
  };
}

/** Waits until idle connections are gone: the count stands still for some seconds, or time is up. */
export async function observeAtRest(pid: number, patienceMilliseconds: number): Promise<Holdings> {
  const end = performance.now() + patienceMilliseconds;
  let last = await observe(pid);
  let unchanged = 0;
  while (performance.now() < end && unchanged < 3) {
    await pause(1000);
    const next = await observe(pid);
    unchanged = next.openFiles === last.openFiles ? unchanged + 1 : 0;
    last = next;
  }
  return last;
}

async function observeOne(pid: number): Promise<Omit<Holdings, 'processes'>> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kilobytes = Number(/^Pss:\s+(\d+) kB$/mu.exec(rollup)?.[1] ?? '0');
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(
    names.map(async (name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')),
  );
  return {
    pssBytes: kilobytes * 1024,
    openFiles: targets.length,
    sockets: targets.filter((target) => target.startsWith('socket:')).length,
  };
}

async function descendants(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text.split(' ').filter(Boolean).map(Number);
  const deeper = await Promise.all(children.map(descendants));
  return [...children, ...deeper.flat()];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

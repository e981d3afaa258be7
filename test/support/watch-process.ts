import { readFile } from 'node:fs/promises';

/** Resident memory of a process, in mebibytes. Linux only. */
export async function residentMebibytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid ?? 'self'}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1] ?? 'NaN') / 1024;
}

/** The value of one series of `/-/metrics`, all its labels summed up. */
export async function readMetric(address: string, name: string): Promise<number> {
  const text = await (await fetch(`${address}/-/metrics`)).text();
  let sum = 0;
  for (const line of text.split('\n')) {
    const [series, value] = line.split(/ (?=[^ ]+$)/u);
    if (series === name || series?.startsWith(`${name}{`) === true) sum += Number(value);
  }
  return sum;
}

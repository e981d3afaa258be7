import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Seen {
  /** Where: an argument list, a variable, a file. */
  readonly place: string;
  readonly text: string;
}

/** The argument lists of all that a process starts, and the variables that they have and it has not. */
export function watchChildren(
  root: () => number | undefined,
  given: Readonly<Record<string, string>>,
): { stop(): readonly Seen[] } {
  const seen = new Map<string, Seen>();
  const timer = setInterval(() => {
    for (const pid of descendants(root())) look(pid);
  }, 15);
  function look(pid: number): void {
    const line = readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
    if (line !== '')
      seen.set(`${pid} line`, { place: `arguments of ${line.slice(0, 60)}`, text: line });
    for (const pair of readText(`/proc/${pid}/environ`).split('\0')) {
      const name = pair.slice(0, pair.indexOf('='));
      if (name === '' || given[name] === pair.slice(name.length + 1)) continue;
      seen.set(`${pid} ${name}`, { place: `variable ${name} of ${line.slice(0, 60)}`, text: pair });
    }
  }
  return {
    stop: () => {
      clearInterval(timer);
      return [...seen.values()];
    },
  };
}

function descendants(root: number | undefined): readonly number[] {
  if (root === undefined) return [];
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = /^\d+ \(.*\) \S (\d+)/s.exec(readText(`/proc/${name}/stat`))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  return [...parents.keys()].filter((pid) => {
    let current: number | undefined = pid;
    while (current !== undefined && current !== root) current = parents.get(current);
    return current === root && pid !== root;
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Every file below these folders, but for those that the test itself planted. */
export function readFiles(
  folders: readonly string[],
  planted: ReadonlySet<string>,
): readonly Seen[] {
  return folders.flatMap((folder) => below(folder, planted));
}

function below(folder: string, planted: ReadonlySet<string>): Seen[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const path = join(folder, name);
    if (planted.has(path)) return [];
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return below(path, planted);
    if (found?.isFile() !== true) return [];
    return [
      { place: `file name ${path}`, text: path },
      { place: `file ${path}`, text: readFileSync(path, 'latin1') },
    ];
  });
}

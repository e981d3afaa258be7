import { readFileSync, readdirSync } from 'node:fs';
import { systemCode } from './disk-error.ts';

/** Signals a whole process group; false when nothing of it is left. Signal 0 only asks. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ESRCH') return false;
    // Some member belongs to another user: it is there, and out of our reach.
    if (code === 'EPERM') return true;
    throw error;
  }
}

/**
 * Whether anything of the group still runs. In a container whose first process waits for nobody, what has
 * ended stays in its group for ever and can be signalled, so the process table decides where there is one.
 */
export function groupRuns(leader: number): boolean {
  if (!signalGroup(leader, 0)) return false;
  try {
    const processes = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
    // Hidden from us, or none of our system.
    if (processes.length === 0) return true;
    return processes.some((name) => runsInGroup(name, leader));
  } catch {
    return true;
  }
}

/** `pid (name) state parent group …` (proc(5)); the name may hold anything. */
function runsInGroup(name: string, leader: number): boolean {
  try {
    const line = readFileSync(`/proc/${name}/stat`, 'latin1');
    const [state = '', , group = ''] = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return group === String(leader) && state !== 'Z' && state !== 'X';
  } catch {
    // It ended in between.
    return false;
  }
}

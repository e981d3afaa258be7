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

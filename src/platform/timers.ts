/** Node fires a timer at once when its delay does not fit in 31 bits, so longer delays are cut in parts. */
const LONGEST_DELAY_MILLISECONDS = 2 ** 31 - 1;

export interface Timer {
  cancel(): void;
}

/** One shot after any delay; Infinity never fires. `keepsAlive` says whether the process waits for it. */
export function startTimer(milliseconds: number, keepsAlive: boolean, run: () => void): Timer {
  let handle: NodeJS.Timeout;
  function arm(remaining: number): void {
    const delay = Math.min(Math.max(remaining, 0), LONGEST_DELAY_MILLISECONDS);
    handle = setTimeout(() => (remaining > delay ? arm(remaining - delay) : run()), delay);
    if (!keepsAlive) handle.unref();
  }
  arm(milliseconds);
  return { cancel: () => clearTimeout(handle) };
}

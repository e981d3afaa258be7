const SHELL = '/bin/sh';

/** What is asked of the system's resolver from a thread that nothing can stop. */
const LOOK_UPS: readonly string[] = ['GetAddrInfoReqWrap', 'GetNameInfoReqWrap'];

/**
 * Ends this process now. `process.exit` waits for the threads of look-ups, which with silent resolvers hold it up for
 * a minute and more; then a shell takes over the process, without threads, and ends it with the code.
 */
export function endProcess(code: number): never {
  if (process.getActiveResourcesInfo().some((name) => LOOK_UPS.includes(name))) {
    // Whoever has something to tidy up does it now: a process that is taken over has no "exit".
    process.emit('exit', code);
    try {
      process.execve?.(SHELL, ['sh', '-c', `exit ${code}`], {});
    } catch {
      // An image without a shell: the end comes later, and with the right code.
    }
  }
  process.exit(code);
}

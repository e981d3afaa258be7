import type { OnProbe } from '../doctor/index.ts';
import type { Terminal } from './terminal.ts';

export interface ProbeProgress {
  readonly show: OnProbe;
  /** Wipes away what was drawn. */
  end(): void;
}

/** On a terminal one line that says what is still looked at; elsewhere nothing. */
export function createProbeProgress(
  { err, environment }: Terminal,
  isQuiet: boolean,
): ProbeProgress {
  const isDrawn = err.isTerminal && environment['TERM'] !== 'dumb' && !isQuiet;
  const running = new Set<string>();
  return {
    show(name, state) {
      if (!isDrawn) return;
      if (state === 'started') running.add(name);
      else running.delete(name);
      const text = `probing: ${[...running].join(', ')}`;
      err.write(`\r${text.slice(0, (err.columns ?? 80) - 1)}\u001B[K`);
    },
    end() {
      if (isDrawn) err.write('\r\u001B[K');
    },
  };
}

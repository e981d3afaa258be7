import { formatBytes } from './format-text.ts';
import type { Terminal } from './terminal.ts';

/** How far long work has come, on stderr. */
export interface Progress {
  show(versions: number, bytes: number): void;
  /** Wipes away what was drawn on a terminal. */
  end(): void;
}

/** On a terminal one line that changes, elsewhere one line each time. */
export function createProgress({ err, environment }: Terminal, isQuiet: boolean): Progress {
  const isDrawn = err.isTerminal && environment['TERM'] !== 'dumb';
  let wasShown = false;
  return {
    show(versions, bytes) {
      if (isQuiet) return;
      wasShown = true;
      const text = `${versions} version${versions === 1 ? '' : 's'}, ${formatBytes(bytes)} so far`;
      err.write(isDrawn ? `\r${text}\u001B[K` : `${text}\n`);
    },
    end() {
      if (isDrawn && wasShown) err.write('\r\u001B[K');
    },
  };
}

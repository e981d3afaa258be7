// What both ways of bundling the program share: scripts/bundle.ts and scripts/single-file.ts.
import { dirname, join, resolve } from 'node:path';
import type { Plugin, PluginContext } from 'rolldown';

const SOURCES = join(dirname(import.meta.dirname), 'src');
const THREAD = /new URL\(\s*'(\.\/[\w-]+)\.ts',\s*import\.meta\.url,?\s*\)/g;

export interface ThreadEntry {
  readonly name: string;
  readonly file: string;
}

/** Writes each address of a thread's module anew. `write` gives the JavaScript expression for it. */
export function threadEntries(
  write: (entry: ThreadEntry, bundler: PluginContext) => string,
): Plugin {
  return {
    name: 'thread-entries',
    transform(code, id) {
      if (!id.startsWith(SOURCES) || code.search(THREAD) < 0) return null;
      return code.replaceAll(THREAD, (_text, path: string) =>
        write({ name: path.slice(2), file: resolve(dirname(id), `${path}.ts`) }, this),
      );
    },
  };
}

/**
 * An `import` of node:http reads all its exports, and one of them loads Node's own `fetch`, which nobody
 * here uses: 50 ms of each start. `getBuiltinModule` leaves it alone.
 */
export function httpWithoutFetch(): Plugin {
  const name = '\0node-http';
  return {
    name: 'http-without-fetch',
    resolveId: (id) => (id === 'node:http' || id === 'http' ? name : null),
    load: (id) => (id === name ? `module.exports = process.getBuiltinModule('node:http');` : null),
  };
}

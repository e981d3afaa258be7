import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface Toolchain {
  readonly root: string;
  readonly version: string;
}

export interface Toolchains {
  find(version: string): Toolchain | undefined;
}

/**
 * Go versions that this machine has: the installed one, and those that go itself fetched into a module cache
 * (`GOTOOLCHAIN=go1.22.12 go version`), in GOMODCACHE or where COFFERDAM_LAB_MODCACHE points.
 */
export function createToolchains(): Toolchains {
  const [root, version, cache] = execFileSync('go', ['env', 'GOROOT', 'GOVERSION', 'GOMODCACHE'])
    .toString()
    .split('\n') as [string, string, string];
  const folder = process.env['COFFERDAM_LAB_MODCACHE'] ?? cache;
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  return {
    find(wanted) {
      if (wanted === 'local') return { root, version: version.replace(/^go/u, '') };
      const path = join(folder, 'golang.org', `toolchain@v0.0.1-go${wanted}.${platform}`);
      return existsSync(path) ? { root: path, version: wanted } : undefined;
    },
  };
}

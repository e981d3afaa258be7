import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tmpdir } from 'node:os';

export interface GoInstallation {
  /** For example `go1.26.8`. */
  readonly version: string;
  readonly root: string;
  readonly program: string;
  /** The build cache: the scripts compile a lot, and an empty one would cost minutes. */
  readonly buildCache: string;
  /** `cmd/go` as spelled below GOROOT, and with symbolic links resolved where that differs (Debian links `src`). */
  readonly sourceDirectories: readonly string[];
}

const goTimeoutMilliseconds = 30_000;

export async function findGo(): Promise<GoInstallation> {
  let printed: string;
  try {
    ({ stdout: printed } = await promisify(execFile)(
      'go',
      ['env', '-json', 'GOROOT', 'GOVERSION', 'GOCACHE'],
      {
        // Outside any module: a go.mod must not choose another toolchain.
        cwd: tmpdir(),
        env: { ...process.env, GOTOOLCHAIN: 'local', GOWORK: 'off' },
        timeout: goTimeoutMilliseconds,
      },
    ));
  } catch (error) {
    throw new Error(
      'There is no working Go here: "go env" failed. Install Go and put it on PATH.',
      { cause: error },
    );
  }
  const values = JSON.parse(printed) as Readonly<Record<string, string>>;
  const root = values['GOROOT'] ?? '';
  const version = values['GOVERSION'] ?? '';
  const source = join(root, 'src', 'cmd', 'go');
  for (const needed of ['proxy_test.go', 'testdata/script', 'testdata/mod']) {
    if (!(await exists(join(source, needed)))) {
      throw new Error(
        `${version} at ${root} comes without src/cmd/go/${needed}: install the package with Go's sources (Debian: golang-X.Y-src).`,
      );
    }
  }
  const resolved = await realpath(source);
  return {
    version,
    root,
    program: join(root, 'bin', 'go'),
    buildCache: values['GOCACHE'] ?? '',
    sourceDirectories: resolved === source ? [source] : [source, resolved],
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

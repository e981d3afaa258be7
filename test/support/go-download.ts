import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What came of one download as a developer sees it. */
export interface Outcome {
  /** `wrong`: go took bytes that are not the module's. `hangs`: it was stopped at the limit. */
  readonly kind: 'success' | 'wrong' | 'fails' | 'hangs';
  readonly seconds: number;
  /** The end of what the command said on stderr and in its JSON errors. */
  readonly text: string;
}

export interface Download {
  /** Where the main module, the caches and the home are; emptied first. */
  readonly folder: string;
  /** go.mod and, where the go.sum is beside it, go.sum. */
  readonly files: Readonly<Record<string, string>>;
  /** Stands before `go mod download`. */
  readonly prefix: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limitMilliseconds: number;
  /** The go.sum lines of everything that must come. */
  readonly expected: ReadonlySet<string>;
}

const KEPT_CHARACTERS = 4000;

/** `go mod download -json` with empty caches. */
export async function download(settings: Download): Promise<Outcome> {
  const { folder } = settings;
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'main'), { recursive: true });
  for (const [name, text] of Object.entries(settings.files))
    await writeFile(join(folder, 'main', name), text);
  const begun = performance.now();
  const ended = await run(settings);
  const seconds = (performance.now() - begun) / 1000;
  // Gigabytes would gather in a long run.
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  if (ended.code === undefined) return { kind: 'hangs', seconds, text: ended.stderr };
  const { sums, errors } = readModules(ended.stdout);
  const text = `${errors.join('\n')}\n${ended.stderr}`.trim().slice(-KEPT_CHARACTERS);
  if (ended.code !== 0) return { kind: 'fails', seconds, text };
  const isRight = sums.size === settings.expected.size && sums.isSubsetOf(settings.expected);
  return { kind: isRight ? 'success' : 'wrong', seconds, text };
}

interface Ended {
  /** Undefined when the limit was reached. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function run({ folder, prefix, environment, limitMilliseconds }: Download): Promise<Ended> {
  const [program, ...words] = [...prefix, 'go', 'mod', 'download', '-json'];
  const child = spawn(program, words, {
    cwd: join(folder, 'main'),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that the limit ends grandchildren too.
    detached: true,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      XDG_CACHE_HOME: join(folder, 'cache'),
      GOENV: 'off',
      GOFLAGS: '-modcacherw -mod=mod',
      GOPATH: join(folder, 'gopath'),
      GOTOOLCHAIN: 'local',
      ...environment,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => {
    stderr = (stderr + piece.toString()).slice(-KEPT_CHARACTERS);
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, limitMilliseconds);
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('close', resolve);
  const code = await promise.finally(() => clearTimeout(timer));
  return { code: isLate ? undefined : (code ?? -1), stdout, stderr };
}

interface ListedModule {
  readonly Path: string;
  readonly Version: string;
  readonly Error?: string;
  readonly Sum?: string;
  readonly GoModSum?: string;
}

/** The output is one JSON object after the other. */
function readModules(stdout: string): { sums: Set<string>; errors: readonly string[] } {
  const sums = new Set<string>();
  const errors: string[] = [];
  for (const text of stdout.split(/^(?=\{$)/mu)) {
    if (text.trim() === '') continue;
    const module = JSON.parse(text) as ListedModule;
    if (module.Error !== undefined) errors.push(module.Error);
    else {
      sums.add(`${module.Path} ${module.Version} ${module.Sum ?? ''}`);
      sums.add(`${module.Path} ${module.Version}/go.mod ${module.GoModSum ?? ''}`);
    }
  }
  return { sums, errors };
}

/** The lines of a go.sum text. */
export function sumLines(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').filter((line) => line !== ''));
}

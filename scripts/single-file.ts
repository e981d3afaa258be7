// `npm run build:single-file`: the program and Node as one executable, for machines and images that have
// neither (decision 25). Node itself puts the bundle into a copy of its binary; the modules of threads go
// with it as assets, and are started from memory, so that nothing is written at run time.
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import type { Plugin } from 'rolldown';
import { httpWithoutFetch, threadEntries } from './bundling.ts';
import type { ThreadEntry } from './bundling.ts';

const root = dirname(import.meta.dirname);
const platform = `${process.platform}-${process.arch}`;
const { values } = parseArgs({
  options: { out: { type: 'string', default: join(root, 'dist', `cofferdam-${platform}`) } },
});
const output = resolve(values.out);

await mkdir(dirname(output), { recursive: true });
// Beside the result, so that the finished file is renamed and never seen half written.
const draft = await mkdtemp(`${output}-`);
try {
  const made = await writeExecutable(draft);
  await rename(made, output);
  const { size } = await stat(output);
  process.stdout.write(`${output}: ${Math.round(size / 1e6)} MB\n`);
} finally {
  await rm(draft, { recursive: true, force: true });
}

async function writeExecutable(folder: string): Promise<string> {
  const threads = new Map<string, ThreadEntry>();
  const main = await bundle(folder, { name: 'main', file: join(root, 'src', 'main.ts') }, [
    threadEntries((entry) => {
      threads.set(entry.name, entry);
      return fromAsset(entry.name);
    }),
  ]);
  const assets: Record<string, string> = {};
  for (const thread of threads.values()) assets[thread.name] = await bundle(folder, thread, []);
  const made = join(folder, 'cofferdam');
  const config = join(folder, 'config.json');
  const settings = {
    main,
    mainFormat: 'module',
    executable: await withoutSymbols(folder),
    output: made,
    assets,
    disableExperimentalSEAWarning: true,
    // What V8 compiled at build time: half of each start otherwise.
    useCodeCache: true,
    // As bin/cofferdam starts it. NODE_OPTIONS of somebody else's job is not meant for us.
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2'],
    execArgvExtension: 'none',
  };
  await writeFile(config, JSON.stringify(settings));
  node('--build-sea', config);
  return made;
}

/** One file of JavaScript with all that it imports. */
async function bundle(
  folder: string,
  { name, file }: ThreadEntry,
  plugins: readonly Plugin[],
): Promise<string> {
  const target = join(folder, `${name}.mjs`);
  const made = await rolldown({
    input: file,
    platform: 'node',
    plugins: [...plugins, httpWithoutFetch()],
    logLevel: 'warn',
  });
  await made.write({ file: target, format: 'esm', codeSplitting: false, minify: true });
  await made.close();
  return target;
}

/** There is no file to start a thread from; an address that holds the module itself needs none. */
function fromAsset(name: string): string {
  const asset = `process.getBuiltinModule('node:sea').getRawAsset('${name}')`;
  return `new URL('data:text/javascript;base64,' + Buffer.from(${asset}).toString('base64'))`;
}

/** Debugging symbols are a fifth of Node. Without `strip` they stay. */
async function withoutSymbols(folder: string): Promise<string> {
  const copy = join(folder, 'node');
  await copyFile(process.execPath, copy);
  const { status } = spawnSync('strip', [copy], { stdio: 'ignore' });
  return status === 0 ? copy : process.execPath;
}

function node(...words: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${words.join(' ')} failed: ${stderr}`);
}

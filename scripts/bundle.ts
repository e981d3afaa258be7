// `node scripts/bundle.ts`: the program as a few files of JavaScript below node_modules, which start in a
// third of the time that hundreds of TypeScript modules need (decision 21). bin/cofferdam uses them
// while nothing in src is newer, and src itself otherwise.
import { renameSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { httpWithoutFetch, threadEntries } from './bundling.ts';

const root = dirname(import.meta.dirname);
const target = join(root, 'node_modules', '.cofferdam-program');
/** Made aside and renamed, so that a start at the same moment sees all of it, old or new. */
const draft = `${target}.${process.pid}`;
const former = `${draft}.old`;

try {
  await writeBundle(draft);
  renameAside();
  renameSync(draft, target);
  await rm(former, { recursive: true, force: true });
} catch (error) {
  await rm(draft, { recursive: true, force: true });
  const reason = error instanceof Error ? error.message : String(error);
  // The program runs from src as well: on a platform that the bundler is not made for, only slower to start.
  process.stderr.write(`note: starting from source, because bundling failed: ${reason}\n`);
  process.exitCode = 1;
}

function renameAside(): void {
  try {
    renameSync(target, former);
  } catch {
    // There was none.
  }
}

async function writeBundle(directory: string): Promise<void> {
  const { rolldown } = await import('rolldown');
  await mkdir(directory, { recursive: true });
  const bundle = await rolldown({
    input: { main: join(root, 'scripts', 'bundle-entry.ts') },
    platform: 'node',
    plugins: [
      // A module started as a thread becomes a file of its own; all files lie side by side.
      threadEntries(({ name, file }, bundler) => {
        bundler.emitFile({ type: 'chunk', id: file, name });
        return `new URL('./${name}.mjs', import.meta.url)`;
      }),
      httpWithoutFetch(),
    ],
    logLevel: 'warn',
  });
  await bundle.write({
    dir: directory,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name].mjs',
  });
  await bundle.close();
}

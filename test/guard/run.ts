// `npm run test:guard`: random commands under `cofferdam run` (usage: --children N --seed TEXT --together N
// --program FILE).
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { guardCommand } from '../support/guard-command.ts';
import { createSeeded } from '../support/seeded.ts';
import { SHARED_BYTES, pickChild } from './children.ts';
import { play } from './play.ts';

const { values } = parseArgs({
  options: {
    children: { type: 'string', default: '500' },
    seed: { type: 'string', default: 'guarded children' },
    together: { type: 'string', default: '2' },
    program: { type: 'string' },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'cofferdam-guard-'));
const shared = randomBytes(SHARED_BYTES);
const ground = {
  folder,
  shared,
  guard: guardCommand(values.program),
  environment: {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    GOENV: 'off',
    // Nobody is asked: what is tried here asks for no module.
    GOPROXY: 'http://127.0.0.1:9',
    GOTOOLCHAIN: 'local',
  },
};
const random = createSeeded(values.seed);
const planned = Array.from({ length: Number(values.children) }, () => pickChild(random));
const began = performance.now();
const kinds = new Map<string, number>();
let played = 0;
let failed = 0;

async function playNext(): Promise<void> {
  for (let number = played + 1; number <= planned.length; number = played + 1) {
    played = number;
    const child = planned[number - 1];
    if (child === undefined) return;
    const problems = await play(child, ground).catch((error: unknown) => [String(error)]);
    kinds.set(child.kind, (kinds.get(child.kind) ?? 0) + 1);
    if (problems.length > 0) {
      failed += 1;
      const { kind, command } = child;
      process.stderr.write(
        `child ${number} (${kind}): ${problems.join('; ')}: ${String(command.at(-1))}\n`,
      );
    }
    if (number % 50 === 0) process.stderr.write(`${number} children, ${failed} failed\n`);
  }
}

try {
  await writeFile(join(folder, 'bytes'), shared);
  await Promise.all(Array.from({ length: Number(values.together) }, playNext));
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(`${JSON.stringify({ seconds, kinds: Object.fromEntries(kinds) })}\n`);
  process.stdout.write(`${planned.length - failed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && planned.length > 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

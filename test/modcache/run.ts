// `npm run test:modcache`: breaks and heals copies of a module cache at random (usage: --caches N --seed TEXT).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSeeded } from '../support/seeded.ts';
import { pickDamages } from './damages.ts';
import { createLaboratory } from './laboratory.ts';
import { play } from './play.ts';

const { values } = parseArgs({
  options: {
    caches: { type: 'string', default: '200' },
    seed: { type: 'string', default: 'module caches' },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'cofferdam-modcache-'));
const laboratory = await createLaboratory(folder);
const total = { caches: 0, damages: 0, findings: 0, removed: 0, failed: 0 };
const kinds = new Set<string>();
try {
  const random = createSeeded(values.seed);
  for (let number = 1; number <= Number(values.caches); number++) {
    const chosen = pickDamages(random.whole);
    try {
      const played = await play(laboratory, `${values.seed} ${number}`, chosen);
      total.findings += played.found;
      total.removed += played.removed;
    } catch (error) {
      total.failed += 1;
      const names = chosen.map(({ name }) => name).join(', ');
      process.stderr.write(`cache ${number} (${names}): ${String(error)}\n`);
    }
    total.caches += 1;
    total.damages += chosen.length;
    for (const { name } of chosen) kinds.add(name);
    if (number % 20 === 0) process.stderr.write(`${number} caches, ${total.failed} failed\n`);
  }
  process.stdout.write(`${JSON.stringify({ ...total, kinds: kinds.size })}\n`);
  process.stdout.write(`${total.caches - total.failed} passed, ${total.failed} failed\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
} finally {
  await laboratory.close();
  await rm(folder, { recursive: true, force: true });
}

// `npm run test:crash`: kills the server in the middle of fills, many times (usage: --runs N).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killDuringFills } from './kill-during-fills.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '100' } } });
const store = await mkdtemp(join(tmpdir(), 'cofferdam-crash-'));
try {
  const figures = await killDuringFills(store, Number(values.runs), (text) =>
    process.stderr.write(`${text}\n`),
  );
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  const { runs, stored, servedWhole, ...faults } = figures;
  const failed = Object.values(faults).filter((count) => count > 0).length;
  // Kills that never met a stored artifact or a finished answer would prove nothing.
  const sawBoth = stored > 0 && servedWhole > 0 && stored < runs * 20;
  process.stdout.write(
    `${Object.keys(faults).length - failed + (sawBoth ? 1 : 0)} passed, ${failed + (sawBoth ? 0 : 1)} failed\n`,
  );
  process.exitCode = failed === 0 && sawBoth ? 0 : 1;
} finally {
  await rm(store, { recursive: true, force: true });
}

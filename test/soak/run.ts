// `npm run test:soak`: load, faults and restarts for as long as told; see --help.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judgeSoak, renderSamples } from './verdict.ts';
import { soak } from './soak.ts';

const HELP = `Mix load, faults of upstreams and restarts, and check every byte.

Usage: npm run test:soak -- [--minutes N] [FLAGS] [-- FLAGS OF "cofferdam serve"]

Examples:
  npm run test:soak -- --minutes 60
  npm run test:soak -- --minutes 5 --restart-every 1 -- --workers 2

Flags:
  --minutes N        how long (default 10)
  --clients N        raw clients beside one go command (default 12)
  --restart-every N  minutes between restarts, by turns with TERM and KILL (default 5)
  --json FILE        write samples and verdict as JSON
  -h, --help         show this

Linux only: memory and open files are read from /proc.

Exit code: 0 all is well, 1 it is not, 2 wrong usage.
`;

// Whatever a broken connection left open must not keep the script.
process.exit(await main(process.argv.slice(2)));

async function main(words: readonly string[]): Promise<number> {
  const separator = words.indexOf('--');
  const own = separator < 0 ? words : words.slice(0, separator);
  const values = readFlags(own);
  if (values === undefined) return 2;
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [minutes, clients, restartMinutes] = [
    values.minutes,
    values.clients,
    values['restart-every'],
  ].map(Number);
  if (!isPositive(minutes) || !isPositive(clients) || !isPositive(restartMinutes)) {
    process.stderr.write('--minutes, --clients and --restart-every are numbers above 0.\n');
    return 2;
  }
  const scratch = await mkdtemp(join(tmpdir(), 'cofferdam-soak-'));
  try {
    const result = await soak({
      scratch,
      minutes,
      clients,
      restartMinutes,
      serveArguments: separator < 0 ? [] : words.slice(separator + 1),
      tell: (line) => process.stderr.write(`${line}\n`),
    });
    const verdict = judgeSoak(result, restartMinutes);
    const { samples, tally } = result;
    if (values.json !== undefined) {
      const document = { version: 1, minutes, samples, tally, verdict };
      await writeFile(values.json, `${JSON.stringify(document, undefined, 2)}\n`);
    }
    process.stdout.write(`${renderSamples(samples)}\n${verdict.lines.join('\n')}\n`);
    process.stdout.write(`${verdict.passed} passed, ${verdict.failed} failed\n`);
    return verdict.failed === 0 ? 0 : 1;
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

function isPositive(number: number | undefined): number is number {
  return number !== undefined && Number.isFinite(number) && number > 0;
}

function readFlags(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        minutes: { type: 'string', default: '10' },
        clients: { type: 'string', default: '12' },
        'restart-every': { type: 'string', default: '5' },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)} See --help.\n`);
    return undefined;
  }
}

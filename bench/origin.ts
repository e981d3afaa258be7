// Runs the synthetic origin by itself, for people, scripts and the benchmark.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createModuleGraph, createOrigin } from '../src/drills/index.ts';
import { createSystemClock } from '../src/platform/adapters.ts';

const HELP = `Runs a synthetic GOPROXY server on loopback; its first line on stdout is its address.

  node bench/origin.ts [--port N] [--latency MS] [--bandwidth BYTES_PER_SECOND]
    [--graph COUNT] [--depth N] [--median BYTES] [--seed TEXT] [--main DIR] [--sumdb NAME]

  --graph COUNT   serve a graph of so many modules; --main writes its main module there
  --sumdb NAME    serve a checksum database of all modules too; the second line is its key

While it runs: GET /-/origin/counts, POST /-/origin/reset, PUT /-/origin/network,
PUT /-/origin/faults, POST /-/origin/modules, GET /-/origin/database (bodies are JSON).
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    latency: { type: 'string', default: '0' },
    bandwidth: { type: 'string' },
    graph: { type: 'string', default: '0' },
    depth: { type: 'string', default: '6' },
    median: { type: 'string', default: '30000' },
    seed: { type: 'string', default: 'bench' },
    main: { type: 'string' },
    sumdb: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  await start();
}

async function start(): Promise<void> {
  const count = Number(values.graph);
  const graph = createModuleGraph({
    modules: count,
    depth: Number(values.depth),
    medianZipBytes: Number(values.median),
    seed: values.seed,
  });
  if (values.main !== undefined && count > 0) {
    await mkdir(values.main, { recursive: true });
    for (const [name, text] of Object.entries(graph.main))
      await writeFile(join(values.main, name), text);
  }
  const origin = await createOrigin(
    { clock: createSystemClock() },
    {
      port: Number(values.port),
      seed: values.seed,
      modules: graph.modules,
      control: true,
      network: {
        latencyMilliseconds: Number(values.latency),
        ...(values.bandwidth === undefined ? {} : { bytesPerSecond: Number(values.bandwidth) }),
      },
      ...(values.sumdb === undefined ? {} : { checksumDatabase: values.sumdb, recordsAhead: true }),
    },
  );
  process.stdout.write(`listening on ${origin.url}\n`);
  if (origin.database !== undefined) process.stdout.write(`${origin.database.key}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void origin.close());
}

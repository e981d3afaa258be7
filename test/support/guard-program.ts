// `run` without the proxy: the guard with real adapters and an engine that answers every path.
// Usage: guard-program.ts [--quiet] COMMAND…
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isatty } from 'node:tty';
import { createGuard } from '../../src/guard/index.ts';
import type { Engine, EngineRequest } from '../../src/guard/index.ts';
import { goServices } from '../../src/go-services.ts';
import {
  createDiskFiles,
  createProcesses,
  createQuietLogger,
  createSystemClock,
  createSystemRandom,
  readEnvironment,
} from '../../src/platform/adapters.ts';

async function startEngine(request: EngineRequest): Promise<Engine> {
  let files = 0;
  const server = createServer((incoming, response) => {
    files += 1;
    const known = incoming.url?.startsWith(`${request.secretPath}/`) === true;
    response.writeHead(known ? 200 : 404).end(incoming.url);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    summary: () => ({
      modules: 0,
      files,
      bytesServed: 0,
      bytesFetched: 0,
      upstreamRequests: 0,
      retries: 0,
      failures: 0,
    }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const quiet = process.argv[2] === '--quiet';
const guard = createGuard(
  {
    processes: createProcesses(),
    clock: createSystemClock(),
    random: createSystemRandom(),
    files: createDiskFiles(),
    logger: createQuietLogger(),
    environment: readEnvironment().all(),
    startEngine,
    write: (text) => process.stderr.write(text),
    signals: {
      listen: (names, listener) => {
        for (const name of names) process.on(name, listener);
        return () => {
          for (const name of names) process.off(name, listener);
        };
      },
    },
  },
  { goServices },
);
const { exitCode } = await guard.run(process.argv.slice(quiet ? 3 : 2), {
  directory: process.cwd(),
  terminalOnStdin: isatty(0),
  quiet,
});
process.exitCode = exitCode;

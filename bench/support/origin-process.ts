import { join } from 'node:path';
import { startServer } from './child.ts';
import type {
  Counts,
  FaultRule,
  ModuleSpecification,
  NetworkSettings,
} from '../../src/drills/index.ts';

/** The synthetic origin in a process of its own, so that it does not compete with the clients here. */
export interface OriginProcess {
  readonly url: string;
  /** Of its checksum database, as GOSUMDB takes it: `NAME+HASH+KEY`. */
  readonly databaseKey: string;
  add(modules: readonly ModuleSpecification[]): Promise<void>;
  setNetwork(network: NetworkSettings): Promise<void>;
  setFaults(rules: readonly FaultRule[]): Promise<void>;
  counts(): Promise<Counts>;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** No module is called so. */
const DATABASE = 'sums.bench.test';

export async function startOrigin(root: string, port: number): Promise<OriginProcess> {
  const script = join(root, 'bench', 'origin.ts');
  const words = ['--port', String(port), '--sumdb', DATABASE];
  const server = await startServer([process.execPath, script, ...words], root);
  while (server.lines.length === 0) await new Promise((resolve) => void setTimeout(resolve, 5));

  async function control(method: string, name: string, body?: unknown): Promise<Response> {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${server.url}/-/origin/${name}`, { method, ...text });
    if (!response.ok)
      throw new Error(`the origin answered ${response.status} to ${method} ${name}`);
    return response;
  }
  async function send(method: string, name: string, body?: unknown): Promise<void> {
    const response = await control(method, name, body);
    await response.arrayBuffer();
  }

  return {
    url: server.url,
    databaseKey: server.lines[0] ?? '',
    add: async (modules) => send('POST', 'modules', modules),
    setNetwork: async (network) => send('PUT', 'network', network),
    setFaults: async (rules) => send('PUT', 'faults', rules),
    counts: async () => (await (await control('GET', 'counts')).json()) as Counts,
    reset: async () => send('POST', 'reset'),
    stop: server.stop,
  };
}

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Clock } from '../../platform/index.ts';
import { createHopRules } from './hop-rules.ts';
import type { ChosenStages, HopRule } from './hop-rules.ts';
import type { Stage } from './stage.ts';

export interface HopSettings {
  /** URL of the server behind; its host and port count. */
  readonly target: string;
  /** Any free port when left out. */
  readonly port?: number;
  /** Decides which connections a fault with a share meets. */
  readonly seed?: string;
  readonly faults?: readonly HopRule[];
}

export interface HopCounts {
  readonly connections: number;
  readonly open: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Connections that a fault met since the rules were set, by the rule's name. */
  readonly faults: Readonly<Record<string, number>>;
}

/** A bad stretch of network in front of a server: it knows bytes and connections, not what they mean. */
export interface Hop {
  /** The target's URL with this hop's port. */
  readonly url: string;
  /** Replaces all rules; connections that are open keep what they were given. */
  setFaults(rules: readonly HopRule[]): void;
  /** Breaks all connections and refuses new ones, as a machine without the service does. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  counts(): HopCounts;
  close(): Promise<void>;
}

/** Listens on loopback. */
export async function createHop(
  { clock }: { readonly clock: Clock },
  settings: HopSettings,
): Promise<Hop> {
  const target = new URL(settings.target);
  const rules = createHopRules(settings.seed ?? 'hop', () => clock.monotonicMilliseconds());
  rules.set(settings.faults ?? []);
  const sockets = new Set<Socket>();
  const counts = { connections: 0, bytesUp: 0, bytesDown: 0 };

  const server = createServer({ noDelay: true }, (client) => {
    counts.connections += 1;
    const behind = connect({
      host: target.hostname,
      port: Number(target.port),
      allowHalfOpen: true,
      noDelay: true,
    });
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    carry(clock, { client, behind }, rules.choose(), {
      up: (bytes) => (counts.bytesUp += bytes),
      down: (bytes) => (counts.bytesDown += bytes),
    });
  });

  async function listen(port: number): Promise<number> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }
  async function goDown(): Promise<void> {
    await stop(server, sockets);
  }

  const port = await listen(settings.port ?? 0);
  const url = new URL(settings.target);
  url.port = String(port);
  url.hostname = '127.0.0.1';
  return {
    url: url.href.replace(/\/$/, ''),
    setFaults: rules.set,
    goDown,
    async comeUp() {
      await listen(port);
    },
    counts: () => ({ ...counts, open: sockets.size / 2, faults: rules.met() }),
    close: goDown,
  };
}

interface Ends {
  readonly client: Socket;
  readonly behind: Socket;
}

function carry(
  clock: Clock,
  { client, behind }: Ends,
  stages: ChosenStages,
  count: Readonly<Record<'up' | 'down', (bytes: number) => void>>,
): void {
  const leaving = new AbortController();
  function breakBoth(): void {
    leaving.abort();
    client.resetAndDestroy();
    behind.resetAndDestroy();
  }
  // What broke on one side breaks on the other; there is nobody else to tell.
  client.on('error', breakBoth);
  behind.on('error', breakBoth);
  // A server that ends is heard in its own time: bytes may still be on their way through the stages.
  client.once('close', () => {
    leaving.abort();
    behind.destroy();
  });
  const context = { clock, gone: leaving.signal, reset: breakBoth };
  async function flow(
    from: Socket,
    to: Socket,
    chosen: readonly Stage[],
    way: 'up' | 'down',
  ): Promise<void> {
    let bytes = from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for (const stage of chosen) bytes = stage(bytes, context);
    for await (const piece of bytes) {
      count[way](piece.length);
      if (!to.write(piece)) await once(to, 'drain', { signal: leaving.signal });
    }
    to.end();
  }
  flow(client, behind, stages.up, 'up').catch(breakBoth);
  flow(behind, client, stages.down, 'down').catch(breakBoth);
}

async function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.resetAndDestroy();
  await closed;
}

import type { Exchange, Reply } from './exchange.ts';
import type { Level } from './health/index.ts';

/** Adds `Cofferdam-Level` to the answer, whoever writes it, while the service is degraded. */
export function tellLevel(exchange: Exchange, level: Level): Exchange {
  if (level === 'L0') {
    return exchange;
  }
  const { method, path, headers, mode, client } = exchange;
  return { method, path, headers, mode, client, reply: new LevelReply(exchange.reply, level) };
}

class LevelReply implements Reply {
  readonly #reply: Reply;
  readonly #level: Level;

  constructor(reply: Reply, level: Level) {
    this.#reply = reply;
    this.#level = level;
  }

  get destroyed(): boolean {
    return this.#reply.destroyed;
  }

  get writableEnded(): boolean {
    return this.#reply.writableEnded;
  }

  writeHead(status: number, headers: string[]): unknown {
    return this.#reply.writeHead(status, [...headers, 'Cofferdam-Level', this.#level]);
  }

  write(chunk: Uint8Array, callback: (error?: Error | null) => void): boolean {
    return this.#reply.write(chunk, callback);
  }

  end(chunk?: Uint8Array): unknown {
    return chunk === undefined ? this.#reply.end() : this.#reply.end(chunk);
  }

  destroy(): unknown {
    return this.#reply.destroy();
  }

  once(event: 'close', listener: () => void): unknown {
    return this.#reply.once(event, listener);
  }
}

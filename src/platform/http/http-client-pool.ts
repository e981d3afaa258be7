import { createConnection } from './http-client-connection.ts';
import type { Connection, ConnectionSettings } from './http-client-connection.ts';
import type { Dial } from './http-client-dial.ts';
import { abortReason, timedOut } from './http-client-errors.ts';

/**
 * Connections to one place. undici's own pool opens a second connection when a request follows
 * another without a pause, and cannot say whether a connection was fresh; this one keeps a stack,
 * so that few connections are warm and the rest time out.
 */
export interface ConnectionPool {
  lease(signal: AbortSignal): Promise<Lease>;
  isIdle(): boolean;
  /** True when a lease has to wait for another's end. */
  isFull(): boolean;
  destroy(reason: Error): void;
}

export interface Lease {
  readonly connection: Connection;
  /** Once; later calls do nothing. Unhealthy connections are thrown away. */
  release(healthy: boolean): void;
}

export interface PoolSettings extends ConnectionSettings {
  readonly connectionsPerOrigin: number;
  readonly queueMilliseconds: number;
}

interface Waiter {
  grant(lease: Lease): void;
  refuse(reason: Error): void;
}

export function createConnectionPool(
  where: string,
  dial: Dial,
  settings: PoolSettings,
): ConnectionPool {
  const idle: Connection[] = [];
  const leased = new Set<Connection>();
  const waiters = new Set<Waiter>();

  function open(): Connection {
    const connection: Connection = createConnection(dial, settings, () => {
      const position = idle.indexOf(connection);
      if (position >= 0) {
        idle.splice(position, 1);
        connection.close();
      }
    });
    return connection;
  }

  function leaseOf(connection: Connection): Lease {
    leased.add(connection);
    return {
      connection,
      release(healthy) {
        if (!leased.delete(connection)) {
          return;
        }
        if (healthy) {
          idle.push(connection);
        } else {
          connection.close();
        }
        serveNext();
      },
    };
  }

  function serveNext(): void {
    const [waiter] = waiters;
    if (waiter !== undefined && leased.size < settings.connectionsPerOrigin) {
      waiters.delete(waiter);
      waiter.grant(leaseOf(idle.pop() ?? open()));
    }
  }

  return {
    lease(signal) {
      if (leased.size < settings.connectionsPerOrigin) {
        return Promise.resolve(leaseOf(idle.pop() ?? open()));
      }
      return waitInLine(waiters, signal, settings.queueMilliseconds, where);
    },
    isFull: () => leased.size >= settings.connectionsPerOrigin,
    isIdle: () => leased.size === 0 && waiters.size === 0,
    destroy(reason) {
      for (const waiter of waiters) {
        waiter.refuse(reason);
      }
      for (const connection of [...idle.splice(0), ...leased]) {
        connection.destroy(reason);
      }
    },
  };
}

function waitInLine(
  waiters: Set<Waiter>,
  signal: AbortSignal,
  milliseconds: number,
  where: string,
): Promise<Lease> {
  return new Promise((resolve, reject) => {
    function leave(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      waiters.delete(waiter);
    }
    const waiter: Waiter = {
      grant(lease) {
        leave();
        resolve(lease);
      },
      refuse(reason) {
        leave();
        reject(reason);
      },
    };
    function onAbort(): void {
      waiter.refuse(abortReason(signal));
    }
    const timer = setTimeout(
      () => waiter.refuse(timedOut(where, 'waiting for a free connection', milliseconds)),
      milliseconds,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    waiters.add(waiter);
  });
}

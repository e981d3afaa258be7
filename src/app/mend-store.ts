import type { Logger } from '../platform/index.ts';
import type { Proxy } from '../proxy/index.ts';

/** What goes on beside the start. */
export interface StoreMending {
  /** Waits for its end, at most until the signal aborts. Nothing that it uses may be closed before. */
  end(signal: AbortSignal): Promise<void>;
}

/** Begins what a lost database, or a process that died on this store, left to do. */
export function beginMending(
  { logger }: { readonly logger: Logger },
  proxy: Pick<Proxy, 'repair' | 'restoreFacts'>,
  somebodyDied: boolean,
): StoreMending {
  const restored = proxy.restoreFacts().catch((error: unknown) => {
    logger.warn('the database could not be rebuilt', { error: String(error) });
  });
  const repaired = somebodyDied
    ? proxy.repair().catch((error: unknown) => {
        logger.warn('the version lists could not be repaired', { error: String(error) });
      })
    : undefined;
  const ended = Promise.all([restored, repaired]);
  return {
    async end(signal) {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
      await Promise.race([ended, late]);
    },
  };
}

import type { Proxy, ProxySummary } from '../proxy/index.ts';
import type { Ports } from './ports.ts';
import type { ReloadableSettings } from './engine-settings.ts';

/** A download that began before a reload may need this long: the longest that one fetch is given. */
const LEAVING_MILLISECONDS = 30 * 60_000;

export interface Proxies {
  use(settings: ReloadableSettings): Proxy;
  /** The one that answers now. Throws before the first. */
  current(): Proxy;
  readonly handle: Proxy['handle'];
  summary(): ProxySummary;
  close(signal: AbortSignal): Promise<void>;
}

/** The proxy that answers now, and those before it that still have something to finish. */
export function createProxies(
  ports: Ports,
  make: (settings: ReloadableSettings) => Proxy,
): Proxies {
  let current: Proxy | undefined;
  const leaving = new Set<Promise<void>>();

  function mustBe(): Proxy {
    if (current === undefined) throw new Error('no proxy was started');
    return current;
  }

  return {
    use(settings) {
      const next = make(settings);
      const previous = current;
      current = next;
      next.warmUp().catch((error: unknown) => {
        ports.logger.debug('the warm-up was not finished', { error: String(error) });
      });
      if (previous !== undefined) {
        const left = previous.close(ports.clock.deadline(LEAVING_MILLISECONDS)).finally(() => {
          leaving.delete(left);
        });
        leaving.add(left);
      }
      return next;
    },
    handle(exchange) {
      current?.handle(exchange);
    },
    current: mustBe,
    summary: () => mustBe().summary(),
    async close(signal) {
      await Promise.all([...leaving, current?.close(signal)]);
    },
  };
}

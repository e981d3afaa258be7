import type { ServiceSnapshot } from '../cli/index.ts';
import type { Proxy } from '../proxy/index.ts';
import type { PrometheusMeter } from '../telemetry/index.ts';

/** What the live view shows, but for what only the listener knows. */
export type Look = Omit<ServiceSnapshot, 'address' | 'uptimeSeconds'>;

export interface LookNeeds {
  /** Counts of all processes. */
  readonly read: PrometheusMeter['read'];
  /** The one that answers now. */
  readonly proxy: () => Proxy;
}

/** How the service is at this moment. */
export async function lookAt({ read, proxy }: LookNeeds): Promise<Look> {
  const requests: Record<string, number> = {};
  for (const { labels, value } of await read('cofferdam_requests_total')) {
    const outcome = labels['status'] === '5xx' ? 'failed' : (labels['outcome'] ?? 'bypass');
    requests[outcome] = (requests[outcome] ?? 0) + value;
  }
  const sent = await read('cofferdam_response_bytes_total');
  const { level, reason, upstreams } = proxy().upstreams();
  return {
    requests,
    bytes: sent.reduce((sum, { value }) => sum + value, 0),
    level,
    reason,
    upstreams,
    failures: proxy()
      .failures()
      .map(({ timeMilliseconds, status, path, cause }) => ({
        time: Temporal.Instant.fromEpochMilliseconds(Math.trunc(timeMilliseconds)).toString(),
        status,
        path,
        cause,
      })),
  };
}

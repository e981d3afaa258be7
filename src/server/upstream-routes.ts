import { z } from 'zod';
import type { Proxy } from '../proxy/index.ts';
import { apiProblem, apiRoute } from './api/index.ts';
import type { ApiRoute } from './api/index.ts';

/** A hold that nobody ends must end by itself: an hour unless told, a week at most. */
const DEFAULT_SECONDS = 3600;
const MAXIMUM_SECONDS = 7 * 86_400;

const UPSTREAM = z.object({
  name: z.string(),
  state: z.enum(['healthy', 'trying', 'unhealthy', 'held-up', 'held-down']),
  breaker: z.enum(['closed', 'half-open', 'open']),
  p50Milliseconds: z.number().optional(),
  p95Milliseconds: z.number().optional(),
  bytesPerSecond: z.number().optional(),
  errorRatio: z.number(),
  samples: z.number().int(),
  failingSince: z.string().optional().describe('RFC 3339'),
  lastFailure: z.string().optional(),
  nextProbe: z.string().optional().describe('RFC 3339'),
  override: z
    .object({ state: z.enum(['up', 'down']), until: z.string().describe('RFC 3339') })
    .optional(),
});

const UPSTREAMS = z.object({
  level: z.enum(['L0', 'L1', 'L2', 'L3', 'L4']).describe('how far the service is degraded'),
  reason: z.string(),
  upstreams: z.array(UPSTREAM),
});

const OVERRIDE = z
  .object({
    name: z.string().min(1).max(2048).describe('as GET /upstreams names it'),
    state: z.enum(['up', 'down', 'auto']).describe('auto takes an override back'),
    seconds: z.number().int().min(1).max(MAXIMUM_SECONDS).default(DEFAULT_SECONDS),
  })
  .strict();

/** `/upstreams`: how they are, and holding one up or down by hand for a time. */
export function upstreamRoutes(needs: { readonly proxy: () => Proxy }): readonly ApiRoute[] {
  const snapshot = (): z.input<typeof UPSTREAMS> => {
    const { upstreams, ...rest } = needs.proxy().upstreams();
    return { ...rest, upstreams: [...upstreams] };
  };
  return [
    apiRoute({
      method: 'GET',
      path: '/upstreams',
      operation: 'listUpstreams',
      summary: 'how the upstreams are, and the level of service',
      result: UPSTREAMS,
      answer: async () => snapshot(),
    }),
    apiRoute({
      method: 'POST',
      path: '/upstreams',
      operation: 'overrideUpstream',
      summary: 'holds an upstream up or down, whatever is measured, for a time that ends by itself',
      body: OVERRIDE,
      result: UPSTREAMS,
      answer: async ({ body: { name, state, seconds } }) =>
        needs.proxy().overrideUpstream(name, state, seconds * 1000)
          ? snapshot()
          : apiProblem(404, 'there is no upstream of that name'),
    }),
  ];
}

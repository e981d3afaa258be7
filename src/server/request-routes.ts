import { z } from 'zod';
import type { KeptRecord, Proxy } from '../proxy/index.ts';
import { apiRoute } from './api/index.ts';
import type { ApiRoute } from './api/index.ts';

/** As many as a person reads, and as many as one answer may hold in memory. */
const DEFAULT_LIMIT = 100;
const MAXIMUM_LIMIT = 1000;

const OUTCOMES = ['hit', 'stale', 'fill', 'joined', 'bypass', 'failed', 'absent'] as const;

const QUERY = z.object({
  trace: z
    .string()
    .regex(/^[0-9a-f]{32}$/u, 'a trace id is 32 hexadecimal digits')
    .optional()
    .describe('the id in Cofferdam-Trace, and at the end of an error text'),
  module: z.string().min(1).max(2048).optional().describe('a module path, unescaped'),
  outcome: z
    .enum(OUTCOMES)
    .optional()
    .describe('Cofferdam-Cache, or failed (5xx), or absent (404, 410)'),
  limit: z.coerce.number().int().min(1).max(MAXIMUM_LIMIT).default(DEFAULT_LIMIT),
});

const MILLISECONDS = z.number().min(0);

const ATTEMPT = z.object({
  span: z.string().describe('W3C span id, as the upstream got it'),
  upstream: z.string().describe('host and port'),
  path: z.string(),
  time: z.string().describe('RFC 3339'),
  outcome: z.string().describe('the status, or the code of the error, or running'),
  milliseconds: MILLISECONDS.describe('to the headers, or to the failure'),
  phases: z
    .record(z.string(), MILLISECONDS)
    .describe('milliseconds of queue, dns, connect, tunnel, tls, first-byte, transfer'),
});

const REQUEST = z.object({
  time: z.string().describe('RFC 3339'),
  trace: z.string(),
  client: z.string().optional().describe('address'),
  userAgent: z.string().optional(),
  method: z.string(),
  path: z.string(),
  kind: z.string(),
  module: z.string().optional(),
  version: z.string().optional(),
  outcome: z.string().describe('Cofferdam-Cache'),
  status: z.number().int(),
  bytes: z.number().int(),
  milliseconds: MILLISECONDS.optional().describe(
    'to the end of the answer; absent for memory hits',
  ),
  cause: z.string().optional().describe('why there is no success'),
  reason: z
    .string()
    .optional()
    .describe(
      'the same for programs, where an upstream failed; with status 200 the body was broken off',
    ),
  attempts: z.array(ATTEMPT).describe('what was asked of upstreams while it was answered'),
});

/** `GET /requests`: who asked for what, and what became of it. */
export function requestRoutes(needs: { readonly proxy: () => Proxy }): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: '/requests',
      operation: 'listRequests',
      summary: 'answered requests, the newest first; of very many hits some are left out',
      query: QUERY,
      result: z.object({ requests: z.array(REQUEST) }),
      async answer({ query }) {
        const found = await needs.proxy().requests(query);
        return { requests: found.map(toResult) };
      },
    }),
  ];
}

function toResult(record: KeptRecord): z.input<typeof REQUEST> {
  const { timeMilliseconds, milliseconds, attempts, ...rest } = record;
  return {
    time: toTime(timeMilliseconds),
    ...rest,
    milliseconds: milliseconds === undefined ? undefined : round(milliseconds),
    attempts: attempts.map(({ startedMilliseconds, phases, ...attempt }) => ({
      ...attempt,
      milliseconds: round(attempt.milliseconds),
      time: toTime(startedMilliseconds),
      phases: Object.fromEntries(
        Object.entries(phases).map(([phase, took]) => [phase, round(took)]),
      ),
    })),
  };
}

function toTime(milliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(milliseconds)).toString();
}

/** To the microsecond. */
function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

import { z } from 'zod';
import { apiRoute } from './api/index.ts';
import type { ApiRoute } from './api/index.ts';
import type { Component } from './operations.ts';

export interface StatusNeeds {
  readonly readiness: () => Promise<readonly Component[]>;
}

const STATUS = z.object({
  version: z.string(),
  ready: z.boolean(),
  components: z.array(
    z.object({
      name: z.string(),
      status: z.enum(['ok', 'degraded', 'failing']),
      detail: z.string().optional(),
    }),
  ),
});

/** `GET /status`: what this server is and whether its parts work. */
export function statusRoute(needs: StatusNeeds, settings: { readonly version: string }): ApiRoute {
  return apiRoute({
    method: 'GET',
    path: '/status',
    operation: 'getStatus',
    summary: 'what this server is, and whether its parts work',
    result: STATUS,
    async answer() {
      const components = await needs.readiness();
      return {
        version: settings.version,
        ready: components.every((component) => component.status !== 'failing'),
        components: [...components],
      };
    },
  });
}

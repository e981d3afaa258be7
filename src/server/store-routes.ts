import { z } from 'zod';
import { isProgramError } from '../platform/index.ts';
import type { StoreCare } from '../proxy/index.ts';
import { apiProblem, apiRoute } from './api/index.ts';
import type { ApiProblem, ApiRoute } from './api/index.ts';
import { storeSchemas } from './store-results.ts';
import type { StoreTask } from './store-results.ts';

/** Work on the whole store takes minutes: it is begun, and asked about until it has ended. */
export interface StoreTasks {
  /** Undefined while another one runs. */
  begin(kind: StoreTask['kind'], dryRun: boolean): StoreTask | undefined;
  /** The last one without an id. Of those that have ended only the last few are known. */
  find(id: string | undefined): StoreTask | undefined;
}

export interface StoreRouteNeeds {
  /** The one that serves now. */
  readonly store: () => StoreCare;
  readonly tasks: StoreTasks;
}

const DRY_RUN = z.object({ dryRun: z.boolean().default(false) }).strict();
const PURGE_WISH = z
  .object({
    path: z.string().min(1).max(2048),
    version: z.string().min(1).max(256).optional().describe('absent: every one'),
    reason: z.string().min(1).max(500),
    mode: z.enum(['forget', 'block', 'lift']).default('forget'),
    dryRun: z.boolean().default(false),
  })
  .strict();
const MODULE = z.object({ path: z.string().min(1).max(2048) }).strict();

/** `/store/…`: the same that `cofferdam store` does. */
export function storeRoutes(needs: StoreRouteNeeds): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: '/store/stats',
      operation: 'getStoreStats',
      summary: 'what the store holds',
      result: storeSchemas.stats,
      answer: async () => needs.store().stats(),
    }),
    beginning(needs, 'verify', 'reads and checks every stored byte, mends what is damaged'),
    beginning(needs, 'gc', 'removes what was used longest ago, down to the budget'),
    apiRoute({
      method: 'GET',
      path: '/store/task',
      operation: 'getStoreTask',
      summary: 'how far verify or gc has come, and its report; the last one without an id',
      query: z.object({ id: z.string().max(64).optional() }),
      result: storeSchemas.task,
      answer: async ({ query }) =>
        needs.tasks.find(query.id) ?? apiProblem(404, 'there is no such task'),
    }),
    apiRoute({
      method: 'POST',
      path: '/store/purge',
      operation: 'purgeVersions',
      summary: 'takes versions out of the store on purpose; block refuses them, lift ends that',
      body: PURGE_WISH,
      result: storeSchemas.purge,
      answer: async ({ body }) => orProblem(async () => needs.store().purge(body)),
    }),
    apiRoute({
      method: 'POST',
      path: '/store/refresh',
      operation: 'refreshModule',
      summary: 'forgets what is known of a module and all below it, and asks upstreams anew',
      body: MODULE,
      result: storeSchemas.refresh,
      async answer({ body }) {
        const report = await needs.store().refresh(body.path);
        if (report.kind === 'refused') {
          return apiProblem(report.reason === 'malformed' ? 400 : 409, report.problem);
        }
        return { forgotten: report.forgotten, resources: report.resources };
      },
    }),
  ];
}

function beginning(needs: StoreRouteNeeds, kind: StoreTask['kind'], what: string): ApiRoute {
  return apiRoute({
    method: 'POST',
    path: `/store/${kind}`,
    operation: kind === 'gc' ? 'collectGarbage' : 'verifyStore',
    summary: `${what}; answers at once, GET /store/task tells the rest`,
    body: DRY_RUN,
    result: storeSchemas.task,
    answer: async ({ body }) =>
      needs.tasks.begin(kind, body.dryRun) ??
      apiProblem(409, 'the store is being verified or cleaned already: see GET /store/task'),
  });
}

const STATUSES = { 'bad-input': 400, 'not-found': 404, conflict: 409 } as const;

/** What the store itself refuses, in the form of all refusals; anything else is for the one above. */
async function orProblem<T>(work: () => Promise<T>): Promise<T | ApiProblem> {
  try {
    return await work();
  } catch (error) {
    if (!isProgramError(error) || error.kind === 'bug') throw error;
    const status = Object.entries(STATUSES).find(([kind]) => kind === error.kind)?.[1] ?? 503;
    return apiProblem(status, error.message);
  }
}

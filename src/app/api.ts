import type { Proxy } from '../proxy/index.ts';
import { requestRoutes, statusRoute, storeRoutes, upstreamRoutes } from '../server/index.ts';
import type { ApiRoute, Component, StoreTasks } from '../server/index.ts';

export interface ApiNeeds {
  /** The one that answers now. */
  readonly proxy: () => Proxy;
  /** Long work on the store, in the background. */
  readonly tasks: StoreTasks;
  readonly readiness: () => Promise<readonly Component[]>;
}

/** Everything that the JSON API of this program can do. */
export function createApi(
  needs: ApiNeeds,
  settings: { readonly version: string },
): readonly ApiRoute[] {
  return [
    statusRoute(needs, settings),
    ...upstreamRoutes(needs),
    ...requestRoutes(needs),
    ...storeRoutes({ ...needs, store: () => needs.proxy().store }),
  ];
}

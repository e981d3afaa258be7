import type { FetchOnce } from './fetch-once.ts';
import { parseRoute } from './protocol/index.ts';
import type { UpstreamChoice } from './upstream-choice.ts';

/** Fetches an artifact that the store lost; false when nobody may be asked or nobody gave it. */
export function createRefetch(
  needs: { readonly fetchOnce: FetchOnce; readonly upstreams: UpstreamChoice },
  settings: { readonly offline: boolean },
): (key: string) => Promise<boolean> {
  return async function refetch(key) {
    const route = parseRoute(`/${key}`);
    if (route.kind !== 'artifact' || settings.offline || !needs.upstreams.isServed(route.path)) {
      return false;
    }
    const { path, version, artifact: kind } = route;
    const isPrivate = needs.upstreams.isPrivate(path);
    const artifact = { key, path, version, kind, isPrivate };
    const settled = await needs.fetchOnce.obtain(artifact, undefined).result;
    if (settled.kind !== 'growing') {
      return settled.kind === 'again' || (settled.kind === 'bytes' && settled.keep);
    }
    await settled.body.more(Number.MAX_SAFE_INTEGER);
    const isGood = settled.body.state === 'good';
    await settled.body.release();
    return isGood;
  };
}

import { formatProxies, parseGoProxyList } from '../gosettings/index.ts';
import type { GoProxyList, GoSettings } from '../gosettings/index.ts';
import { divideChecksumSetting } from './checksum-setting.ts';
import type { KnownDatabase } from './checksum-setting.ts';

export type ChildPlan =
  | {
      readonly kind: 'engine';
      /** The user's proxies for the engine, without the last `direct` or `off`. */
      readonly upstream: string;
      readonly sumdb: string;
      /** The variables of the child that change, given the base URL of the engine. */
      readonly variables: (base: string) => Readonly<Record<string, string>>;
    }
  | { readonly kind: 'unchanged'; readonly reason: string };

/** Decides what the engine serves and what the child sees (interface.md section 4). */
export function planChild(settings: GoSettings, goDatabase: KnownDatabase): ChildPlan {
  if (settings.GOPROXY === '') return unchanged('GOPROXY is empty');
  const parsed = parseGoProxyList(settings.GOPROXY);
  if (parsed.kind === 'invalid') return unchanged(`${parsed.reason}, which go itself will refuse`);
  const { list } = parsed;
  const [first] = list.proxies;
  if (first === undefined) return unchanged(`GOPROXY begins with "${list.end ?? ''}"`);
  // A lone file:// list exempts toolchains from the checksum database, so it must stay literally.
  if (/^file:/i.test(first.url) && list.proxies.length === 1 && !/[,|]/.test(settings.GOPROXY)) {
    return unchanged('GOPROXY is a single file:// directory');
  }
  const plain = list.proxies.findIndex(({ url }) => sendsSecretsInPlain(url));
  if (plain !== -1) {
    const entry = `entry ${plain + 1} of GOPROXY has a user name or password over http`;
    return unchanged(`${entry}, which go itself refuses to send (write its https address)`);
  }
  const checksum = divideChecksumSetting(settings.GOSUMDB, goDatabase);
  return {
    kind: 'engine',
    upstream: formatProxies(list),
    sumdb: checksum.engine,
    variables: (base) => ({
      GOPROXY: base + listEnd(list),
      ...(checksum.child === undefined ? {} : { GOSUMDB: checksum.child }),
    }),
  };
}

/** "refusing to pass credentials to insecure URL" (cmd/go/internal/web, get): there is no exception for loopback. */
function sendsSecretsInPlain(url: string): boolean {
  const { protocol, username, password } = new URL(url);
  return protocol === 'http:' && (username !== '' || password !== '');
}

/**
 * The child itself executes `direct`, under the same condition as before. A last `off` finds nothing that
 * the end of the list does not, but `go` would say "disabled by GOPROXY=off" instead of what was not found.
 */
function listEnd(list: GoProxyList): string {
  return list.end === 'direct' ? `${list.proxies.at(-1)?.separator ?? ','}direct` : '';
}

function unchanged(reason: string): ChildPlan {
  return { kind: 'unchanged', reason };
}

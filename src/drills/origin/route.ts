import { unescape } from './checksum-database.ts';

/** The kinds of request in the GOPROXY protocol; counters and faults go by them. */
export type RequestKind = 'list' | 'info' | 'mod' | 'zip' | 'latest' | 'sumdb' | 'other';

/** One request, parsed. `module` and `version` are unescaped. */
export interface Route {
  readonly kind: RequestKind;
  readonly path: string;
  readonly module: string;
  readonly version: string;
  /** For `sumdb`: what follows `/sumdb/`. */
  readonly rest: string;
}

const ARTIFACT = /^\/(.+)\/@v\/(.+)\.(info|mod|zip)$/;
const LIST = /^\/(.+)\/@v\/list$/;
const LATEST = /^\/(.+)\/@latest$/;

export function parseRoute(path: string): Route {
  const nothing = { path, module: '', version: '', rest: '' };
  if (path.startsWith('/sumdb/'))
    return { ...nothing, kind: 'sumdb', rest: path.slice('/sumdb/'.length) };
  const list = LIST.exec(path)?.[1];
  if (list !== undefined) return { ...nothing, kind: 'list', module: unescape(list) };
  const latest = LATEST.exec(path)?.[1];
  if (latest !== undefined) return { ...nothing, kind: 'latest', module: unescape(latest) };
  const [, module, version, kind] = ARTIFACT.exec(path) ?? [];
  if (module === undefined || version === undefined) return { ...nothing, kind: 'other' };
  if (kind !== 'info' && kind !== 'mod' && kind !== 'zip') return { ...nothing, kind: 'other' };
  return { ...nothing, kind, module: unescape(module), version: unescape(version) };
}

import { unescapePath, unescapeVersion } from '../../gomod/path/index.ts';
import { parseTilePath, type TileRequest } from './tile-path.ts';

export type RelayRequest =
  | { readonly kind: 'supported' }
  | { readonly kind: 'latest' }
  | {
      readonly kind: 'lookup';
      readonly resource: string;
      readonly path: string;
      readonly version: string;
    }
  | { readonly kind: 'tile'; readonly resource: string; readonly tile: TileRequest }
  | { readonly kind: 'malformed'; readonly problem: string };

/** The longest real module path has 200 characters; with escapes and a version 1024 is plenty. */
const MAXIMUM_RESOURCE_LENGTH = 1024;
/** What x/mod's own server takes: a full version, perhaps with a suffix. */
const VERSION = /^v\d+\.\d+\.\d+(?:-[^@]*)?(?:\+incompatible)?$/;

/** Reads what follows `sumdb/NAME/` (module reference, "Checksum database"; P-73, P-74). */
export function parseRelayRequest(resource: string): RelayRequest {
  if (resource === 'supported' || resource === 'latest') {
    return { kind: resource };
  }
  if (resource.length > MAXIMUM_RESOURCE_LENGTH) {
    return { kind: 'malformed', problem: 'the checksum database path is too long' };
  }
  if (resource.startsWith('lookup/')) {
    return parseLookupPath(resource);
  }
  if (resource.startsWith('tile/')) {
    const tile = parseTilePath(resource);
    return tile === undefined
      ? { kind: 'malformed', problem: 'the tile path is malformed' }
      : { kind: 'tile', resource, tile };
  }
  return { kind: 'malformed', problem: 'a checksum database has only lookup, tile and latest' };
}

function parseLookupPath(resource: string): RelayRequest {
  const asked = resource.slice('lookup/'.length);
  const at = asked.indexOf('@');
  const path = unescapePath(asked.slice(0, Math.max(at, 0)));
  const version = unescapeVersion(asked.slice(at + 1));
  if (at < 1 || !path.ok || !version.ok || !VERSION.test(version.value)) {
    return { kind: 'malformed', problem: 'a lookup must name MODULE@VERSION' };
  }
  return { kind: 'lookup', resource, path: path.value, version: version.value };
}

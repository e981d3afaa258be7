import {
  checkModulePath,
  checkModuleVersion,
  unescapePath,
  unescapeVersion,
} from '../../gomod/path/index.ts';
import { canonicalModuleVersion } from '../../gomod/version/index.ts';

/** The three files of a module version (Go module reference, "GOPROXY protocol"). */
export type ArtifactKind = 'info' | 'mod' | 'zip';

/**
 * What a request path asks for. `key` is the escaped path below the base without a leading slash:
 * the same text names the resource at every upstream, in the store and in the memory tier.
 */
export type Route =
  | {
      readonly kind: 'artifact';
      readonly artifact: ArtifactKind;
      readonly path: string;
      readonly version: string;
      readonly key: string;
    }
  | { readonly kind: 'list'; readonly path: string; readonly key: string }
  | { readonly kind: 'latest'; readonly path: string; readonly key: string }
  | { readonly kind: 'query'; readonly path: string; readonly query: string; readonly key: string }
  | { readonly kind: 'checksum'; readonly resource: string; readonly key: string }
  | { readonly kind: 'base' }
  | Refused;

/** A path that cannot name anything: never sent to an upstream. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: 400 | 404 | 414;
  readonly problem: string;
}

/**
 * The longest module path and version in use are a few hundred bytes; file systems stop at 255 a name
 * and 4096 a path. Anything above can only be an attack or a mistake.
 */
const MAXIMUM_PATH_LENGTH = 2048;

/** The words that the client resolves by itself and never sends (P-33). */
const CLIENT_ONLY_QUERIES: ReadonlySet<string> = new Set(['latest', 'upgrade', 'patch']);

/** Reads the raw request path below a GOPROXY base: leading slash, undecoded, without query string. */
export function parseRoute(rawPath: string): Route {
  if (rawPath.length > MAXIMUM_PATH_LENGTH) {
    return refused(414, `the path is longer than ${MAXIMUM_PATH_LENGTH} characters`);
  }
  const decoded = decodeOnce(rawPath);
  if (decoded === undefined) {
    return refused(400, 'the path has a broken percent escape');
  }
  if (decoded === '/' || decoded === '') {
    return { kind: 'base' };
  }
  const shape = checkShape(decoded);
  if (shape !== undefined) {
    return refused(400, shape);
  }
  const key = decoded.slice(1);
  if (key.startsWith('sumdb/')) {
    return { kind: 'checksum', resource: key.slice('sumdb/'.length), key };
  }
  return parseModuleRoute(key);
}

function parseModuleRoute(key: string): Route {
  if (key.endsWith('/@latest')) {
    return withPath(key.slice(0, -'/@latest'.length), (path) => ({ kind: 'latest', path, key }));
  }
  // A module path may not contain "/@v/", so the last one is the separator (P-14).
  const at = key.lastIndexOf('/@v/');
  if (at < 0) {
    return refused(404, 'the path is not one of the GOPROXY protocol');
  }
  const file = key.slice(at + '/@v/'.length);
  return withPath(key.slice(0, at), (path) => parseFile(path, file, key));
}

function parseFile(path: string, file: string, key: string): Route {
  if (file === 'list') {
    return { kind: 'list', path, key };
  }
  const dot = file.lastIndexOf('.');
  const extension = dot < 0 ? '' : file.slice(dot + 1);
  if (extension !== 'info' && extension !== 'mod' && extension !== 'zip') {
    return refused(404, 'the path is not one of the GOPROXY protocol');
  }
  const version = unescapeVersion(file.slice(0, dot));
  if (!version.ok) {
    return refused(400, version.problem);
  }
  const canonical = canonicalModuleVersion(version.value) === version.value;
  if (extension !== 'info') {
    // P-37: .mod and .zip exist for canonical versions only.
    return canonical
      ? { kind: 'artifact', artifact: extension, path, version: version.value, key }
      : refused(404, `${version.value} is not a canonical version; ask its .info first`);
  }
  // P-35: only a canonical version that fits the path must be answered by itself.
  if (canonical && checkModuleVersion(path, version.value) === undefined) {
    return { kind: 'artifact', artifact: 'info', path, version: version.value, key };
  }
  if (CLIENT_ONLY_QUERIES.has(version.value)) {
    return refused(404, `${version.value} is a query that the client resolves`);
  }
  return { kind: 'query', path, query: version.value, key };
}

function withPath(escaped: string, make: (path: string) => Route): Route {
  const path = unescapePath(escaped);
  if (!path.ok) {
    return refused(400, path.problem);
  }
  const problem = checkModulePath(path.value);
  return problem === undefined ? make(path.value) : refused(404, problem);
}

function decodeOnce(rawPath: string): string | undefined {
  if (!rawPath.includes('%')) {
    return rawPath;
  }
  try {
    return decodeURIComponent(rawPath);
  } catch {
    return undefined;
  }
}

/** Control characters, backslashes and dot segments never occur in a legal path (P-11, P-13). */
function checkShape(decoded: string): string | undefined {
  if (!decoded.startsWith('/')) {
    return 'the path does not start with a slash';
  }
  for (let index = 0; index < decoded.length; index += 1) {
    const code = decoded.charCodeAt(index);
    if (code < 0x20 || code === 0x7f || code === 0x5c) {
      return 'the path has a control character or a backslash';
    }
  }
  for (const segment of decoded.slice(1).split('/')) {
    if (segment === '' || segment === '.' || segment === '..') {
      return 'the path has an empty or dot segment';
    }
  }
  return undefined;
}

function refused(status: Refused['status'], problem: string): Refused {
  return { kind: 'refused', status, problem };
}

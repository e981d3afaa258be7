import { isVerifierKey } from '../gosettings/index.ts';

/** A GOSUMDB value divided between the engine and the child. */
export interface ChecksumSetting {
  /** For the engine: `off`, `NAME`, `NAME+KEY` or `NAME+KEY URL`. */
  readonly engine: string;
  /** What the child's GOSUMDB must become, or undefined where it stays as it is. */
  readonly child: string | undefined;
}

/** Go's own database, and its built-in second address for networks that cannot reach the first. */
export interface KnownDatabase {
  readonly name: string;
  readonly alias: { readonly name: string; readonly url: string };
}

/**
 * A URL in GOSUMDB makes `go` ask it directly, past every proxy. So the URL moves into the engine
 * and the child keeps name and key, with which it still checks every signature. The alias counts
 * as a URL, and only in its bare form, as in `go`. A value that `go` refuses stays with the child,
 * whose message is the better one.
 */
export function divideChecksumSetting(value: string, go: KnownDatabase): ChecksumSetting {
  if (value === 'off') return { engine: 'off', child: undefined };
  const fields = value === go.alias.name ? [go.name, go.alias.url] : splitFields(value);
  const [name, url] = fields;
  // Only Go's own database may be named without its key.
  const known = name !== undefined && (name === go.name || isVerifierKey(name));
  if (!known || fields.length > 2) return { engine: 'off', child: undefined };
  return url === undefined
    ? { engine: name, child: undefined }
    : { engine: `${name} ${url}`, child: name };
}

function splitFields(value: string): readonly string[] {
  return value.split(/\p{White_Space}+/u).filter((field) => field !== '');
}

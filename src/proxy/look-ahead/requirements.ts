import { parseModfile } from '../../gomod/modfile/index.ts';
import { compareGoVersions } from '../../gomod/version/index.ts';

export interface Requirement {
  readonly path: string;
  readonly version: string;
  readonly indirect: boolean;
}

export interface Requirements {
  readonly list: readonly Requirement[];
  /**
   * From Go 1.17 on a go.mod names all that its packages need, so that `go` mostly does not read the
   * go.mod files it names (https://go.dev/ref/mod#graph-pruning).
   */
  readonly isPruned: boolean;
}

/** Reading is synchronous: the largest go.mod in use has some tens of kilobytes. */
const MAXIMUM_BYTES = 256 * 1024;
const NONE: Requirements = { list: [], isPruned: true };
const FIRST_PRUNED = '1.17';

/** What a go.mod of a dependency requires; nothing when it cannot be read, which is `go`'s to say. */
export function readRequirements(bytes: Buffer): Requirements {
  if (bytes.length > MAXIMUM_BYTES) {
    return NONE;
  }
  const file = parseModfile('go.mod', bytes.toString('utf8'), { lax: true });
  if (!file.ok) {
    return NONE;
  }
  const { require, go } = file.value;
  return {
    list: require.map(({ module, indirect }) => ({ ...module, indirect })),
    isPruned: go !== undefined && compareGoVersions(go.version, FIRST_PRUNED) >= 0,
  };
}

import type { Clock, Files, Logger } from '../../platform/index.ts';

/** What was purged on purpose, and why. */
export interface Tombstone {
  readonly path: string;
  /** Undefined: every version of the module. */
  readonly version?: string | undefined;
  readonly reason: string;
  /** It is refused from then on; otherwise the next who asks fetches it anew. */
  readonly blocked: boolean;
  /** RFC 3339. */
  readonly at: string;
}

/** The journal of purges, and who is refused by it. */
export interface Tombstones {
  /** Why this version is refused; undefined when it is not. Waits for the first reading only. */
  reasonAgainst(path: string, version: string): Promise<string | undefined>;
  /** The same by what has been read so far: a look into a map. */
  isBlocked(path: string, version: string): boolean;
  add(stone: Omit<Tombstone, 'at'>): Promise<void>;
  /** Everything that is refused now. */
  blocked(): readonly Tombstone[];
  /** Reads what other programs on this store have written. */
  refresh(): Promise<void>;
}

/** A hundred thousand purges. */
const MAXIMUM_BYTES = 32 * 1024 * 1024;
const MAXIMUM_REASON_CHARACTERS = 500;

export function createTombstones(
  needs: {
    readonly files: Files;
    readonly clock: Clock;
    readonly logger: Logger;
    /** Told of what is refused from now on. */
    readonly blocked: (stone: Tombstone) => void;
  },
  settings: { readonly journal: string },
): Tombstones {
  const blocked = new Map<string, Tombstone>();
  let readBytes = 0;

  function take(stone: Tombstone): void {
    const name = nameOf(stone.path, stone.version);
    if (stone.blocked) {
      blocked.set(name, stone);
      needs.blocked(stone);
    } else {
      blocked.delete(name);
    }
  }

  async function refresh(): Promise<void> {
    const size = (await needs.files.status(settings.journal))?.size ?? 0;
    if (size === readBytes) return;
    const bytes = await needs.files.readWhole(settings.journal, MAXIMUM_BYTES);
    readBytes = bytes?.length ?? 0;
    blocked.clear();
    for (const line of bytes?.toString().split('\n') ?? []) {
      const stone = parse(line);
      if (stone !== undefined) take(stone);
      else if (line !== '') needs.logger.warn('a line of the purge journal is not understood');
    }
  }

  function find(path: string, version: string): Tombstone | undefined {
    if (blocked.size === 0) return undefined;
    return blocked.get(nameOf(path, version)) ?? blocked.get(nameOf(path, undefined));
  }

  /** A journal that cannot be read blocks nobody; the log says so. */
  let first: Promise<void> | undefined = refresh().catch((error: unknown) => {
    needs.logger.error('the purge journal could not be read', { error: String(error) });
  });
  void first.then(() => {
    first = undefined;
  });

  return {
    async reasonAgainst(path, version) {
      if (first !== undefined) await first;
      return find(path, version)?.reason;
    },
    isBlocked: (path, version) => find(path, version) !== undefined,
    async add({ reason, ...rest }) {
      const at = Temporal.Instant.fromEpochMilliseconds(needs.clock.epochMilliseconds()).toString();
      const stone = { ...rest, reason: reason.slice(0, MAXIMUM_REASON_CHARACTERS), at };
      const line = `${JSON.stringify({ event: 'purged', ...stone })}\n`;
      await needs.files.append(settings.journal, Buffer.from(line));
      await refresh();
    },
    blocked: () => [...blocked.values()],
    refresh,
  };
}

function nameOf(path: string, version: string | undefined): string {
  return version === undefined ? path : `${path}@${version}`;
}

function parse(line: string): Tombstone | undefined {
  try {
    const read: unknown = line === '' ? undefined : JSON.parse(line);
    if (typeof read !== 'object' || read === null) return undefined;
    const { path, version, reason, blocked, at } = read as Record<string, unknown>;
    const isRight =
      typeof path === 'string' &&
      (version === undefined || typeof version === 'string') &&
      typeof reason === 'string' &&
      typeof blocked === 'boolean' &&
      typeof at === 'string';
    return isRight ? { path, version, reason, blocked, at } : undefined;
  } catch {
    return undefined;
  }
}

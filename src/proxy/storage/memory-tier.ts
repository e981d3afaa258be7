/** A hot answer, ready to be written: bytes plus the header list that goes with them. */
export interface HotEntry {
  /** For the counters. */
  readonly kind: 'info' | 'mod' | 'zip' | 'list' | 'latest' | 'query' | 'checksum';
  /** `path@version` of an artifact, for the summary of a run. */
  readonly module: string | undefined;
  /** P-05: list, .info, .mod and lookups may be compressed, zips and tiles never. */
  readonly isCompressible: boolean;
  readonly body: Buffer;
  readonly etag: string;
  readonly lastModified: string;
  /** Alternating names and values, the form that `writeHead` takes without copying. */
  readonly headers: readonly string[];
  /** The headers of the whole body as it is, made with the first answer: an answer only copies them. */
  whole: readonly string[] | undefined;
  /** Set while nobody has taken what was fetched before it was asked; told of the first who does. */
  firstUse?: ((client: string | undefined) => void) | undefined;
  /** The gzip form, once somebody asked for it and it was smaller. */
  gzip: Buffer | undefined;
}

export interface MemoryTier {
  get(key: string): HotEntry | undefined;
  /** False when the entry is too large to be kept. */
  put(key: string, entry: HotEntry): boolean;
  delete(key: string): void;
  /** Of every entry: for what is rare. */
  keys(): readonly string[];
  /** The keys that were put or asked for since the last call. */
  takeTouched(): readonly string[];
  readonly bytes: number;
  /** An artifact above this is never kept: one must not push out all others. */
  readonly maximumEntryBytes: number;
}

/** Headers, strings and map slots of one entry, measured roughly: small files must not be free. */
const OVERHEAD_BYTES = 1024;
/** An entry may take a quarter of the tier, and never more than the largest file read whole. */
const MAXIMUM_ENTRY_BYTES = 32 * 1024 * 1024;

/**
 * Bounded by bytes. Eviction is the second-chance clock: a hit costs one flag, not a move in a list,
 * and an entry that was never hit again leaves first, so one long scan does not empty the tier.
 */
export function createMemoryTier(settings: {
  readonly maximumBytes: number;
  /** What must not be served from here. */
  readonly refuses?: (key: string) => boolean;
}): MemoryTier {
  const entries = new Map<
    string,
    { readonly entry: HotEntry; readonly size: number; used: boolean; touched: boolean }
  >();
  const maximumEntryBytes = Math.min(Math.floor(settings.maximumBytes / 4), MAXIMUM_ENTRY_BYTES);
  let bytes = 0;

  function remove(key: string): void {
    const slot = entries.get(key);
    if (slot !== undefined) {
      entries.delete(key);
      bytes -= slot.size;
    }
  }

  function makeRoom(): void {
    // A map iterates in insertion order, so its head is the clock's hand.
    for (const [key, slot] of entries) {
      if (bytes <= settings.maximumBytes) {
        return;
      }
      entries.delete(key);
      if (slot.used) {
        slot.used = false;
        entries.set(key, slot);
      } else {
        bytes -= slot.size;
      }
    }
  }

  return {
    get(key) {
      const slot = entries.get(key);
      if (slot === undefined) {
        return undefined;
      }
      slot.used = true;
      slot.touched = true;
      return slot.entry;
    },
    put(key, entry) {
      const size = entry.body.length + OVERHEAD_BYTES + key.length * 2;
      if (entry.body.length > maximumEntryBytes || settings.refuses?.(key) === true) {
        return false;
      }
      remove(key);
      entries.set(key, { entry, size, used: false, touched: true });
      bytes += size;
      makeRoom();
      return true;
    },
    delete: remove,
    keys: () => [...entries.keys()],
    takeTouched() {
      const keys: string[] = [];
      for (const [key, slot] of entries) {
        if (slot.touched) {
          slot.touched = false;
          keys.push(key);
        }
      }
      return keys;
    },
    get bytes() {
      return bytes;
    },
    maximumEntryBytes,
  };
}

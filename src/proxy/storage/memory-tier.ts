import { createGhosts } from './ghosts.ts';
import { createSlotQueue } from './slot-queue.ts';
import type { Queued } from './slot-queue.ts';

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
/** What is new may have a tenth: enough to be asked for again, too little for a scan to matter. */
const NEW_SHARE = 0.1;
/** Hits beyond these say nothing more: what was loved once must be able to leave. */
const MAXIMUM_USES = 3;
/** A megabyte of keys: a key that comes back while it is here was thrown out too early. */
const GHOSTS = 8192;

interface Slot extends Queued {
  readonly key: string;
  readonly entry: HotEntry;
  readonly size: number;
  /** Hits since it last was at the end of its queue, at most MAXIMUM_USES. */
  uses: number;
  touched: boolean;
  isNew: boolean;
}

/**
 * Bounded by bytes. Two queues, first in, first out (S3-FIFO, SOSP 2023): what comes in waits in a small
 * one, and gets into the large one only if it is asked for there, or comes back soon after. So a scan,
 * however large, passes through the small one and leaves what is in use where it is. A hit costs a number
 * and a flag, not a move in a list.
 */
export function createMemoryTier(settings: {
  readonly maximumBytes: number;
  /** What must not be served from here. */
  readonly refuses?: (key: string) => boolean;
}): MemoryTier {
  const { maximumBytes } = settings;
  const slots = new Map<string, Slot>();
  const newcomers = createSlotQueue<Slot>();
  const residents = createSlotQueue<Slot>();
  const ghosts = createGhosts({ maximumKeys: GHOSTS });
  const maximumEntryBytes = Math.min(Math.floor(maximumBytes / 4), MAXIMUM_ENTRY_BYTES);
  let bytes = 0;
  let newBytes = 0;

  function enter(slot: Slot): void {
    (slot.isNew ? newcomers : residents).push(slot);
    bytes += slot.size;
    if (slot.isNew) newBytes += slot.size;
  }

  function left(slot: Slot): void {
    bytes -= slot.size;
    if (slot.isNew) newBytes -= slot.size;
  }

  function remove(key: string): void {
    const slot = slots.get(key);
    if (slot !== undefined) {
      slots.delete(key);
      (slot.isNew ? newcomers : residents).remove(slot);
      left(slot);
    }
  }

  /** The newcomer that waited longest becomes a resident or leaves. */
  function judgeNewcomer(): boolean {
    const slot = newcomers.shift();
    if (slot === undefined) return false;
    left(slot);
    if (slot.uses > 0) {
      slot.isNew = false;
      slot.uses = 0;
      enter(slot);
    } else {
      slots.delete(slot.key);
      ghosts.add(slot.key);
    }
    return true;
  }

  /** The resident that waited longest leaves, or goes to the end once more for each use. */
  function judgeResident(): boolean {
    const slot = residents.shift();
    if (slot === undefined) return false;
    if (slot.uses > 0) {
      slot.uses -= 1;
      residents.push(slot);
    } else {
      left(slot);
      slots.delete(slot.key);
    }
    return true;
  }

  function makeRoom(): void {
    while (bytes > maximumBytes) {
      const isScan = newBytes > maximumBytes * NEW_SHARE;
      if (!(isScan ? judgeNewcomer() : judgeResident())) judgeNewcomer();
    }
  }

  return {
    get(key) {
      const slot = slots.get(key);
      if (slot === undefined) {
        return undefined;
      }
      if (slot.uses < MAXIMUM_USES) slot.uses += 1;
      slot.touched = true;
      return slot.entry;
    },
    put(key, entry) {
      const size = entry.body.length + OVERHEAD_BYTES + key.length * 2;
      if (entry.body.length > maximumEntryBytes || settings.refuses?.(key) === true) {
        return false;
      }
      // What replaces a resident is as much in use as it was.
      const isNew = slots.get(key)?.isNew ?? !ghosts.has(key);
      remove(key);
      const links = { previous: undefined, next: undefined };
      const slot = { key, entry, size, uses: 0, touched: true, isNew, ...links };
      slots.set(key, slot);
      enter(slot);
      makeRoom();
      return true;
    },
    delete: remove,
    keys: () => [...slots.keys()],
    takeTouched() {
      const keys: string[] = [];
      for (const slot of slots.values()) {
        if (slot.touched) {
          slot.touched = false;
          keys.push(slot.key);
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

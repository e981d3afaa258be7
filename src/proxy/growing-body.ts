import type { Shelter } from './shelter.ts';
import type { Draft } from './storage/index.ts';
import type { Failed } from './upstream/index.ts';

/**
 * A large artifact while it arrives: written to a scratch file by one fill, read by position by any
 * number of followers. The end of it is held back until the whole has been checked, so that a wrong
 * body never reaches a client complete.
 */
export interface GrowingBody {
  /** Undefined when the upstream did not say. Another answer may change it until it was promised. */
  readonly length: number | undefined;
  /** The length for the headers of a client: from now on it cannot change. */
  promiseLength(): number | undefined;
  readonly lastModified: string | undefined;
  /** Bytes that may be sent now. */
  readonly released: number;
  readonly state: 'running' | 'good' | 'bad';
  /** Why it is bad. */
  readonly failures: readonly Failed[];
  /** Bytes written so far; all of them once the state is good. */
  readonly size: number;
  /** Resolves when there is more than `position` to send, or the state has changed. */
  more(position: number): Promise<void>;
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** Each follower holds the file open until it says release. False when it is closed already. */
  hold(): boolean;
  release(): Promise<void>;
}

/** The side of the fill, which is the first to hold it. */
export interface GrowingBodyWriter extends GrowingBody {
  /** Where the bytes are now: on the disk, or in memory when the disk failed. */
  readonly draft: Draft;
  /** What clients were told; undefined when none was. */
  readonly promisedLength: number | undefined;
  write(bytes: Buffer): Promise<void>;
  /**
   * A body from its start takes the place of one that broke off or was wrong: keeps only what clients
   * may have already, which the new one must begin with.
   */
  rewind(facts: BodyFacts): Promise<void>;
  finish(): void;
  fail(failures: readonly Failed[]): void;
}

export interface BodyFacts {
  readonly length: number | undefined;
  readonly lastModified: string | undefined;
}

/** Held back until the check is done. Any number above zero is safe; one piece of the network is simple. */
const HELD_BACK_BYTES = 64 * 1024;

export function createGrowingBody(
  draft: Draft,
  facts: BodyFacts,
  shelter: Pick<Shelter, 'replace'>,
): GrowingBodyWriter {
  return new DraftBody(draft, facts, shelter);
}

class DraftBody implements GrowingBodyWriter {
  readonly #shelter: Pick<Shelter, 'replace'>;
  #draft: Draft;
  #facts: BodyFacts;
  #promisedLength: number | undefined;
  #size = 0;
  /** The end of what was ever read for a client. */
  #given = 0;
  #state: GrowingBody['state'] = 'running';
  #failures: readonly Failed[] = [];
  #holders = 1;
  #changed = Promise.withResolvers<void>();

  constructor(draft: Draft, facts: BodyFacts, shelter: Pick<Shelter, 'replace'>) {
    this.#draft = draft;
    this.#shelter = shelter;
    this.#facts = facts;
  }

  get length(): number | undefined {
    return this.#promisedLength ?? this.#facts.length;
  }

  get draft(): Draft {
    return this.#draft;
  }

  get lastModified(): string | undefined {
    return this.#facts.lastModified;
  }

  get promisedLength(): number | undefined {
    return this.#promisedLength;
  }

  promiseLength(): number | undefined {
    this.#promisedLength = this.length;
    return this.#promisedLength;
  }

  get released(): number {
    if (this.#state === 'good') {
      return this.#size;
    }
    return this.#state === 'bad' ? 0 : Math.max(0, this.#size - HELD_BACK_BYTES);
  }

  get state(): GrowingBody['state'] {
    return this.#state;
  }

  get failures(): readonly Failed[] {
    return this.#failures;
  }

  get size(): number {
    return this.#size;
  }

  async more(position: number): Promise<void> {
    while (this.#state === 'running' && this.released <= position) {
      await this.#changed.promise;
    }
  }

  async read(buffer: Uint8Array, position: number): Promise<number> {
    // Noted before anything waits: a rewind must not take away what is being read.
    this.#given = Math.max(this.#given, Math.min(position + buffer.length, this.#size));
    return this.#draft.file.read(buffer, position);
  }

  hold(): boolean {
    if (this.#holders === 0) {
      return false;
    }
    this.#holders += 1;
    return true;
  }

  async release(): Promise<void> {
    this.#holders -= 1;
    if (this.#holders === 0) {
      await this.#draft.release();
    }
  }

  async write(bytes: Buffer): Promise<void> {
    try {
      await this.#draft.file.write(bytes);
    } catch (error) {
      const had = { size: this.#size, length: this.length };
      this.#draft = await this.#shelter.replace(this.#draft, had, error);
      await this.#draft.file.write(bytes);
    }
    this.#size += bytes.length;
    this.#notify();
  }

  async rewind(facts: BodyFacts): Promise<void> {
    this.#facts = facts;
    this.#size = Math.min(this.#size, this.#given);
    await this.#draft.file.truncate(this.#size);
  }

  finish(): void {
    this.#state = 'good';
    this.#notify();
  }

  fail(failures: readonly Failed[]): void {
    this.#state = 'bad';
    this.#failures = failures;
    this.#notify();
  }

  #notify(): void {
    const previous = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    previous.resolve();
  }
}

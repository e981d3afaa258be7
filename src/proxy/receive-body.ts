import { createHash } from 'node:crypto';
import { createGrowingBody } from './growing-body.ts';
import type { GrowingBody, GrowingBodyWriter } from './growing-body.ts';
import type { Draft, Storage } from './storage/index.ts';
import { failed } from './upstream/index.ts';
import type { Failed, Found } from './upstream/index.ts';

export interface ReceiveSettings {
  /** Up to here a body is kept in memory. */
  readonly wholeBytes: number;
  /** Above this it cannot be right. */
  readonly maximumBytes: number;
}

/** Told once, with its first bytes, when a body turns out too large for memory; may refuse it. */
export type Announce = (first: Buffer, growing: GrowingBody) => string | undefined;

export interface ReceivedGrowing extends LargeBody {
  readonly kind: 'growing';
  readonly sha256: string;
  /** Set when the body broke off, was refused or grew above the limit. */
  readonly problem: string | undefined;
}

interface LargeBody {
  readonly writer: GrowingBodyWriter;
  readonly draft: Draft;
}

export type Received =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | ReceivedGrowing
  | { readonly kind: 'failed'; readonly failure: Failed };

/** Reads a body: into memory while it is small, into a scratch file that others follow when it is not. */
export async function receiveBody(
  storage: Storage,
  found: Found,
  settings: ReceiveSettings,
  announce: Announce,
): Promise<Received> {
  const receiver = new BodyReceiver(storage, found, settings, announce);
  let problem: string | undefined;
  let isCut = false;
  try {
    for await (const piece of found.body) {
      problem = await receiver.take(piece);
      if (problem !== undefined) {
        break;
      }
    }
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
    isCut = true;
  }
  if (problem !== undefined) {
    found.discard();
  }
  if (receiver.large !== undefined) {
    return { kind: 'growing', ...receiver.large, sha256: receiver.digest(), problem };
  }
  if (problem === undefined) {
    return { kind: 'whole', bytes: receiver.bytes() };
  }
  const { upstream } = found;
  const failure = isCut
    ? failed(upstream, 'unavailable', problem)
    : failed(upstream, 'invalid', `${upstream} ${problem}`);
  return { kind: 'failed', failure };
}

class BodyReceiver {
  readonly #storage: Storage;
  readonly #found: Found;
  readonly #settings: ReceiveSettings;
  readonly #announce: Announce;
  readonly #hash = createHash('sha256');
  #pieces: Buffer[] = [];
  #size = 0;
  #large: LargeBody | undefined;

  constructor(storage: Storage, found: Found, settings: ReceiveSettings, announce: Announce) {
    this.#storage = storage;
    this.#found = found;
    this.#settings = settings;
    this.#announce = announce;
  }

  /** Set once the body is followed in a file. */
  get large(): LargeBody | undefined {
    return this.#large;
  }

  /** Undefined, or why the body cannot be right. */
  async take(piece: Buffer): Promise<string | undefined> {
    this.#size += piece.length;
    if (this.#size > this.#settings.maximumBytes) {
      return `sent more than ${this.#settings.maximumBytes} bytes`;
    }
    if (this.#large !== undefined) {
      this.#hash.update(piece);
      await this.#large.writer.write(piece);
      return undefined;
    }
    this.#pieces.push(piece);
    const expected = Math.max(this.#size, this.#found.length ?? 0);
    return expected <= this.#settings.wholeBytes ? undefined : this.#grow();
  }

  bytes(): Buffer {
    const [first] = this.#pieces;
    return first !== undefined && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }

  async #grow(): Promise<string | undefined> {
    const draft = await this.#storage.begin();
    const writer = createGrowingBody(draft, this.#found);
    this.#large = { writer, draft };
    const first = this.bytes();
    const problem = this.#announce(first, writer);
    if (problem === undefined) {
      this.#hash.update(first);
      await writer.write(first);
      this.#pieces = [];
    }
    return problem;
  }
}

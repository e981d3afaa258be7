import { createHash } from 'node:crypto';
import type { ContentProblem } from './artifact-checks.ts';
import { createGrowingBody } from './growing-body.ts';
import type { BodyFacts, GrowingBody, GrowingBodyWriter } from './growing-body.ts';
import type { Shelter } from './shelter.ts';
import type { Storage } from './storage/index.ts';

export interface ReceiverSettings {
  /** Up to here a body is kept in memory. */
  readonly wholeBytes: number;
  /** Above this it cannot be right. */
  readonly maximumBytes: number;
}

/** Told the first bytes of each body that is too large for memory; may refuse it. */
export type Announce = (first: Buffer, growing: GrowingBody) => ContentProblem | undefined;

export interface ReceiverNeeds {
  readonly storage: Storage;
  readonly shelter: Shelter;
}

/**
 * Where the pieces of a body go: into memory while it is small, into a scratch file that others follow
 * when it is not. It outlives the body of one answer: another may go on where one broke off.
 */
export class BodyReceiver {
  readonly #needs: ReceiverNeeds;
  readonly #settings: ReceiverSettings;
  readonly #announce: Announce;
  #facts: BodyFacts = { length: undefined, lastModified: undefined };
  #hash = createHash('sha256');
  #pieces: Buffer[] = [];
  #position = 0;
  /** Up to here clients may have bytes of an earlier body, which this one must begin with. */
  #bound = 0;
  #large: GrowingBodyWriter | undefined;

  constructor(needs: ReceiverNeeds, settings: ReceiverSettings, announce: Announce) {
    this.#needs = needs;
    this.#settings = settings;
    this.#announce = announce;
  }

  /** Set once the body is followed in a file. */
  get large(): GrowingBodyWriter | undefined {
    return this.#large;
  }

  /** Bytes taken of the present body. */
  get position(): number {
    return this.#position;
  }

  /** A body from its start. Undefined, or why it cannot take the place of the one before. */
  async begin(facts: BodyFacts): Promise<ContentProblem | undefined> {
    this.#facts = facts;
    this.#position = 0;
    this.#pieces = [];
    if (this.#large === undefined) {
      return undefined;
    }
    const promised = this.#large.promisedLength;
    if (promised !== undefined && facts.length !== undefined && promised !== facts.length) {
      return changed(
        `sent a file of ${facts.length} bytes where ${promised} were announced before`,
      );
    }
    await this.#large.rewind(facts);
    this.#bound = this.#large.size;
    this.#hash = createHash('sha256');
    return undefined;
  }

  /** Undefined, or why the body cannot be right. */
  async take(piece: Buffer): Promise<ContentProblem | undefined> {
    const start = this.#position;
    this.#position += piece.length;
    if (this.#position > this.#settings.maximumBytes) {
      const problem = `sent more than ${this.#settings.maximumBytes} bytes`;
      return { problem, reason: 'content-too-large' };
    }
    if (this.#large !== undefined) {
      return this.#append(this.#large, piece, start);
    }
    this.#pieces.push(piece);
    const expected = Math.max(this.#position, this.#facts.length ?? 0);
    return expected <= this.#settings.wholeBytes ? undefined : this.#grow();
  }

  /** At the end of the body. Undefined, or why it cannot be whole. */
  end(): ContentProblem | undefined {
    const promised = this.#large?.promisedLength;
    const isShort = this.#position < this.#bound;
    return isShort || (promised !== undefined && promised !== this.#position)
      ? { problem: `sent only ${this.#position} bytes`, reason: 'body-cut' }
      : undefined;
  }

  bytes(): Buffer {
    const [first] = this.#pieces;
    return first !== undefined && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces);
  }

  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  async #append(
    writer: GrowingBodyWriter,
    piece: Buffer,
    start: number,
  ): Promise<ContentProblem | undefined> {
    const refusal = start === 0 ? this.#announce(piece, writer) : undefined;
    if (refusal !== undefined) {
      return refusal;
    }
    this.#hash.update(piece);
    const overlap = Math.min(piece.length, Math.max(0, this.#bound - start));
    if (overlap > 0 && !(await begins(writer, piece.subarray(0, overlap), start))) {
      return changed('sent other bytes than those that clients already have');
    }
    if (overlap < piece.length) {
      await writer.write(overlap === 0 ? piece : piece.subarray(overlap));
    }
    return undefined;
  }

  async #grow(): Promise<ContentProblem | undefined> {
    const { storage, shelter } = this.#needs;
    const draft = await shelter.begin(async () => storage.begin(), this.#facts.length);
    this.#large = createGrowingBody(draft, this.#facts, shelter);
    const first = this.bytes();
    this.#pieces = [];
    return this.#append(this.#large, first, 0);
  }
}

function changed(problem: string): ContentProblem {
  return { problem, reason: 'body-changed' };
}

async function begins(body: GrowingBodyWriter, piece: Buffer, position: number): Promise<boolean> {
  const before = Buffer.allocUnsafe(piece.length);
  const count = await body.draft.file.read(before, position);
  return count === piece.length && before.equals(piece);
}

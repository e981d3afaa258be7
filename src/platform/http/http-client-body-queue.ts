/** Above this the socket is paused: four of the pieces that a socket read gives, enough to never starve. */
const QUEUE_BYTES = 256 * 1024;

/** Pieces of a body that came before their reader asked, or the reader that asked before they came. */
export class BodyQueue {
  #pieces: Buffer[] = [];
  #bytes = 0;
  #wake: (() => void) | undefined;

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  take(): Buffer | undefined {
    const piece = this.#pieces.shift();
    if (piece !== undefined) {
      this.#bytes -= piece.length;
    }
    return piece;
  }

  isFull(): boolean {
    return this.#bytes >= QUEUE_BYTES;
  }

  clear(): void {
    this.#pieces = [];
    this.#bytes = 0;
  }

  /** Resolves at the next `wakeReader`. There is one reader at most. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Tells whether a reader waited. */
  wakeReader(): boolean {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
    return wake !== undefined;
  }
}

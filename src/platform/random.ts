/** Randomness as a port: `random()` for jitter and sampling, `bytes` for identifiers and secrets. */
export interface Random {
  /** From 0 up to, not including, 1. */
  fraction(): number;
  bytes(count: number): Buffer;
}

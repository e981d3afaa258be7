/** Locks between programs, as a port. They vanish with the program that holds them, however it ends. */
export interface Locks {
  /** Undefined when someone else holds it, another part of this program included. Never waits. */
  tryExclusive(path: string): Promise<Lock | undefined>;
}

export interface Lock {
  /** Releasing again is fine. */
  release(): Promise<void>;
}

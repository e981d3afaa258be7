import type { ChecksumDatabase } from './checksum-database.ts';
import type { Counts } from './counters.ts';
import type { FaultRule } from './faults.ts';
import type { ModuleSpecification } from './synthetic-module.ts';

export interface OriginSettings {
  readonly modules?: readonly ModuleSpecification[];
  /** Decides which requests a fault with a share meets. */
  readonly seed?: string;
  readonly network?: NetworkSettings;
  readonly faults?: readonly FaultRule[];
  /** Any free port when left out. */
  readonly port?: number;
  /** PEM texts; the origin then speaks https. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Name of a checksum database to serve under `/sumdb/NAME/`. */
  readonly checksumDatabase?: string;
  /**
   * The database knows each module as soon as the origin has it, as real ones know what is in use: the
   * tree then stands still. Otherwise it grows by each module that is looked up first.
   */
  readonly recordsAhead?: boolean;
  /** Serves `/-/origin/…`, by which scripts read counters and change faults. */
  readonly control?: boolean;
}

export interface NetworkSettings {
  /** Before each answer. */
  readonly latencyMilliseconds?: number;
  /** For each connection. */
  readonly bytesPerSecond?: number;
}

/** A GOPROXY server with made-up modules that can be slow, broken or wrong on demand. */
export interface Origin {
  /** Without a slash at the end: a GOPROXY entry. */
  readonly url: string;
  readonly database: ChecksumDatabase | undefined;
  addModules(modules: readonly ModuleSpecification[]): void;
  setNetwork(network: NetworkSettings): void;
  /** Replaces all rules; an empty list mends everything. */
  setFaults(rules: readonly FaultRule[]): void;
  counts(): Counts;
  resetCounts(): void;
  /** Breaks what is open. */
  close(): Promise<void>;
}

import type {
  Clock,
  Database,
  Files,
  Locks,
  Logger,
  Meter,
  Random,
  SpanSink,
} from '../platform/index.ts';
import type { HttpClient } from '../platform/http/index.ts';
import type { ChecksumDatabase } from './checksum-sources.ts';
import type { HealthSettings } from './health/index.ts';
import type { Credentials, WalkSettings } from './upstream/index.ts';
import type { ExpectedHash } from './verification/index.ts';

export interface ProxyNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly files: Files;
  readonly locks: Locks;
  readonly http: HttpClient;
  readonly database: Database;
  readonly random: Random;
  readonly meter: Meter;
  /** Where finished spans go, when somebody wants them. */
  readonly spans?: SpanSink | undefined;
  /** Told of each path whose bytes in memory are right no longer. */
  readonly forgotten?: ((path: string) => void) | undefined;
  /** The user's own, for upstreams that want some. */
  readonly credentials?: Credentials | undefined;
}

export interface ProxySettings {
  /** The store directory (interface.md section 5). */
  readonly store: string;
  /** A directory of this process alone, below the store. */
  readonly scratch: string;
  /** Why nothing can be kept in the store, where that is known before; what it holds can be read. */
  readonly storeProblem?: string | undefined;
  /** Go's GOPROXY syntax. */
  readonly upstream: string;
  /** The same, asked for private paths only. */
  readonly privateUpstream: string | undefined;
  /** Go's glob list. */
  readonly privatePatterns: string;
  /** Modules that are looked up in no checksum database: private and excluded ones, or GONOSUMDB in `run`. */
  readonly noLookupPatterns: string;
  readonly databases: readonly ChecksumDatabase[];
  /** Refuse new bytes that no checksum database vouches for. */
  readonly requireVerification: boolean;
  /** Of the go.sum of the one command that this engine is for. */
  readonly expectedHashes?: readonly ExpectedHash[] | undefined;
  /** Its settings are those of one command, and decide nothing for others that share the store. */
  readonly isForOneCommand?: boolean | undefined;
  /** Bytes up to which an artifact is verified whole before its first byte is sent. */
  readonly verifyFirstBytes: number;
  readonly offline: boolean;
  /** Whether to fetch what clients will ask next. */
  readonly lookAhead: boolean;
  /** Go's glob list: modules of which no upstream may hear before a client asks. */
  readonly noLookAheadPatterns: string;
  /** Time limits and bounds towards upstreams that differ from ours. */
  readonly healing?: HealingSettings | undefined;
  /** Bytes of the memory tier. */
  readonly memoryBytes: number;
  /** What the store may hold; undefined is no limit, and no work in the background. */
  readonly budget?: StoreBudget | undefined;
  /** For a command that ends: no work in the background, whatever the budget. */
  readonly upkeepWhenAsked?: boolean | undefined;
  /** Keep who asked for what in the database. */
  readonly recordRequests: boolean;
}

export interface StoreBudget {
  /** Undefined is no limit. */
  readonly maximumBytes: number | undefined;
  /** What nobody asked for in this time leaves; undefined is no limit. */
  readonly maximumAgeMilliseconds: number | undefined;
  /** Go's glob list of modules that always stay. */
  readonly pinnedPatterns: string;
}

export interface HealingSettings {
  readonly walk?: Partial<WalkSettings>;
  readonly health?: Partial<HealthSettings>;
}

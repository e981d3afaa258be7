import type { ExpectedHash } from '../gosettings/index.ts';

/** What the guard asks of the engine that it runs one command with. */
export interface EngineRequest {
  /** The user's GOPROXY list without the `direct` or `off` at its end, never empty. */
  readonly upstream: string;
  /** As in GOSUMDB: `off`, `NAME`, `NAME+KEY` or `NAME+KEY URL`. */
  readonly sumdb: string;
  /** GONOSUMDB: it binds the engine's own database client as well. */
  readonly noSumdbPatterns: string;
  /** GONOPROXY: the child fetches these by itself, and the engine must not name them to anybody first. */
  readonly noProxyPatterns: string;
  /** The path below which alone the engine answers: `/-/run/` and 128 random bits. */
  readonly secretPath: string;
  /** What go.sum has: the engine chooses between answers by it, for this command alone. */
  readonly expectedHashes: readonly ExpectedHash[];
  /** What the engine needs to find the user's own upstream credentials. */
  readonly credentials: {
    readonly goauth: string;
    readonly directory: string;
    readonly environment: Readonly<Record<string, string>>;
  };
}

/** A file that the command will probably ask: a go.mod, or a whole module. */
export interface ExpectedModule {
  readonly path: string;
  readonly version: string;
  readonly kind: 'mod' | 'zip';
}

/** A proxy engine on a loopback port, answering until it is stopped. */
export interface Engine {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly address: string;
  /** What does not work as it should from the start, in words. */
  readonly notice?: string | undefined;
  summary(): EngineSummary;
  /** What the command waits for, the longest silence first; empty while all goes on. */
  waiting(): readonly WaitingRequest[];
  /** May fetch these before they are asked. */
  expect(modules: readonly ExpectedModule[], isAll: boolean): void;
  /** `isLate`: a limit of the run is over, and what has not come by now is not waited for. */
  stop(isLate?: boolean): Promise<void>;
}

/** An upstream that is silent although the command waits for it. */
export interface WaitingRequest {
  /** Without user info and query. */
  readonly url: string;
  readonly silentMilliseconds: number;
}

export interface EngineSummary {
  readonly modules: number;
  readonly files: number;
  readonly bytesServed: number;
  readonly bytesFetched: number;
  readonly upstreamRequests: number;
  readonly retries: number;
  readonly failures: number;
}

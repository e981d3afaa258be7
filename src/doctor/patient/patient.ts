import type { GoProxyList } from '../../gosettings/index.ts';
import type { ProxyAddress } from '../../platform/http/index.ts';
import type { Endpoint } from '../../platform/network/index.ts';

/** Everything about this machine and repository that the probes look at, read once. */
export interface Patient {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly deep: boolean;
  /** What each time limit is multiplied with; 1 fits an ordinary network. */
  readonly patience: number;
  readonly go: GoFacts;
  readonly proxies: GoProxyList | undefined;
  /** Why GOPROXY cannot be read. */
  readonly proxiesProblem: string | undefined;
  readonly module: ModuleFacts | undefined;
  /** Why the go.mod file cannot be read. */
  readonly moduleProblem: ModuleProblem | undefined;
  /** What module proxies are asked for. */
  readonly sample: Sample;
  /** A go.sum is there, so that the checksum database is only asked for what is new. */
  readonly hasSums: boolean;
  /** Requirements that `go` fetches from where they live. */
  readonly privateModules: readonly SampleModule[];
  readonly resolver: ResolverFacts;
  readonly targets: readonly Target[];
  readonly written: readonly WrittenSetting[];
}

export interface GoFacts {
  /** `go1.26.8`, undefined without a `go` command. */
  readonly version: string | undefined;
  readonly values: ReadonlyMap<string, string>;
  /** Where a value comes from: `environment`, a file, `default`. */
  readonly origins: ReadonlyMap<string, string>;
  /** Why `go` could not be asked. */
  readonly problem: string | undefined;
}

export interface ModuleFacts {
  readonly file: string;
  readonly path: string;
  readonly goLine: string | undefined;
  readonly toolchainLine: string | undefined;
  /** The first of each kind of line that not every Go can read. */
  readonly newerDirectives: readonly DirectiveFact[];
  readonly requires: readonly SampleModule[];
}

export interface DirectiveFact {
  /** `tool`, `godebug` */
  readonly name: string;
  readonly line: number;
  /** The first Go that knows it: `1.24`. */
  readonly since: string;
}

export interface ModuleProblem {
  readonly file: string;
  readonly text: string;
  readonly line: number | undefined;
  readonly isConflict: boolean;
}

export interface SampleModule {
  readonly path: string;
  readonly version: string;
}

export interface Sample extends SampleModule {
  /** It is required here, so that a proxy without it breaks the build. */
  readonly isRequired: boolean;
}

export interface ResolverFacts {
  readonly file: string;
  readonly servers: readonly Endpoint[];
  readonly search: readonly string[];
  readonly dots: number;
  readonly options: readonly string[];
  /** Named by the user instead of the file. */
  readonly isGiven: boolean;
}

/** A server that a build needs. */
export interface Target {
  /** Its origin: `https://proxy.example.com`. */
  readonly url: string;
  readonly endpoint: Endpoint;
  readonly isSecure: boolean;
  /** How it is reached when not directly. */
  readonly via: ProxyAddress | undefined;
  /** `GOPROXY`, `GOSUMDB` */
  readonly setting: string;
  /** Builds fail without it; others are only asked when something before them fails. */
  readonly isNeeded: boolean;
}

/** A Go setting that a file of the repository has. */
export interface WrittenSetting {
  readonly name: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

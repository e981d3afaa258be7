import type { DoctorOptions, DoctorReport } from '../doctor/index.ts';
import type { DiagnosedLog } from '../failures/index.ts';
import type { Surroundings } from '../go-environment/index.ts';
import type { FixedManifests } from '../manifest/index.ts';
import type { ModuleCache, ModuleFilter } from '../modcache/index.ts';
import type { BuildSystemName } from '../guard/reporting/index.ts';
import type { CredentialRequest } from '../guard/surroundings/index.ts';
import type { StoreCare } from '../proxy/index.ts';
import type { Terminal } from './terminal.ts';

/** A setting that `serve` and other commands offer as a flag. */
export interface SettingFlag {
  /** `--max-store-size` */
  readonly flag: string;
  /** What stands behind the flag; a switch has none. */
  readonly placeholder: string | undefined;
  readonly description: string;
  readonly repeatable: boolean;
  readonly commands: readonly string[];
}

/** What the user wrote on the command line, unread. */
export interface WrittenSettings {
  /** By flag without its dashes: each value in order. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
  /** `--config FILE` */
  readonly file: string | undefined;
}

export interface DescribedValue {
  readonly key: string;
  readonly value: string;
  readonly origin: string;
}

/** What a configuration must say of itself to be shown here. */
export interface Described {
  readonly files: readonly string[];
  readonly notices: readonly string[];
}

/** What one step of starting up found, for the person who waits. */
export interface StartupFact {
  readonly ok: boolean;
  /** `store`, `upstream proxy.example.com` */
  readonly name: string;
  readonly text: string;
}

/** How a server tells the person who started it what happens. */
export interface ServeVoice {
  /** Once connections are accepted: `http://127.0.0.1:8080`, without a slash at the end. */
  listening(url: string): void;
  /** What was tried to show that it works. */
  ready(facts: readonly StartupFact[]): void;
  /** A line for people, on stderr. */
  say(text: string): void;
  /** Draws the live view anew. */
  show(now: ServiceSnapshot): void;
}

/** What the live view shows. Counts are since the start. */
export interface ServiceSnapshot {
  readonly address: string;
  readonly uptimeSeconds: number;
  /** By cache outcome; `failed` are those with status 500 and above, whatever their outcome. */
  readonly requests: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly level: string;
  readonly reason: string;
  readonly upstreams: readonly WatchedUpstream[];
  /** The newest first. */
  readonly failures: readonly WatchedFailure[];
}

export interface WatchedUpstream {
  readonly name: string;
  readonly state: string;
  readonly p50Milliseconds: number | undefined;
  readonly p95Milliseconds: number | undefined;
  readonly errorRatio: number;
  readonly lastFailure: string | undefined;
  /** RFC 3339. */
  readonly nextProbe: string | undefined;
}

export interface WatchedFailure {
  /** RFC 3339. */
  readonly time: string;
  readonly status: number;
  readonly path: string;
  readonly cause: string | undefined;
}

export interface ServeOptions<C> {
  /** Reads the configuration once more, from the same flags. */
  readonly loadAgain: () => Promise<C>;
  /** Ask one thing through the new server, and say how it went. */
  readonly tryIt: boolean;
  /** Show how it is, every second, until it stops. */
  readonly watch: boolean;
}

/** What `run` does before, after and instead of waiting. */
export interface RunFlow {
  readonly timeoutMilliseconds: number | undefined;
  readonly stallTimeoutMilliseconds: number | undefined;
  readonly stallNoticeMilliseconds: number | undefined;
  readonly killAfterMilliseconds: number | undefined;
  readonly downloadFirst: boolean;
  readonly retryCommand: number;
}

/** What is told of a run, and what surrounds its command. */
export interface RunReporting {
  readonly summaryFile: string | undefined;
  readonly metricsFile: string | undefined;
  readonly dotenvFile: string | undefined;
  readonly junitFile: string | undefined;
  readonly reportDirectory: string | undefined;
  readonly logFile: string | undefined;
  readonly logBytes: number;
  /** Undefined is what suits the place. */
  readonly heartbeatMilliseconds: number | 'off' | undefined;
  readonly buildSystem: BuildSystemName | 'auto';
  /** A file, or `off`; undefined is what suits the place. */
  readonly history: string | undefined;
  readonly job: string | undefined;
  readonly stage: string | undefined;
  readonly requiredVariables: readonly string[];
  readonly credentials: readonly CredentialRequest[];
  readonly verifyOffline: boolean;
}

export interface RunRequest<C> {
  readonly configuration: C;
  /** Untouched, with everything behind the first word; never empty. */
  readonly command: readonly string[];
  readonly quiet: boolean;
  readonly reporting: RunReporting;
  readonly flow: RunFlow;
  /** Whether its stderr may be read, to say why it failed. */
  readonly diagnose: boolean;
  readonly classifyExit: boolean;
  /** Whether the cause of a failure may be looked at again. */
  readonly confirm: boolean;
}

/** Which manifests, and what may be written. */
export interface LintRequest {
  readonly paths: readonly string[];
  readonly fix: boolean;
  readonly lastResort: boolean;
  readonly tidy: boolean;
}

/** One log to read, or what a server recorded of one trace. */
export type DiagnoseRequest =
  | {
      /** A path; `-` is stdin. */
      readonly file: string;
      readonly goVersion: string | undefined;
    }
  | { readonly trace: string; readonly server: string };

/** One visit of the doctor, in the directory and environment of the program. */
export type DoctorRequest = Omit<DoctorOptions, 'directory' | 'environment'>;

/** Whose store: that of a server, through its API, or a directory that no server works on. */
export type StoreTarget<C> =
  | { readonly kind: 'server'; readonly url: string }
  | {
      readonly kind: 'directory';
      readonly configuration: C;
      /** What only looks may look beside a server. */
      readonly changes: boolean;
      /** `gc`, for the hint what to type instead. */
      readonly command: string;
    };

/** Whose module cache, and which of its modules. */
export interface ModuleCacheTarget {
  /** That of the `go` on PATH when left out. */
  readonly directory: string | undefined;
  /** All when empty. */
  readonly only: readonly ModuleFilter[];
}

/** Everything that the command line needs from the rest of the program; C is its configuration. */
export interface CommandLineNeeds<C extends Described> {
  readonly terminal: Terminal;
  readonly version: VersionFacts;
  readonly settingFlags: readonly SettingFlag[];
  readonly loadConfiguration: (written: WrittenSettings) => Promise<C>;
  readonly describeConfiguration: (configuration: C) => readonly DescribedValue[];
  /** Reads the files that settings name: throws what would keep `serve` from starting or clients from it, gives what to know. */
  readonly checkFiles: (configuration: C) => Promise<readonly string[]>;
  /** `30s` in milliseconds; throws a ProgramError. */
  readonly parseDuration: (text: string, flag: string) => number;
  /** `16MiB` in bytes; throws a ProgramError. */
  readonly parseSize: (text: string, flag: string) => number;
  /** Until it is told to stop; gives the exit code. */
  readonly serve: (
    configuration: C,
    options: ServeOptions<C>,
    voice: ServeVoice,
  ) => Promise<number>;
  readonly run: (request: RunRequest<C>) => Promise<number>;
  /** Throws a ProgramError when there is nothing to read. */
  readonly diagnose: (request: DiagnoseRequest) => Promise<DiagnosedLog>;
  readonly lint: (request: LintRequest) => Promise<FixedManifests>;
  readonly doctor: (request: DoctorRequest) => Promise<DoctorReport>;
  /** A report that an earlier visit wrote. */
  readonly readReportFile: (path: string) => Promise<string>;
  /** The Go settings of this directory. */
  readonly readGoEnvironment: () => Promise<Surroundings>;
  /** Finds a module cache and lets it be used. */
  readonly withModuleCache: <T>(
    target: ModuleCacheTarget,
    use: (cache: ModuleCache) => Promise<T>,
  ) => Promise<T>;
  /** Opens a store, lets it be used, and closes it. Progress comes as often as a person reads. */
  readonly withStore: <T>(
    target: StoreTarget<C>,
    use: (care: StoreCare) => Promise<T>,
  ) => Promise<T>;
}

export interface VersionFacts {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly architecture: string;
}

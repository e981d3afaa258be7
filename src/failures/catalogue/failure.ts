import type { Finding } from '../../finding/index.ts';

/** The rows of the catalogue; `hand-over` is what never is a failure of the dependency step. */
export type FailureClass =
  | 'dns'
  | 'tcp'
  | 'tls'
  | 'forward-proxy'
  | 'transfer'
  | 'module-proxy'
  | 'checksum-database'
  | 'go-sum'
  | 'own-files'
  | 'versions'
  | 'version-control'
  | 'toolchain'
  | 'machine'
  | 'surroundings'
  | 'hand-over';

export type Retry = NonNullable<Finding['retry']>;
export type Owner = NonNullable<Finding['owner']>;

/** What the text alone does not say, and what would settle it. */
export type ContextNeed =
  | 'go-version'
  | 'target'
  | 'exit-code'
  | 'server-text'
  | 'module'
  | 'repetition'
  | 'environment';

/** Who was being asked when it went wrong. */
export type TargetKind =
  | 'module-proxy'
  | 'checksum-database'
  | 'vanity-host'
  | 'git-host'
  | 'forward-proxy'
  | 'registry'
  | 'toolchain'
  | 'unknown';

export type Elsewhere = Readonly<Partial<Record<TargetKind, string>>>;

/** One way in which a failure is written down. */
export interface Form {
  /** Lower-case literals, one of which is in the line: how lines are found at all. No pattern is tried elsewhere. */
  readonly phrases: readonly string[];
  /** What the line must look like. Bounded repetitions only: logs may be hostile. */
  readonly pattern?: RegExp;
  readonly not?: RegExp;
  /**
   * Whose words: `go` counts fully only where the `go` command speaks, because tests and other
   * programs print the same; `server` are words that a remote machine sent, which count nowhere else.
   */
  readonly said?: 'go' | 'server';
  /** Which Go prints it so, where not all do (reference A2). */
  readonly dialect?: string;
  /** Among several forms in one line the highest wins; 2 unless told. 1: only words; 3: cause and target; 4: overrides. */
  readonly weight?: 1 | 2 | 3 | 4;
  /** Printed also where the build goes on, so that it counts only where nothing else does. */
  readonly isWarning?: true;
  /** The line above says it better, and this one only tells which of several it is. */
  readonly proof?: 'head';
}

/** One cause, as data. The page docs/findings/<id>.md says more. */
export interface Failure {
  readonly id: string;
  readonly class: FailureClass;
  /** One line. */
  readonly title: string;
  /** A sentence or two: what happened. */
  readonly meaning: string;
  readonly owner: Owner;
  readonly retry: Retry;
  /** What to do. */
  readonly remedy: string;
  /** To be typed; `{module}`, `{version}`, `{host}`, `{url}`, `{repository}` are filled in, and without them it is left out. */
  readonly command?: string;
  /** What to look at, to know that it is so. */
  readonly probe: string;
  readonly needs: readonly ContextNeed[];
  /** Ids that look like it. */
  readonly mistakenFor: readonly string[];
  /** How basic it is: a smaller number explains a greater one (reference B3). By class unless told. */
  readonly depth?: number;
  /** What it is called when it happens to somebody else than a module proxy. */
  readonly elsewhere?: Elsewhere;
  readonly forms: readonly Form[];
}

/** What trouble on the way to a host is called, by the host. */
export const onTheWayTo: Elsewhere = {
  'checksum-database': 'sumdb-unreachable',
  'vanity-host': 'vanity-host-unreachable',
  'forward-proxy': 'http-proxy-unreachable',
  registry: 'image-registry-unreachable',
  toolchain: 'toolchain-download-failed',
};

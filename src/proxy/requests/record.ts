import type { HttpStep } from '../../platform/http/index.ts';
import type { Failed } from '../upstream/index.ts';

/** One answered request, as it is kept. */
export interface RequestRecord {
  readonly timeMilliseconds: number;
  readonly trace: string;
  readonly client: string | undefined;
  readonly userAgent: string | undefined;
  readonly method: string;
  /** Below the GOPROXY base. */
  readonly path: string;
  /** `Cofferdam-Cache`. */
  readonly outcome: string;
  readonly status: number;
  readonly bytes: number;
  /** To the end of the answer; of a hit in memory nobody takes the time. */
  readonly milliseconds: number | undefined;
  /** Of what is no success, in one sentence. */
  readonly cause: string | undefined;
  /** Of an upstream's failure, for programs; with status 200 the body was broken off because of it. */
  readonly reason: Failed['reason'] | undefined;
  readonly attempts: readonly RecordedAttempt[];
}

export interface RecordedAttempt {
  readonly span: string;
  readonly upstream: string;
  readonly path: string;
  readonly startedMilliseconds: number;
  readonly outcome: string;
  readonly milliseconds: number;
  readonly phases: Readonly<Partial<Record<HttpStep, number>>>;
}

/** A record as it is read back: with what its path names. */
export interface KeptRecord extends RequestRecord {
  readonly kind: string;
  readonly module: string | undefined;
  readonly version: string | undefined;
}

/** Which records; all that are given must hold. */
export interface RequestFilter {
  readonly trace?: string | undefined;
  readonly module?: string | undefined;
  /** A value of `Cofferdam-Cache`, or `failed` (status 500 and above), or `absent` (404 and 410). */
  readonly outcome?: string | undefined;
  readonly limit: number;
}

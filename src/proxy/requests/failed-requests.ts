import type { Failed } from '../upstream/index.ts';
import type { RequestRecord } from './record.ts';

/** A request of a client that an upstream's failure ended. */
export interface FailedRequest {
  /** Below the GOPROXY base, as the client wrote it. */
  readonly path: string;
  /** With 200 the body was broken off. */
  readonly status: number;
  readonly reason: Failed['reason'];
  /** In one sentence. */
  readonly cause: string;
}

export interface FailedRequests {
  add(record: RequestRecord): void;
  /** The oldest first. */
  list(): readonly FailedRequest[];
}

/** A build whose every module fails tells some hundreds; each takes less than two kilobytes. */
const MOST = 1000;

/** Whoever runs one command asks at its end why it failed, and has no record in a database. */
export function createFailedRequests(): FailedRequests {
  const failed: FailedRequest[] = [];
  return {
    add({ path, status, reason, cause = '' }) {
      if (reason === undefined) return;
      failed.push({ path, status, reason, cause });
      if (failed.length > MOST) failed.shift();
    },
    list: () => failed.slice(),
  };
}

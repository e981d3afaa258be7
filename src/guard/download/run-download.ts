import { isProgramError } from '../../platform/index.ts';
import type { Clock, Processes, Random } from '../../platform/index.ts';
import type { FailureReader, FailureReport } from '../failure-reader.ts';
import { RETRY_LIMITS, isTransient, retryWait } from '../retry-plan.ts';
import type { RunRecord } from '../run-events.ts';

export interface DownloadNeeds {
  readonly processes: Pick<Processes, 'run'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly record: RunRecord;
  readonly readFailure: () => FailureReader;
}

export interface DownloadRequest {
  /** The `go list` of the plan. */
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Aborts when the run is to end. */
  readonly signal: AbortSignal;
}

export type DownloadResult =
  | { readonly kind: 'done' | 'stopped' }
  | {
      readonly kind: 'failed';
      /** What `go` said, and the code that it ended with; undefined where it gave none. */
      readonly stderr: Buffer;
      readonly code: number | undefined;
      readonly report: FailureReport | undefined;
      /** Worth another try, but for the tries that it had. */
      readonly isTransient: boolean;
    };

type Failed = Extract<DownloadResult, { kind: 'failed' }>;

/** `go` tells of each module, and of each package that it could not load. */
const MOST_OUTPUT_BYTES = 16 * 1024 * 1024;
/** The run's own limits end it earlier; a day is nobody's download. */
const LONGEST_MILLISECONDS = 86_400_000;

/**
 * Fetches what the command will need, and tries again what may pass. Unlike the command itself this may be
 * repeated without asking: it changes nothing but the module cache.
 */
export async function runDownload(
  needs: DownloadNeeds,
  request: DownloadRequest,
): Promise<DownloadResult> {
  const { clock, record } = needs;
  const began = clock.monotonicMilliseconds();
  for (let attempt = 1; ; attempt += 1) {
    const end = record.begin('download', attempt);
    const result = await tryOnce(needs, request);
    if (result.kind !== 'failed') {
      end(result.kind);
      return result;
    }
    const because = result.report?.findings[0]?.code;
    end('failed', because);
    const spent = clock.monotonicMilliseconds() - began;
    if (
      !result.isTransient ||
      attempt >= RETRY_LIMITS.downloadAttempts ||
      spent > RETRY_LIMITS.downloadMilliseconds
    ) {
      return result;
    }
    const waitMilliseconds = retryWait(needs.random, attempt);
    record.retry({ phase: 'download', attempt, waitMilliseconds, because: because ?? 'unknown' });
    try {
      await clock.sleep(waitMilliseconds, request.signal);
    } catch {
      return { kind: 'stopped' };
    }
  }
}

async function tryOnce(needs: DownloadNeeds, request: DownloadRequest): Promise<DownloadResult> {
  const { command, directory, environment, signal } = request;
  try {
    const { code, stderr } = await needs.processes.run(command, {
      directory,
      environment,
      timeoutMilliseconds: LONGEST_MILLISECONDS,
      maximumOutputBytes: MOST_OUTPUT_BYTES,
      signal,
    });
    if (code === 0) return { kind: 'done' };
    const reader = needs.readFailure();
    reader.write(stderr);
    const report = reader.end();
    return { kind: 'failed', stderr, code, report, isTransient: isTransient(report) };
  } catch (error) {
    if (signal.aborted) return { kind: 'stopped' };
    // It could not be started, or said too much: the command itself will tell.
    if (isProgramError(error) && error.kind !== 'bug') return unknownFailure();
    throw error;
  }
}

function unknownFailure(): Failed {
  const stderr = Buffer.alloc(0);
  return { kind: 'failed', stderr, code: undefined, report: undefined, isTransient: false };
}

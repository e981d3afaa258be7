import type { ReadableFile } from '../platform/index.ts';
import { formatHttpDate } from '../platform/http/index.ts';
import type { Answered } from './answered.ts';
import type { ArtifactRequest } from './artifact-request.ts';
import type { Artifact } from './artifact.ts';
import { CACHE_CONTROL, CONTENT_TYPES } from './protocol/index.ts';
import { sendStored } from './send-stored.ts';

export interface PendingAnswersNeeds {
  /** What waits for a checksum database; `settled` when it just ceased to wait. */
  readonly openPending: (key: string) => Promise<ReadableFile | 'settled' | undefined>;
}

/** Answers with bytes that came while no checksum database could be reached, and says so. */
export function createPendingAnswers(
  needs: PendingAnswersNeeds,
): (request: ArtifactRequest) => Promise<Answered | 'settled' | undefined> {
  return async ({ exchange, artifact, trace }) => {
    const file = await needs.openPending(artifact.key);
    if (file === undefined || file === 'settled') {
      return file;
    }
    try {
      const { size, modifiedMilliseconds } = file.status;
      const modified = Math.trunc(modifiedMilliseconds);
      const validators = {
        etag: `"pending-${size.toString(16)}-${modified.toString(16)}"`,
        lastModified: formatHttpDate(modified),
      };
      const facts = { headers: pendingHeaders(artifact), validators, trace };
      const stored = {
        size,
        read: async (buffer: Uint8Array, position: number) => file.read(buffer, position),
        close: async () => undefined,
      };
      const status = await sendStored(exchange, stored, facts, async () => undefined);
      return status === 'unreadable' ? undefined : { status, outcome: 'hit', bytes: size };
    } finally {
      await file.close();
    }
  };
}

/** Nobody on the way may remember what may turn out to be wrong. */
export function pendingHeaders(artifact: Artifact): string[] {
  return [
    'Content-Type',
    CONTENT_TYPES[artifact.kind],
    'Cache-Control',
    CACHE_CONTROL.none,
    'Accept-Ranges',
    'bytes',
    'Cofferdam-Verified',
    'pending',
    ...(artifact.isPrivate ? ['Vary', 'Authorization'] : []),
  ];
}

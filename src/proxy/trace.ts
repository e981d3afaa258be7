import type { Random } from '../platform/index.ts';

/**
 * W3C trace ids: the caller's own where it sends `traceparent`, else one of ours. Ours are a random
 * half that belongs to this process and a counter: unique, and free of cost on the hit path.
 */
export function createTraceIds(random: Random): (traceparent: string | undefined) => string {
  const prefix = random.bytes(8).toString('hex');
  let count = random.bytes(4).readUInt32BE();
  return (traceparent) => {
    const given = traceparent === undefined ? undefined : readTraceId(traceparent);
    if (given !== undefined) {
      return given;
    }
    count += 1;
    return prefix + count.toString(16).padStart(16, '0');
  };
}

/** `version-traceid-parentid-flags` (W3C Trace Context, section 3.2). */
function readTraceId(traceparent: string): string | undefined {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/u.exec(traceparent);
  return match?.[1] === '0'.repeat(32) ? undefined : match?.[1];
}

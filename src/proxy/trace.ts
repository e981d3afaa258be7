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

/** Span ids, made the same way. */
export function createSpanIds(random: Random): () => string {
  const prefix = random.bytes(4).toString('hex');
  let count = random.bytes(4).readUInt32BE();
  return () => {
    count = (count + 1) % 2 ** 32;
    return prefix + count.toString(16).padStart(8, '0');
  };
}

/** The caller's own span. */
export function parentOf(traceparent: string | undefined): string | undefined {
  return traceparent === undefined ? undefined : read(traceparent)?.parent;
}

function readTraceId(traceparent: string): string | undefined {
  return read(traceparent)?.trace;
}

/**
 * `version-traceid-parentid-flags` (W3C Trace Context, section 3.2). Version ff and ids of zeros are
 * invalid, and then nothing of the header counts; later versions may go on after another dash.
 */
function read(
  traceparent: string,
): { readonly trace: string; readonly parent: string } | undefined {
  const match = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/u.exec(
    traceparent,
  );
  const [, version, trace = '', parent = '', rest] = match ?? [];
  const isValid = match !== null && !/^0+$/u.test(trace) && !/^0+$/u.test(parent);
  return isValid && (version !== '00' || rest === undefined) ? { trace, parent } : undefined;
}

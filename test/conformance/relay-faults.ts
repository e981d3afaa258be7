import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** What happens to a share of the requests that pass a relay. */
export interface RelayFault {
  readonly kind: 'status' | 'reset' | 'cut' | 'latency';
  readonly share: number;
}

export interface RelayFaults {
  /** For the next request of this path. */
  next(path: string): RelayFault['kind'] | undefined;
  readonly met: () => number;
}

const LATENCY_MILLISECONDS = 200;
/** A reset overtakes bytes that the other side has not read yet; this lets them arrive. */
const RESET_PAUSE_MILLISECONDS = 20;

/**
 * Which requests are met depends on the seed, the path and how often that path was asked, and not on the order in which
 * scripts that run at the same time happen to ask: so a failure can be played again.
 */
export function createRelayFaults(fault: RelayFault, seed: number): RelayFaults {
  const asked = new Map<string, number>();
  let met = 0;
  return {
    next(path) {
      const turn = (asked.get(path) ?? 0) + 1;
      asked.set(path, turn);
      const hash = createHash('sha256').update(`${seed}\n${path}\n${turn}`).digest();
      if (hash.readUInt32BE() / 2 ** 32 >= fault.share) return undefined;
      met += 1;
      return fault.kind;
    },
    met: () => met,
  };
}

/** Resolves once the answer may be given as usual; false when the fault already gave one. */
export async function sufferBefore(
  kind: RelayFault['kind'] | undefined,
  answer: ServerResponse,
): Promise<boolean> {
  if (kind === 'latency') await pause(LATENCY_MILLISECONDS);
  if (kind !== 'status') return true;
  answer
    .writeHead(503, { 'content-type': 'text/plain; charset=utf-8' })
    .end('relay: one of the failures that were asked for\n');
  return false;
}

/** Half of the body, then a reset, or an end before the promised length. */
export async function breakInside(
  kind: 'reset' | 'cut',
  answer: ServerResponse,
  body: Buffer,
): Promise<void> {
  const half = body.subarray(0, Math.floor(body.length / 2));
  const { promise, resolve } = Promise.withResolvers<void>();
  answer.flushHeaders();
  answer.write(half, () => resolve());
  answer.once('close', resolve);
  await promise;
  if (kind === 'cut') {
    answer.socket?.destroySoon();
    return;
  }
  await pause(RESET_PAUSE_MILLISECONDS);
  answer.socket?.resetAndDestroy();
}

import type { Clock, Meter, Random } from '../../platform/index.ts';
import { headerOf } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import type { Level } from '../health/index.ts';
import { createProxyCounts } from '../proxy-counts.ts';
import { createTrails } from '../requests/index.ts';
import type { RequestRecord } from '../requests/index.ts';
import { isConditional, sendHot } from '../send-hot.ts';
import { createMemoryTier } from '../storage/index.ts';
import { tellLevel } from '../tell-level.ts';
import { createSpanIds, createTraceIds } from '../trace.ts';
import { createHitRecords } from './hit-records.ts';
import { readKept } from './kept-answer.ts';
import type { HeadList } from './kept-answer.ts';

/** Answers from its memory as the engine would; everything else it leaves to the engine. */
export interface Front {
  /** Answers when it can; else false, and nothing was done. */
  answer(exchange: Exchange): boolean;
  /** A place for what the engine will answer; undefined when nobody is to keep it. */
  place(exchange: Exchange): Place | undefined;
  /** One path, or everything: its bytes are right no longer. */
  forget(path: string | undefined): void;
  /** How far the service is degraded from now on. */
  setLevel(level: Level): void;
  /** Hits since the last time, for the engine's record. */
  takeRecords(): readonly RequestRecord[];
}

/** For one answer that is on its way. Every place is kept or left. */
export interface Place {
  /** Where its body goes when the engine wants it kept and there is room. */
  accept(status: number, head: HeadList): Buffer | undefined;
  /** The buffer is full. */
  keep(): void;
  leave(): void;
}

export interface FrontNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly meter: Pick<Meter, 'counter' | 'histogram'>;
}

export interface FrontSettings {
  readonly memoryBytes: number;
  readonly level: Level;
}

/** As many as the engine's own record takes (REQUEST_LOG_LIMITS): it would drop the others. */
const RECORDS = { burst: 5000, perSecond: 500 };
/** Bodies on their way into memory, all together: the engine sends them from its own at once. */
const ARRIVING_BYTES = 32 * 1024 * 1024;

/** One answer on its way. */
interface Arriving {
  isWanted: boolean;
}

export function createFront(needs: FrontNeeds, settings: FrontSettings): Front {
  const { clock } = needs;
  let memory = createMemoryTier({ maximumBytes: settings.memoryBytes });
  let { level } = settings;
  const counts = createProxyCounts(needs.meter);
  const records = createHitRecords(needs, RECORDS);
  const traceOf = createTraceIds(needs.random);
  const trails = createTrails({
    clock,
    spans: createSpanIds(needs.random),
    hit: records.add,
    ended: records.add,
    sink: undefined,
  });
  const arriving = new Map<string, Arriving>();
  let arrivingBytes = 0;

  function placeFor(path: string): Place {
    const own: Arriving = { isWanted: true };
    let kept: ReturnType<typeof readKept>;
    let body: Buffer | undefined;
    arriving.set(path, own);

    function leave(): void {
      if (arriving.get(path) === own) arriving.delete(path);
      arrivingBytes -= body?.length ?? 0;
      body = undefined;
    }

    return {
      accept(status, head) {
        kept = readKept(status, head);
        const isFitting =
          kept !== undefined &&
          kept.length <= memory.maximumEntryBytes &&
          arrivingBytes + kept.length <= ARRIVING_BYTES;
        if (kept === undefined || !isFitting) {
          leave();
          return undefined;
        }
        body = Buffer.allocUnsafeSlow(kept.length);
        arrivingBytes += body.length;
        return body;
      },
      keep() {
        if (own.isWanted && kept !== undefined && body !== undefined) {
          memory.put(path, { ...kept.entry, body });
        }
        leave();
      },
      leave,
    };
  }

  return {
    answer(asked) {
      const hot = memory.get(asked.path);
      if (hot === undefined) {
        return false;
      }
      const exchange = tellLevel(asked, level);
      const trace = traceOf(headerOf(exchange, 'traceparent'));
      const began = counts.isSampled() ? clock.monotonicMilliseconds() : undefined;
      const status = sendHot(exchange, hot, 'hit', trace);
      counts.hit(hot, began === undefined ? undefined : clock.monotonicMilliseconds() - began);
      trails.hit(exchange, hot, status, trace);
      return true;
    },
    place({ method, path, headers }) {
      const isPlain = method === 'GET' && !isConditional({ headers });
      // One at a time: others pass through beside it.
      return isPlain && !arriving.has(path) ? placeFor(path) : undefined;
    },
    forget(path) {
      if (path === undefined) {
        memory = createMemoryTier({ maximumBytes: settings.memoryBytes });
        for (const one of arriving.values()) one.isWanted = false;
        return;
      }
      memory.delete(path);
      const one = arriving.get(path);
      if (one !== undefined) one.isWanted = false;
    },
    setLevel(next) {
      level = next;
    },
    takeRecords: records.take,
  };
}

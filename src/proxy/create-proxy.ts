import { answerRoute, refuse } from './answer-route.ts';
import type { ExpectedModule } from './look-ahead/index.ts';
import { headerOf } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import type { OverrideWish, UpstreamsSnapshot } from './health/index.ts';
import { createParentFailures } from './parent-failures.ts';
import { parseRoute } from './protocol/index.ts';
import { createProxyCounts } from './proxy-counts.ts';
import type { ProxySummary } from './proxy-counts.ts';
import type { FailedRequest, KeptRecord, RequestFilter, RequestRecord } from './requests/index.ts';
import { createProxyParts } from './proxy-parts.ts';
import type { ProxyNeeds, ProxySettings } from './proxy-settings.ts';
import { sendHot } from './send-hot.ts';
import { createStoreCare } from './store-care.ts';
import type { StoreCare } from './store-care.ts';
import type { HotEntry } from './storage/index.ts';
import { tellLevel } from './tell-level.ts';
import { createRequestTracing } from './request-tracing.ts';
import { createWaitingClients } from './waiting-clients.ts';
import type { Waiting } from './waiting-clients.ts';

/** The engine: answers GOPROXY requests, whoever mounts it. */
export interface Proxy {
  /** Never throws; an answer has been or is being written. */
  handle(exchange: Exchange): void;
  summary(): ProxySummary;
  /** Answered requests that were recorded, the newest first. */
  requests(filter: RequestFilter): Promise<readonly KeptRecord[]>;
  /** The last requests that could not be answered, the newest first. */
  failures(): readonly RequestRecord[];
  /** What clients asked and could not have because of upstreams, the oldest first. */
  failedRequests(): readonly FailedRequest[];
  /** Upstreams from which nothing comes while a client waits for them, the longest silence first. */
  waiting(): readonly Waiting[];
  /** Fetches ahead what somebody is about to ask, within the limits of looking ahead. */
  expect(modules: readonly ExpectedModule[], isAll: boolean): void;
  /** How each upstream is, as plain data. */
  upstreams(): UpstreamsSnapshot;
  /**
   * Holds an upstream up or down by hand, whatever is measured; `auto` takes that back. It ends by
   * itself after the time. False when there is no upstream of that name.
   */
  overrideUpstream(name: string, wish: OverrideWish, forMilliseconds: number): boolean;
  /**
   * The kind of what is in memory under this path with this ETag; its bytes never change, unless
   * `forgotten` says so. For processes that keep copies.
   */
  keptAs(path: string, etag: string): HotEntry['kind'] | undefined;
  /** Hits that other processes answered from such copies. */
  recorded(hits: readonly RequestRecord[]): void;
  /** Why what is fetched is not stored at the moment; undefined while it is. */
  storeProblem(): string | undefined;
  /** What people can ask of the store. */
  readonly store: StoreCare;
  /** Mends in the background what a process that died on this store left undone. */
  repair(): Promise<void>;
  /** Tells the database in the background what the journal knows, when the database was lost. */
  restoreFacts(): Promise<void>;
  /** Starts what the first download would have to wait for otherwise. */
  warmUp(): Promise<void>;
  /** Lets fills and commits end until the signal aborts, then closes what it opened. */
  close(signal: AbortSignal): Promise<void>;
}

export function createProxy(needs: ProxyNeeds, settings: ProxySettings): Proxy {
  const { clock } = needs;
  const counts = createProxyCounts(needs.meter);
  const tracing = createRequestTracing(needs, settings);
  const { traceOf, trails, scope, logger } = tracing;
  const instance = `cofferdam-${needs.random.bytes(6).toString('hex')}`;
  const parts = createProxyParts({ ...needs, ...tracing.ports }, settings, counts, instance);
  const { memory } = parts;
  if (settings.budget !== undefined && settings.upkeepWhenAsked !== true) parts.upkeep.start();
  const routing = { offline: settings.offline, instance };
  const parentFailures = createParentFailures();

  const clients = createWaitingClients(clock, tracing.open);
  needs.meter.observe(
    'cofferdam_requests_in_flight',
    'Requests that are being answered, but for hits in memory.',
    () => clients.count,
  );
  needs.meter.observe(
    'cofferdam_memory_tier_bytes',
    'Bytes of the memory tier in use.',
    () => memory.bytes,
  );

  async function answerSlowly(exchange: Exchange, trace: string): Promise<void> {
    const route = parseRoute(exchange.path);
    const started = clock.monotonicMilliseconds();
    const trail = trails.begin(exchange, trace);
    const ended = parentFailures.begin(exchange.client, route);
    const answered = await scope
      .run(trail, async () => answerRoute(parts, routing, exchange, route, trace))
      .catch((error: unknown) => {
        ended();
        throw error;
      });
    const kind = route.kind === 'artifact' ? route.artifact : route.kind;
    const seconds = (clock.monotonicMilliseconds() - started) / 1000;
    counts.answered(kind, answered, seconds);
    trails.end(trail, exchange, kind, answered, seconds);
    if (route.kind === 'artifact' && answered.status < 400 && answered.reason === undefined) {
      counts.served(`${route.path}@${route.version}`);
    }
    const { status, outcome: cache, cause } = answered;
    const fields = { trace, kind, path: exchange.path, seconds, status, cache };
    if (status < 500) {
      logger.debug('answered', fields);
      ended();
    } else {
      ended((level) => logger[level]('a request could not be answered', { ...fields, cause }));
    }
  }

  return {
    handle(asked) {
      const exchange = tellLevel(asked, parts.health.level());
      const trace = traceOf(headerOf(exchange, 'traceparent'));
      if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
        refuseMethod(exchange, trace);
        return;
      }
      const hot = memory.get(exchange.path);
      if (hot !== undefined) {
        const began = counts.isSampled() ? clock.monotonicMilliseconds() : undefined;
        const status = sendHot(exchange, hot, 'hit', trace);
        counts.hit(hot, began === undefined ? undefined : clock.monotonicMilliseconds() - began);
        trails.hit(exchange, hot, status, trace);
        if (hot.firstUse !== undefined) {
          tellFirstUse(hot, exchange);
        }
        return;
      }
      const leave = clients.begin(exchange.path);
      const answering = answerSlowly(exchange, trace).catch((error: unknown) => {
        logger.error('answering a request failed by our own fault', {
          trace,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
        breakOff(exchange, trace);
      });
      void answering.finally(leave);
    },
    summary: () => counts.summary(),
    requests: tracing.find,
    failures: tracing.failures,
    failedRequests: tracing.failedRequests,
    waiting: clients.waiting,
    expect: (modules, isAll) => {
      parts.lookAhead.expect(modules, isAll);
    },
    upstreams: () => parts.health.snapshot(),
    overrideUpstream: (name, wish, forMilliseconds) =>
      parts.health.override(name, wish, forMilliseconds),
    keptAs(path, etag) {
      const entry = memory.get(path);
      return entry?.etag === etag ? entry.kind : undefined;
    },
    recorded: tracing.recorded,
    storeProblem: parts.storeProblem,
    store: createStoreCare(parts.upkeep, parts.freshness),
    repair: async () => parts.repair(),
    restoreFacts: async () => parts.restoreFacts(),
    warmUp: async () => parts.warmUp(),
    async close(signal) {
      await parts.close(signal);
      await tracing.close();
    },
  };
}

function tellFirstUse(entry: HotEntry, exchange: Exchange): void {
  const told = entry.firstUse;
  entry.firstUse = undefined;
  told?.(exchange.client);
}

function refuseMethod(exchange: Exchange, trace: string): void {
  refuse(exchange, trace, {
    status: 405,
    cause: `the method ${exchange.method.slice(0, 20)} has no meaning here`,
    next: 'a module proxy answers GET and HEAD',
  });
}

/** After our own bug: a status when nothing was sent yet, else a broken connection. */
function breakOff(exchange: Exchange, trace: string): void {
  try {
    refuse(exchange, trace, {
      status: 500,
      cause: 'this proxy failed by a bug of its own',
      next: 'report it with the trace below',
    });
  } catch {
    exchange.reply.destroy();
  }
}

import type {
  Clock,
  Database,
  Files,
  HttpClient,
  Logger,
  Meter,
  Random,
} from '../platform/index.ts';
import { matchesPatterns } from '../gomod/path/index.ts';
import { createAnswerMemory } from './answer-memory.ts';
import { createArtifactAnswers } from './artifact-answers.ts';
import type { Answered } from './answered.ts';
import { createChecksumAnswers } from './checksum-answers.ts';
import { createChecksumSources } from './checksum-sources.ts';
import type { ChecksumDatabase } from './checksum-sources.ts';
import { createChecksumRelay } from './checksum/index.ts';
import { sendRefusal } from './error-answers.ts';
import { endWith, headerOf } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { createFacts } from './facts/index.ts';
import { createFetchOnce } from './fetch-once.ts';
import type { Artifact } from './artifact.ts';
import { createMutableAnswers } from './mutable-answers.ts';
import type { MutableResource } from './mutable-answers.ts';
import { createMutableReplies } from './mutable-replies.ts';
import { parseRoute } from './protocol/index.ts';
import type { Route } from './protocol/index.ts';
import { createProxyCounts } from './proxy-counts.ts';
import type { ProxySummary } from './proxy-counts.ts';
import { sendHot } from './send-hot.ts';
import { createDiskStorage, createMemoryTier } from './storage/index.ts';
import { createTraceIds } from './trace.ts';
import { parseUpstreamList, walkUpstreams } from './upstream/index.ts';
import type { Accept, AskNeeds, Credentials, UpstreamList, WalkAnswer } from './upstream/index.ts';
import { createZipChecker } from './zip/index.ts';

export interface ProxyNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly files: Files;
  readonly http: HttpClient;
  readonly database: Database;
  readonly random: Random;
  readonly meter: Meter;
  /** The user's own, for upstreams that want some. */
  readonly credentials?: Credentials | undefined;
}

export interface ProxySettings {
  /** The store directory (interface.md section 5). */
  readonly store: string;
  /** A directory of this process alone, below the store. */
  readonly scratch: string;
  /** Go's GOPROXY syntax. */
  readonly upstream: string;
  /** The same, asked for private paths only. */
  readonly privateUpstream: string | undefined;
  /** Go's glob list. */
  readonly privatePatterns: string;
  /** Modules that are looked up in no checksum database: the private ones, or GONOSUMDB in `run`. */
  readonly noLookupPatterns: string;
  readonly databases: readonly ChecksumDatabase[];
  readonly offline: boolean;
  /** Bytes of the memory tier. */
  readonly memoryBytes: number;
}

/** The engine: answers GOPROXY requests, whoever mounts it. */
export interface Proxy {
  /** Never throws; an answer has been or is being written. */
  handle(exchange: Exchange): void;
  summary(): ProxySummary;
  /** Lets fills and commits end until the signal aborts, then closes what it opened. */
  close(signal: AbortSignal): Promise<void>;
}

/** Time limits towards upstreams, each with its reason. */
const WALK = {
  /** TCP and TLS over a slow link take a second or two; ten is a dead host. */
  connectMilliseconds: 10_000,
  /** The default mirror gives up on a slow origin after about a minute (golang/go#57185). */
  headersMilliseconds: 75_000,
  /** A link that is silent for this long will not come back by itself. */
  idleMilliseconds: 30_000,
  /** Two more tries heal a blip without keeping a developer waiting on a dead upstream. */
  retries: 2,
  retryBaseMilliseconds: 250,
} as const;

const FETCH_ONCE = {
  /** Nine zips in ten are smaller (median 30 kB); above it the client is fed while the file grows. */
  wholeBytes: 1024 * 1024,
  /** 500 MiB over a 3 Mbit/s line. */
  fillMilliseconds: 30 * 60 * 1000,
  /** 64 fills of a megabyte each are 64 MiB at the very most. */
  simultaneousFills: 64,
} as const;

export function createProxy(needs: ProxyNeeds, settings: ProxySettings): Proxy {
  const { clock, logger, random } = needs;
  const publicList = parseUpstreamList(settings.upstream);
  const privateList =
    settings.privateUpstream === undefined
      ? undefined
      : parseUpstreamList(settings.privateUpstream);
  const counts = createProxyCounts(needs.meter);
  const traceOf = createTraceIds(random);
  const instance = random.bytes(6).toString('hex');
  const walkSettings = { ...WALK, via: `1.1 cofferdam-${instance}` };
  const ask: AskNeeds = { ...needs, count: counts.upstream };

  const storage = createDiskStorage(needs, {
    tree: `${settings.store}/modules`,
    hashes: `${settings.store}/hashes`,
    scratch: settings.scratch,
  });
  const memory = createMemoryTier({ maximumBytes: settings.memoryBytes });
  const facts = createFacts(needs, { journal: `${settings.store}/journal/first-seen.jsonl` });
  const answers = createAnswerMemory({ clock, facts });
  const zips = createZipChecker(needs, {});

  function listFor(path: string): UpstreamList {
    if (!isPrivate(path)) {
      return publicList;
    }
    return privateList ?? { entries: [], end: undefined };
  }

  function isPrivate(path: string): boolean {
    return settings.privatePatterns !== '' && matchesPatterns(settings.privatePatterns, path);
  }

  async function walk<Result>(
    resource: { readonly path: string; readonly key: string },
    via: string | undefined,
    signal: AbortSignal,
    accept: Accept<Result>,
  ): Promise<WalkAnswer<Result>> {
    const question = { key: resource.key, signal, via };
    return walkUpstreams(ask, walkSettings, listFor(resource.path), question, accept);
  }

  const fetchOnce = createFetchOnce(
    {
      clock,
      logger,
      storage,
      zips,
      walk,
      committed: (artifact, known) => {
        counts.stored(known.size);
        const { key, path, version, kind } = artifact;
        facts.artifactStored({ key, path, version, kind, ...known });
      },
      fetched: counts.fetched,
      notStored: (artifact, error) => {
        counts.notStored();
        logger.warn('an artifact was served but could not be stored', {
          key: artifact.key,
          error: error instanceof Error ? error.message : String(error),
        });
      },
    },
    FETCH_ONCE,
  );
  const artifacts = createArtifactAnswers({ clock, storage, memory, answers, fetchOnce });
  const mutable = createMutableReplies({
    clock,
    mutable: createMutableAnswers({ clock, memory: answers, storage, walk }),
  });
  const sources = createChecksumSources(ask, { upstreams: publicList, walk: walkSettings });
  const relay = createChecksumRelay(
    {
      ...needs,
      fetchResource: async (name, resource, signal) => {
        const database = settings.databases.find((one) => one.name === name);
        return sources(database ?? { name, key: undefined, url: undefined }, resource, signal);
      },
    },
    {
      databases: settings.databases,
      directory: `${settings.store}/modules/sumdb`,
      stateDirectory: `${settings.store}/sumdb-state`,
      scratch: settings.scratch,
      offline: settings.offline,
    },
  );
  const checksums = createChecksumAnswers(
    { clock, relay, memory, answers },
    {
      databases: settings.databases.map((database) => database.name),
      noLookupPatterns: settings.noLookupPatterns,
    },
  );

  async function answerSlowly(exchange: Exchange, trace: string): Promise<void> {
    const route = parseRoute(exchange.path);
    const started = clock.monotonicMilliseconds();
    const answered = await answerRoute(exchange, route, trace);
    const kind = route.kind === 'artifact' ? route.artifact : route.kind;
    const seconds = (clock.monotonicMilliseconds() - started) / 1000;
    counts.answered(kind, answered, seconds);
    if (route.kind === 'artifact' && answered.status < 400) {
      counts.served(`${route.path}@${route.version}`);
    }
    const fields = {
      trace,
      kind,
      path: exchange.path,
      status: answered.status,
      cache: answered.outcome,
      seconds,
    };
    if (answered.status >= 500) {
      logger.warn('a request could not be answered', fields);
    } else {
      logger.debug('answered', fields);
    }
  }

  async function answerRoute(exchange: Exchange, route: Route, trace: string): Promise<Answered> {
    const via = headerOf(exchange, 'via');
    if (via?.includes(`cofferdam-${instance}`) === true) {
      return refuse(
        exchange,
        trace,
        508,
        'this proxy is asked by itself: its upstream list leads back to it',
        'take this proxy out of its own --upstream list',
      );
    }
    switch (route.kind) {
      case 'refused':
        return refuse(
          exchange,
          trace,
          route.status,
          route.problem,
          'the paths of a module proxy are in the Go module reference',
        );
      case 'base':
        return greet(exchange, trace);
      case 'checksum':
        return checksums.answer({
          exchange,
          trace,
          resource: route.resource,
          key: route.key,
          reach: reachOf(exchange),
        });
      case 'artifact': {
        const { key, path, version } = route;
        const artifact: Artifact = {
          key,
          path,
          version,
          kind: route.artifact,
          isPrivate: isPrivate(path),
        };
        return artifacts.answer({
          exchange,
          artifact,
          trace,
          via,
          reach: reachFor(exchange, path),
        });
      }
      default: {
        const resource: MutableResource = { kind: route.kind, path: route.path, key: route.key };
        return mutable.answer({
          exchange,
          resource,
          trace,
          via,
          reach: reachFor(exchange, route.path),
        });
      }
    }
  }

  /** A private path that no private upstream serves is answered from the store or not at all. */
  function reachFor(exchange: Exchange, path: string): 'upstreams' | 'cached-only' | 'offline' {
    const reach = reachOf(exchange);
    return reach === 'upstreams' && listFor(path).entries.length === 0 ? 'cached-only' : reach;
  }

  function reachOf(exchange: Exchange): 'upstreams' | 'cached-only' | 'offline' {
    // P-90: the header asks for the cache alone; pkg.go.dev sends it.
    const asked = headerOf(exchange, 'disable-module-fetch');
    if (exchange.mode.cachedOnly || asked?.toLowerCase() === 'true') {
      return 'cached-only';
    }
    return settings.offline ? 'offline' : 'upstreams';
  }

  return {
    handle(exchange) {
      const trace = traceOf(headerOf(exchange, 'traceparent'));
      if (exchange.method === 'GET' || exchange.method === 'HEAD') {
        const hot = memory.get(exchange.path);
        if (hot !== undefined) {
          counts.hit(hot);
          sendHot(exchange, hot, 'hit', trace);
          return;
        }
      } else {
        refuse(
          exchange,
          trace,
          405,
          `the method ${exchange.method.slice(0, 20)} has no meaning here`,
          'a module proxy answers GET and HEAD',
        );
        return;
      }
      answerSlowly(exchange, trace).catch((error: unknown) => {
        logger.error('answering a request failed by our own fault', {
          trace,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
        breakOff(exchange, trace);
      });
    },
    summary: () => counts.summary(),
    async close(signal) {
      await relay.close();
      await fetchOnce.idle(signal);
      await zips.close();
      await storage.close();
      await facts.close();
    },
  };
}

function refuse(
  exchange: Exchange,
  trace: string,
  status: number,
  cause: string,
  next: string,
): Answered {
  return { status: sendRefusal(exchange, { status, cause, next }, trace), outcome: 'bypass' };
}

/** GOAUTH's git mode asks HEAD on the base to see whether credentials work. */
function greet(exchange: Exchange, trace: string): Answered {
  const body = Buffer.from('This is a Go module proxy (Cofferdam). Set GOPROXY to this address.\n');
  exchange.reply.writeHead(200, [
    'Content-Type',
    'text/plain; charset=utf-8',
    'Content-Length',
    String(body.length),
    'Cofferdam-Cache',
    'bypass',
    'Cofferdam-Trace',
    trace,
  ]);
  endWith(exchange, body);
  return { status: 200, outcome: 'bypass' };
}

/** After our own bug: a status when nothing was sent yet, else a broken connection. */
function breakOff(exchange: Exchange, trace: string): void {
  try {
    refuse(
      exchange,
      trace,
      500,
      'this proxy failed by a bug of its own',
      'report it with the trace below',
    );
  } catch {
    exchange.reply.destroy();
  }
}

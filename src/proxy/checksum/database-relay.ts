import type { Clock, Files, Logger } from '../../platform/index.ts';
import { createRareWarning } from '../rare-warning.ts';
import { createLatestAnswers } from './answer-latest.ts';
import { createLookupAnswers, type Lookup } from './answer-lookups.ts';
import { createTileAnswers } from './answer-tiles.ts';
import { createBackgroundWrites } from './background-writes.ts';
import { createHeadStore, type HeadStoreSettings } from './head-store.ts';
import { createPinnedTree } from './pinned-tree.ts';
import { hit, TEXT, type FetchOwn, type RelayAnswer } from './relay-answer.ts';
import { lookupResource, readRecord, type RecordAnswer } from './record-answer.ts';
import type { RelayRequest } from './relay-request.ts';
import type { ReportFinding } from './security-findings.ts';
import { createSingleFlight, waitFor } from './single-flight.ts';
import { createTileFetch } from './tile-fetch.ts';
import { createTileStore } from './tile-store.ts';

export type DatabaseRequest = Extract<
  RelayRequest,
  { readonly kind: 'latest' | 'lookup' | 'tile' }
>;

interface AskOptions {
  readonly cachedOnly: boolean;
  readonly signal: AbortSignal | undefined;
}

export interface DatabaseRelay {
  answer(request: DatabaseRequest, options: AskOptions): Promise<RelayAnswer>;
  /** What the database says of a module version, proven in the pinned tree. */
  record(path: string, version: string, options: AskOptions): Promise<RecordAnswer>;
  headVersion(): number;
  /** Resolves when everything proven is on disk. */
  idle(): Promise<void>;
}

export interface DatabaseRelayNeeds {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly report: ReportFinding;
  readonly fetchResource: FetchOwn;
}

export interface DatabaseRelaySettings extends HeadStoreSettings {
  readonly name: string;
}

/** How one request can be answered. */
interface Ways {
  readonly stored: () => Promise<RelayAnswer | undefined>;
  readonly fetch: () => Promise<RelayAnswer>;
}

/** One database: what is stored is answered from disk, the rest asked once for all who wait. */
export function createDatabaseRelay(
  needs: DatabaseRelayNeeds,
  settings: DatabaseRelaySettings,
): DatabaseRelay {
  const { fetchResource, report, logger, files } = needs;
  const { name } = settings;
  const writes = createBackgroundWrites(needs, settings.scratch);
  const tiles = createTileStore({ files, writes }, settings.directory);
  const fetchTile = createTileFetch(name, fetchResource);
  const heads = createHeadStore(needs, settings);
  const notKept = createRareWarning(needs, 'a checksum database head could not be stored');
  const pinned = createPinnedTree({ name, logger, notKept, writes, heads, tiles, fetchTile });
  const common = { files, writes, tiles, pinned, report, fetchResource, fetchTile };
  const latest = createLatestAnswers(common, settings);
  const lookups = createLookupAnswers(common, settings);
  const tileAnswers = createTileAnswers(common, name);
  const flight = createSingleFlight<RelayAnswer>();

  function waysOf(request: DatabaseRequest): Ways {
    if (request.kind === 'latest') {
      return latest;
    }
    if (request.kind === 'lookup') {
      return { stored: () => lookups.stored(request), fetch: () => lookups.fetch(request) };
    }
    const { resource, tile } = request;
    return {
      stored: () => tileAnswers.stored(tile),
      fetch: () => tileAnswers.fetch(resource, tile),
    };
  }

  /** A proven record may still not say what it was asked for. */
  function readProven(answer: RelayAnswer, lookup: Lookup): RecordAnswer {
    const said = readRecord(answer, lookup);
    if (said.kind === 'contradicted' && answer.kind === 'bytes') {
      const { finding, problem } = said;
      report({ database: name, finding, resource: lookup.resource, problem });
    }
    return said;
  }

  return {
    answer: async (request, { cachedOnly, signal }) => {
      const ways = waysOf(request);
      const here = await ways.stored();
      if (here !== undefined) {
        return here;
      }
      if (cachedOnly) {
        return { kind: 'not-stored' };
      }
      const question = request.kind === 'latest' ? 'latest' : request.resource;
      const { joined, result } = flight.run(question, ways.fetch);
      const answer = await waitFor(result, signal);
      return joined && answer.kind === 'bytes' ? { ...answer, source: 'joined' } : answer;
    },
    record: async (path, version, { cachedOnly, signal }) => {
      const resource = lookupResource(path, version);
      if (resource === undefined) {
        return { kind: 'absent' };
      }
      const lookup = { resource, path, version };
      const here = await lookups.storedProven(lookup);
      if (here !== undefined) {
        return readProven({ ...hit(here, TEXT, 'short'), provenRecord: here }, lookup);
      }
      if (cachedOnly) {
        return { kind: 'unavailable', problem: 'nobody was asked' };
      }
      const { result } = flight.run(resource, () => lookups.fetch(lookup));
      return readProven(await waitFor(result, signal), lookup);
    },
    headVersion: pinned.version,
    idle: writes.idle,
  };
}

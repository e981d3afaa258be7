import type { Clock, Files, Logger } from '../../platform/index.ts';
import { createLookupAnswers } from './answer-lookups.ts';
import { createTileAnswers } from './answer-tiles.ts';
import { createBackgroundWrites } from './background-writes.ts';
import { createHeadStore } from './head-store.ts';
import { createPinnedTree } from './pinned-tree.ts';
import {
  fill,
  hit,
  missing,
  TEXT,
  unbelievable,
  type FetchedResource,
  type RelayAnswer,
} from './relay-answer.ts';
import type { RelayRequest } from './relay-request.ts';
import type { ReportFinding } from './security-findings.ts';
import { openTreeHead, type VerifierKey } from './signed-note.ts';
import { createSingleFlight, waitFor } from './single-flight.ts';
import { createTileFetch } from './tile-fetch.ts';
import { createTileStore } from './tile-store.ts';

export type DatabaseRequest = Extract<
  RelayRequest,
  { readonly kind: 'latest' | 'lookup' | 'tile' }
>;

export interface DatabaseRelay {
  answer(
    request: DatabaseRequest,
    options: { readonly cachedOnly: boolean; readonly signal: AbortSignal | undefined },
  ): Promise<RelayAnswer>;
  headVersion(): number;
  /** Resolves when everything proven is on disk. */
  idle(): Promise<void>;
}

export interface DatabaseRelayNeeds {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly report: ReportFinding;
  fetchResource(resource: string): Promise<FetchedResource>;
}

export interface DatabaseRelaySettings {
  readonly name: string;
  readonly key: VerifierKey | undefined;
  readonly directory: string;
  readonly stateDirectory: string;
  readonly scratch: string;
}

/** One database: what is stored is answered from disk, the rest asked once for all who wait. */
export function createDatabaseRelay(
  needs: DatabaseRelayNeeds,
  settings: DatabaseRelaySettings,
): DatabaseRelay {
  const { fetchResource, report } = needs;
  const { name, key } = settings;
  const writes = createBackgroundWrites(needs, settings.scratch);
  const tiles = createTileStore({ files: needs.files, writes }, settings.directory);
  const fetchTile = createTileFetch(name, fetchResource);
  const pinned = createPinnedTree({
    logger: needs.logger,
    writes,
    heads: createHeadStore(needs, settings),
    tiles,
    fetchTile,
    pinned: (head) => {
      needs.logger.debug('a newer checksum database head is pinned', { name, size: head.size });
    },
  });
  const common = { writes, tiles, pinned, report, fetchResource };
  const lookups = createLookupAnswers({ ...common, files: needs.files }, settings);
  const tileAnswers = createTileAnswers({ ...common, fetchTile }, name);
  const flight = createSingleFlight<RelayAnswer>();

  async function storedHead(): Promise<RelayAnswer | undefined> {
    const head = await pinned.current();
    return head === undefined ? undefined : hit(head.note, TEXT, 'short');
  }

  async function fetchHead(): Promise<RelayAnswer> {
    const fetched = await fetchResource('latest');
    if (fetched.outcome !== 'found') {
      return missing(fetched);
    }
    const opened = openTreeHead(fetched.bytes, key);
    if (!opened.ok) {
      const { problem } = opened;
      if (opened.forged) {
        report({ database: name, finding: 'signature-wrong', resource: 'latest', problem });
      }
      return unbelievable(fetched.upstream, `${name} cannot be believed: ${problem}`);
    }
    if (opened.head.size > 0) {
      const adoption = await pinned.adopt(opened.head, undefined, { mayFetch: true });
      if (adoption.kind === 'inconsistent') {
        const problem = 'its tiles do not hash to its tree head';
        report({ database: name, finding: 'tiles-inconsistent', resource: 'latest', problem });
        return unbelievable(fetched.upstream, `${name} cannot be believed: ${problem}`);
      }
    }
    const head = await pinned.current();
    return fill(head?.note ?? fetched.bytes, TEXT, 'short');
  }

  function stored(request: DatabaseRequest): Promise<RelayAnswer | undefined> {
    switch (request.kind) {
      case 'latest':
        return storedHead();
      case 'lookup':
        return lookups.stored(request);
      case 'tile':
        return tileAnswers.stored(request.tile);
    }
  }

  function fetch(request: DatabaseRequest): Promise<RelayAnswer> {
    switch (request.kind) {
      case 'latest':
        return fetchHead();
      case 'lookup':
        return lookups.fetch(request);
      case 'tile':
        return tileAnswers.fetch(request.resource, request.tile);
    }
  }

  return {
    answer: async (request, { cachedOnly, signal }) => {
      const here = await stored(request);
      if (here !== undefined) {
        return here;
      }
      if (cachedOnly) {
        return { kind: 'not-stored' };
      }
      const question = request.kind === 'latest' ? 'latest' : request.resource;
      const { joined, result } = flight.run(question, () => fetch(request));
      const answer = await waitFor(result, signal);
      return joined && answer.kind === 'bytes' ? { ...answer, source: 'joined' } : answer;
    },
    headVersion: pinned.version,
    idle: writes.idle,
  };
}

import { ProgramError } from '../../platform/index.ts';
import type { Clock, Files, Logger, Meter } from '../../platform/index.ts';
import { createDatabaseRelay, type DatabaseRelay } from './database-relay.ts';
import { parseRelayRequest } from './relay-request.ts';
import type { RecordAnswer } from './record-answer.ts';
import { hit, TEXT, type FetchResource, type Inspect, type RelayAnswer } from './relay-answer.ts';
import { createFindingReporter } from './security-findings.ts';
import { parseVerifierKey } from './signed-note.ts';

export interface ChecksumRelayNeeds {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter?: Meter;
  readonly fetchResource: FetchResource;
}

export interface ChecksumRelaySettings {
  readonly databases: readonly {
    /** May contain a path (P-70). */
    readonly name: string;
    /** `name+hash+base64`; without it consistency is kept but no signature is checked. */
    readonly key?: string | undefined;
  }[];
  /** `<store>/modules/sumdb`: holds only protocol files. */
  readonly directory: string;
  /** `<store>/sumdb-state`: the pinned heads and the list of all that were. */
  readonly stateDirectory: string;
  readonly scratch: string;
  readonly offline: boolean;
}

export interface RelayOptions {
  /** Asks nobody: what is not here is `not-stored`. */
  readonly cachedOnly: boolean;
  /** Ends the waiting; what was begun goes on for others. */
  readonly signal?: AbortSignal | undefined;
}

export interface ChecksumRelay {
  /** `resource` is what follows `sumdb/NAME/`. */
  answer(name: string, resource: string, options: RelayOptions): Promise<RelayAnswer>;
  /** What a database says of a module version, proven; a database without a key vouches for nothing. */
  record(
    name: string,
    module: { readonly path: string; readonly version: string },
    options: RelayOptions,
  ): Promise<RecordAnswer>;
  /** Changes when lookups and `latest` of this database get a newer head. */
  headVersion(name: string): number;
  /** Stops asking and waits until what was proven is on disk. */
  close(): Promise<void>;
}

export function createChecksumRelay(
  needs: ChecksumRelayNeeds,
  settings: ChecksumRelaySettings,
): ChecksumRelay {
  const stopping = new AbortController();
  const report = createFindingReporter(needs);
  const relays = new Map<string, DatabaseRelay>();
  const vouching = new Set<string>();
  for (const { name, key } of settings.databases) {
    checkName(name);
    const verifier = key === undefined ? undefined : parseVerifierKey(key);
    if (verifier !== undefined && verifier.name !== name) {
      throw refused('checksum-key-malformed', 'a checksum database has the key of another', name);
    }
    const relayNeeds = {
      ...needs,
      report,
      fetchResource: (resource: string, inspect: Inspect) =>
        needs.fetchResource(name, resource, stopping.signal, inspect),
    };
    const relaySettings = {
      name,
      key: verifier,
      directory: `${settings.directory}/${name}`,
      stateDirectory: `${settings.stateDirectory}/${name}`,
      scratch: settings.scratch,
    };
    relays.set(name, createDatabaseRelay(relayNeeds, relaySettings));
    if (verifier !== undefined) {
      vouching.add(name);
    }
  }

  return {
    answer: async (name, resource, options) => {
      const relay = relays.get(name);
      if (relay === undefined) {
        return { kind: 'unknown-database' };
      }
      const request = parseRelayRequest(resource);
      if (request.kind === 'malformed') {
        return { kind: 'bad-request', problem: request.problem };
      }
      if (request.kind === 'supported') {
        // Known from the settings, so it is answered at once (P-71: each go process asks).
        return hit(Buffer.alloc(0), TEXT, 'short');
      }
      const cachedOnly = options.cachedOnly || settings.offline;
      return await relay.answer(request, { cachedOnly, signal: options.signal });
    },
    record: async (name, { path, version }, options) => {
      const relay = relays.get(name);
      if (relay === undefined || !vouching.has(name)) {
        return {
          kind: 'unavailable',
          problem: `${name} has no key here, so it vouches for nothing`,
        };
      }
      const cachedOnly = options.cachedOnly || settings.offline;
      return await relay.record(path, version, { cachedOnly, signal: options.signal });
    },
    headVersion: (name) => relays.get(name)?.headVersion() ?? 0,
    close: async () => {
      stopping.abort(new Error('the checksum relay is closing'));
      await Promise.all(Array.from(relays.values(), (relay) => relay.idle()));
    },
  };
}

/** The name becomes a path on disk and in URLs, as it does in Go's module cache. */
function checkName(name: string): void {
  const isClean = name.split('/').every((part) => /^[A-Za-z0-9_~:-][A-Za-z0-9._~:-]*$/.test(part));
  if (!isClean || name.length > 200) {
    throw refused(
      'checksum-name-malformed',
      'a checksum database is named HOST or HOST/PATH',
      name,
    );
  }
}

function refused(code: string, message: string, name: string): ProgramError {
  return new ProgramError({
    code,
    kind: 'bad-input',
    message,
    hint: 'write --sumdb NAME+KEY as go writes GOSUMDB',
    details: { name },
  });
}

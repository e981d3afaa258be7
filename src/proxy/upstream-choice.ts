import { matchesPatterns } from '../gomod/path/index.ts';
import { parseUpstreamList, startProbes, walkUpstreams } from './upstream/index.ts';
import type {
  Accept,
  AskNeeds,
  Begun,
  UpstreamList,
  WalkAnswer,
  WalkSettings,
} from './upstream/index.ts';

export interface UpstreamChoiceSettings {
  /** Go's GOPROXY syntax. */
  readonly upstream: string;
  /** The same, asked for private paths only. */
  readonly privateUpstream: string | undefined;
  /** Go's glob list. */
  readonly privatePatterns: string;
  readonly walk: WalkSettings;
  readonly offline: boolean;
  readonly probeMilliseconds: number;
}

/** What is asked for; only a version's own files may cross a comma. */
export interface WalkedResource {
  readonly path: string;
  readonly key: string;
  readonly kind: string;
  readonly version?: string;
  /** What the upstream of this name sent to an earlier process. */
  readonly begun?: (upstream: string) => Begun | undefined;
}

/** A file of one module version. */
export interface VersionFile {
  readonly path: string;
  readonly key: string;
  readonly version: string;
  readonly kind: 'info' | 'mod' | 'zip';
}

export interface UpstreamChoiceNeeds extends AskNeeds {
  /**
   * True when a verified checksum-database record decides what this file of a public version must be,
   * so that any listed upstream may send it (interface.md, `--upstream`).
   */
  readonly mayCross: (file: VersionFile) => Promise<boolean>;
  /** Whether an upstream lied about this version before: it is then asked last. */
  readonly isQuarantined: (upstream: string, file: VersionFile) => Promise<boolean>;
}

/** Which upstreams may be asked for a module path: a private one never goes to a public upstream. */
export interface UpstreamChoice {
  readonly publicList: UpstreamList;
  /** Ends what watches over unhealthy upstreams. */
  close(): void;
  isPrivate(path: string): boolean;
  /** False for a private path that no private upstream serves. */
  isServed(path: string): boolean;
  /** Whether one of those who may be asked for it still gives what it has at hand. */
  isAnswering(path: string, milliseconds: number): Promise<boolean>;
  walk<Result>(
    resource: WalkedResource,
    via: string | undefined,
    signal: AbortSignal,
    accept: Accept<Result>,
  ): Promise<WalkAnswer<Result>>;
}

/** Throws `upstream-list-invalid`. */
export function createUpstreamChoice(
  needs: UpstreamChoiceNeeds,
  settings: UpstreamChoiceSettings,
): UpstreamChoice {
  const { privatePatterns, privateUpstream, walk } = settings;
  const publicList = parseUpstreamList(settings.upstream);
  const privateList: UpstreamList =
    privateUpstream === undefined
      ? { entries: [], end: undefined, isCutOff: false }
      : parseUpstreamList(privateUpstream);

  function isPrivate(path: string): boolean {
    return privatePatterns !== '' && matchesPatterns(privatePatterns, path);
  }

  function listFor(path: string): UpstreamList {
    return isPrivate(path) ? privateList : publicList;
  }

  function crossingOf(resource: WalkedResource): (() => Promise<boolean>) | undefined {
    return isVersionFile(resource) && !isPrivate(resource.path)
      ? async () => needs.mayCross(resource)
      : undefined;
  }

  /** No answer is believed unchecked; the order only spares the way to a known liar. */
  async function withLiarsLast(resource: WalkedResource): Promise<UpstreamList> {
    const list = listFor(resource.path);
    if (!isVersionFile(resource) || list.entries.length < 2) {
      return list;
    }
    const liars = new Set<string>();
    for (const { name } of list.entries) {
      if (await needs.isQuarantined(name, resource)) liars.add(name);
    }
    const honest = list.entries.filter(({ name }) => !liars.has(name));
    return liars.size === 0
      ? list
      : { ...list, entries: [...honest, ...list.entries.filter(({ name }) => liars.has(name))] };
  }

  const entries = [...publicList.entries, ...privateList.entries];
  needs.health.configure(entries.map(({ name }) => name));
  const { offline, probeMilliseconds } = settings;
  const probes = startProbes(needs, { ...walk, probeMilliseconds }, offline ? [] : entries);
  return {
    publicList,
    close: probes.close,
    isPrivate,
    isServed: (path) => listFor(path).entries.length > 0,
    isAnswering: async (path, milliseconds) =>
      probes.isAnswering(listFor(path).entries, milliseconds),
    walk: async (resource, via, signal, accept) =>
      walkUpstreams(
        needs,
        walk,
        await withLiarsLast(resource),
        {
          key: resource.key,
          signal,
          via,
          mayCross: crossingOf(resource),
          begun: resource.begun,
        },
        accept,
      ),
  };
}

function isVersionFile(resource: WalkedResource): resource is VersionFile {
  const { kind, version } = resource;
  return version !== undefined && (kind === 'info' || kind === 'mod' || kind === 'zip');
}

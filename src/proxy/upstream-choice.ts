import { matchesPatterns } from '../gomod/path/index.ts';
import { parseUpstreamList, walkUpstreams } from './upstream/index.ts';
import type { Accept, AskNeeds, UpstreamList, WalkAnswer, WalkSettings } from './upstream/index.ts';

export interface UpstreamChoiceSettings {
  /** Go's GOPROXY syntax. */
  readonly upstream: string;
  /** The same, asked for private paths only. */
  readonly privateUpstream: string | undefined;
  /** Go's glob list. */
  readonly privatePatterns: string;
  readonly walk: WalkSettings;
}

/** Which upstreams may be asked for a module path: a private one never goes to a public upstream. */
export interface UpstreamChoice {
  readonly publicList: UpstreamList;
  isPrivate(path: string): boolean;
  /** False for a private path that no private upstream serves. */
  isServed(path: string): boolean;
  walk<Result>(
    resource: { readonly path: string; readonly key: string },
    via: string | undefined,
    signal: AbortSignal,
    accept: Accept<Result>,
  ): Promise<WalkAnswer<Result>>;
}

/** Throws `upstream-list-invalid`. */
export function createUpstreamChoice(
  needs: AskNeeds,
  settings: UpstreamChoiceSettings,
): UpstreamChoice {
  const { privatePatterns, privateUpstream, walk } = settings;
  const publicList = parseUpstreamList(settings.upstream);
  const privateList: UpstreamList =
    privateUpstream === undefined
      ? { entries: [], end: undefined }
      : parseUpstreamList(privateUpstream);

  function isPrivate(path: string): boolean {
    return privatePatterns !== '' && matchesPatterns(privatePatterns, path);
  }

  function listFor(path: string): UpstreamList {
    return isPrivate(path) ? privateList : publicList;
  }

  return {
    publicList,
    isPrivate,
    isServed: (path) => listFor(path).entries.length > 0,
    walk: async (resource, via, signal, accept) =>
      walkUpstreams(
        needs,
        walk,
        listFor(resource.path),
        { key: resource.key, signal, via },
        accept,
      ),
  };
}

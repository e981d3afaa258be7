import { createHash } from 'node:crypto';
import { formatHttpDate } from '../platform/http/index.ts';
import type { Artifact } from './artifact.ts';
import { CACHE_CONTROL, CONTENT_TYPES } from './protocol/index.ts';
import type { HotEntry, MemoryTier, Storage } from './storage/index.ts';

/** A whole artifact and what goes into its headers. */
export interface ArtifactContent {
  readonly body: Buffer;
  readonly modifiedMilliseconds: number;
  /** Computed when it is not known. */
  readonly sha256: string | undefined;
}

/** Small artifacts in the memory tier. */
export interface HotArtifacts {
  /** From memory, or read into it once however many ask. */
  obtain(artifact: Artifact): Promise<HotEntry | 'absent' | 'too-large'>;
  /** The entry that is there, or one made of this content. */
  keep(artifact: Artifact, content: ArtifactContent): HotEntry;
}

export function createHotArtifacts(needs: {
  readonly storage: Storage;
  readonly memory: MemoryTier;
  /** Before a stored artifact is used; false when it was taken out of the tree. */
  readonly admit: (artifact: Artifact) => Promise<boolean>;
}): HotArtifacts {
  const { storage, memory } = needs;
  const loads = new Map<string, Promise<HotEntry | 'absent' | 'too-large'>>();

  async function load(artifact: Artifact): Promise<HotEntry | 'absent' | 'too-large'> {
    const running = loads.get(artifact.key);
    if (running !== undefined) {
      return running;
    }
    const started = read(artifact).finally(() => {
      loads.delete(artifact.key);
    });
    loads.set(artifact.key, started);
    return started;
  }

  async function read(artifact: Artifact): Promise<HotEntry | 'absent' | 'too-large'> {
    const stored = await storage.read(artifact.key, memory.maximumEntryBytes);
    if (stored === 'absent' || stored === 'too-large') {
      return stored;
    }
    if (!(await needs.admit(artifact))) {
      return 'absent';
    }
    const { bytes: body, modifiedMilliseconds, sha256 } = stored;
    return put(artifact, { body, modifiedMilliseconds, sha256 });
  }

  function put(artifact: Artifact, content: ArtifactContent): HotEntry {
    const entry = makeHotEntry(artifact, content);
    memory.put(`/${artifact.key}`, entry);
    return entry;
  }

  return {
    obtain: async (artifact) => memory.get(`/${artifact.key}`) ?? (await load(artifact)),
    keep: (artifact, content) => memory.get(`/${artifact.key}`) ?? put(artifact, content),
  };
}

export function makeHotEntry(
  artifact: Artifact,
  content: ArtifactContent,
  headers: readonly string[] = immutableHeaders(artifact),
): HotEntry {
  const { body } = content;
  const digest = content.sha256 ?? createHash('sha256').update(body).digest('hex');
  const lastModified = formatHttpDate(content.modifiedMilliseconds);
  return {
    body,
    etag: `"${digest}"`,
    lastModified,
    kind: artifact.kind,
    module: `${artifact.path}@${artifact.version}`,
    isCompressible: artifact.kind !== 'zip',
    headers: [...headers, 'Last-Modified', lastModified],
    whole: undefined,
    firstUse: undefined,
    gzip: undefined,
  };
}

/** Of an artifact from whichever tier: its bytes never change. */
export function immutableHeaders(artifact: Artifact): string[] {
  const headers = [
    'Content-Type',
    CONTENT_TYPES[artifact.kind],
    'Cache-Control',
    artifact.isPrivate ? CACHE_CONTROL.privateImmutable : CACHE_CONTROL.immutable,
    'Accept-Ranges',
    'bytes',
  ];
  const varies = [
    ...(artifact.kind === 'zip' ? [] : ['Accept-Encoding']),
    ...(artifact.isPrivate ? ['Authorization'] : []),
  ];
  return varies.length === 0 ? headers : [...headers, 'Vary', varies.join(', ')];
}

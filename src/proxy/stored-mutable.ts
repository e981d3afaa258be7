import type { Clock } from '../platform/index.ts';
import { escapeVersion } from '../gomod/path/index.ts';
import { compareVersions } from '../gomod/version/index.ts';
import type { AnswerMemory } from './answer-memory.ts';
import { MAXIMUM_BYTES, versionOfInfo } from './artifact-checks.ts';
import type { KnownAnswer } from './facts/index.ts';
import type { MutableResource } from './mutable-resource.ts';
import { CONTENT_TYPES } from './protocol/index.ts';
import type { Storage } from './storage/index.ts';
import { chooseLatest, joinVersions } from './version-list.ts';

export interface StoredMutableNeeds {
  readonly clock: Clock;
  readonly memory: AnswerMemory;
  readonly storage: Pick<Storage, 'completeVersions' | 'has' | 'read'>;
}

/** What is known of a module of which something was asked that cannot be fetched. */
export interface ToldOfModule {
  /** What the answer would have named. */
  readonly named: string | undefined;
  /** Versions with all their files, the highest first. */
  readonly stored: readonly string[];
}

/** Answers to what can change, from what is stored and from what was certain some time ago. */
export interface StoredMutable {
  /** Made of the stored versions alone; undefined when none is complete. */
  made(resource: MutableResource): Promise<KnownAnswer | undefined>;
  /** The best there is while nobody can be asked. */
  stale(resource: MutableResource): Promise<KnownAnswer | undefined>;
  /** The same for who must be able to fetch all that it names without an upstream. */
  complete(resource: MutableResource): Promise<KnownAnswer | undefined>;
  /** What can be said of the module when nothing fits. */
  told(resource: MutableResource): Promise<ToldOfModule>;
  /** The lines of an upstream with the stored versions that it lacks. */
  join(resource: MutableResource, body: Buffer): Promise<Buffer>;
}

export function createStoredMutable(needs: StoredMutableNeeds): StoredMutable {
  async function versionsOf(resource: MutableResource): Promise<readonly string[]> {
    return needs.storage.completeVersions(escapedPathOf(resource));
  }

  async function made(resource: MutableResource): Promise<KnownAnswer | undefined> {
    if (resource.kind === 'query') {
      return undefined;
    }
    const versions = await versionsOf(resource);
    if (versions.length === 0) {
      return undefined;
    }
    const fetchedMilliseconds = needs.clock.epochMilliseconds();
    if (resource.kind === 'list') {
      const body = joinVersions(Buffer.alloc(0), versions);
      return { status: 200, contentType: CONTENT_TYPES.text, body, fetchedMilliseconds };
    }
    const body = await readInfo(resource, chooseLatest(versions));
    return body === undefined
      ? undefined
      : { status: 200, contentType: CONTENT_TYPES.info, body, fetchedMilliseconds };
  }

  async function readInfo(resource: MutableResource, version: string): Promise<Buffer | undefined> {
    const escaped = escapeVersion(version);
    if (!escaped.ok) {
      return undefined;
    }
    const key = `${escapedPathOf(resource)}/@v/${escaped.value}.info`;
    const stored = await needs.storage.read(key, MAXIMUM_BYTES.info);
    return typeof stored === 'string' ? undefined : stored.bytes;
  }

  async function join(resource: MutableResource, body: Buffer): Promise<Buffer> {
    return resource.kind === 'list' ? joinVersions(body, await versionsOf(resource)) : body;
  }

  async function stale(resource: MutableResource): Promise<KnownAnswer | undefined> {
    const remembered = await needs.memory.stale(resource.key);
    if (remembered?.status === 200) {
      return { ...remembered, body: await join(resource, remembered.body) };
    }
    // An absence of some days ago says nothing against what is here now.
    return (await made(resource)) ?? remembered;
  }

  async function complete(resource: MutableResource): Promise<KnownAnswer | undefined> {
    const remembered = await needs.memory.stale(resource.key);
    return remembered?.status !== 200 || (await canBeFetched(resource, remembered))
      ? remembered
      : undefined;
  }

  /** Whether a remembered answer names nothing that is not here. */
  async function canBeFetched(resource: MutableResource, answer: KnownAnswer): Promise<boolean> {
    if (resource.kind === 'list') {
      return answer.body.toString('utf8').trim() === '';
    }
    // `go` does not ask the `.info` of the version that `@latest` or a branch told it, so two files must do.
    const version = versionOfInfo(answer.body);
    const escaped = version === undefined ? undefined : escapeVersion(version);
    if (escaped?.ok !== true) {
      return false;
    }
    const base = `${escapedPathOf(resource)}/@v/${escaped.value}`;
    const [mod, zip] = await Promise.all(
      ['mod', 'zip'].map(async (kind) => needs.storage.has(`${base}.${kind}`)),
    );
    return mod === true && zip === true;
  }

  async function told(resource: MutableResource): Promise<ToldOfModule> {
    const remembered = await needs.memory.stale(resource.key);
    const isNaming = remembered?.status === 200 && resource.kind !== 'list';
    const stored = await versionsOf(resource);
    return {
      named: isNaming ? versionOfInfo(remembered.body) : undefined,
      stored: stored.toSorted((one, other) => compareVersions(other, one)),
    };
  }

  return { made, stale, complete, told, join };
}

function escapedPathOf(resource: MutableResource): string {
  const end = resource.kind === 'latest' ? '/@latest' : '/@v/';
  return resource.key.slice(0, resource.key.lastIndexOf(end));
}

import { createHash } from 'node:crypto';
import { formatHttpDate } from '../platform/http/index.ts';
import type { ArtifactRequest } from './artifact-request.ts';
import type { Answered } from './answered.ts';
import type { Artifact } from './artifact.ts';
import type { FetchOnce } from './fetch-once.ts';
import type { GrowingBody } from './growing-body.ts';
import { immutableHeaders } from './hot-artifacts.ts';
import type { HotArtifacts } from './hot-artifacts.ts';
import { sendHot } from './send-hot.ts';
import { sendStored } from './send-stored.ts';
import type { ByteSource } from './send-stored.ts';
import type { Storage, StoredArtifact } from './storage/index.ts';
import { unitOf } from './store-keepers.ts';
import type { Readers } from './upkeep/index.ts';

export interface StoredAnswersNeeds {
  readonly storage: Storage;
  readonly hot: HotArtifacts;
  readonly fetchOnce: FetchOnce;
  readonly readers: Readers;
  readonly admit: (artifact: Artifact) => Promise<boolean>;
}

/** Answers from memory and from the store; undefined when they have nothing that is right. */
export function createStoredAnswers(
  needs: StoredAnswersNeeds,
): (request: ArtifactRequest) => Promise<Answered | undefined> {
  const hashes = new WeakMap<GrowingBody, Promise<string>>();

  async function answer(request: ArtifactRequest): Promise<Answered | undefined> {
    const { exchange, artifact, trace } = request;
    const entry = await needs.hot.obtain(artifact);
    if (entry === 'absent') {
      return undefined;
    }
    if (entry !== 'too-large') {
      const status = sendHot(exchange, entry, 'hit', trace);
      return { status, outcome: 'hit', bytes: entry.body.length };
    }
    const stored = await needs.storage.open(artifact.key);
    if (stored === undefined) {
      return undefined;
    }
    const leave = needs.readers.begin(unitOf(artifact.key));
    try {
      if (!(await needs.admit(artifact))) {
        return undefined;
      }
      return await sendLarge(request, stored);
    } finally {
      leave();
      await stored.close();
    }
  }

  async function sendLarge(
    request: ArtifactRequest,
    stored: StoredArtifact,
  ): Promise<Answered | undefined> {
    const { exchange, artifact, trace } = request;
    const validators = {
      etag: `"${stored.sha256}"`,
      lastModified: formatHttpDate(Math.trunc(stored.modifiedMilliseconds)),
    };
    const facts = { headers: immutableHeaders(artifact), validators, trace };
    const status = await sendStored(exchange, stored, facts, async () =>
      fetchAgain(request, stored.sha256),
    );
    return status === 'unreadable' ? undefined : { status, outcome: 'hit', bytes: stored.size };
  }

  /** The rest of a body that began with other bytes of the same hash; undefined when nobody has them. */
  async function fetchAgain(
    request: ArtifactRequest,
    sha256: string,
  ): Promise<ByteSource | undefined> {
    if (request.reach !== 'upstreams') {
      return undefined;
    }
    const settled = await needs.fetchOnce.obtain(request.artifact, request.via).result;
    if (settled.kind === 'again') {
      return needs.storage.open(request.artifact.key).then(async (stored) => {
        if (stored?.sha256 === sha256) return stored;
        await stored?.close();
        return undefined;
      });
    }
    if (settled.kind === 'bytes') {
      const isSame = createHash('sha256').update(settled.body).digest('hex') === sha256;
      return isSame ? sourceOf(settled.body) : undefined;
    }
    return settled.kind === 'growing' ? onceGrown(settled.body, sha256) : undefined;
  }

  async function onceGrown(body: GrowingBody, sha256: string): Promise<ByteSource | undefined> {
    await body.more(Number.MAX_SAFE_INTEGER);
    if (body.state === 'good' && (await hashOf(body)) === sha256) {
      const read = async (buffer: Uint8Array, position: number): Promise<number> =>
        body.read(buffer, position);
      return { read, close: async () => body.release() };
    }
    await body.release();
    return undefined;
  }

  /** Computed once, however many wait for the same body. */
  async function hashOf(body: GrowingBody): Promise<string> {
    const known = hashes.get(body) ?? hashGrown(body);
    hashes.set(body, known);
    return known;
  }

  return answer;
}

/** Of one read while a body is hashed. */
const HASHED_BYTES = 1024 * 1024;

async function hashGrown(body: GrowingBody): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(HASHED_BYTES);
  for (let position = 0; position < body.size;) {
    const count = await body.read(buffer, position);
    if (count === 0) break;
    hash.update(buffer.subarray(0, count));
    position += count;
  }
  return hash.digest('hex');
}

function sourceOf(body: Buffer): ByteSource {
  return {
    read: async (buffer, position) => body.copy(buffer, 0, position, position + buffer.length),
    close: async () => undefined,
  };
}

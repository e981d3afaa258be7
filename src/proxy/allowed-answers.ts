import { escapeVersion } from '../gomod/path/index.ts';
import { isValidVersion } from '../gomod/version/index.ts';
import { MAXIMUM_BYTES, versionOfInfo } from './artifact-checks.ts';
import type { MutableAnswer, MutableAnswers } from './mutable-answers.ts';
import type { MutableResource } from './mutable-resource.ts';
import type { Reach } from './reach.ts';
import type { Storage } from './storage/index.ts';
import type { Tombstones } from './upkeep/index.ts';
import { chooseLatest, withoutVersions } from './version-list.ts';

/** `blocked`: all that could be named was purged with a block, for this reason. */
export type AllowedAnswer = MutableAnswer | { readonly kind: 'blocked'; readonly reason: string };

export interface AllowedAnswers {
  answer(resource: MutableResource, reach: Reach, via: string | undefined): Promise<AllowedAnswer>;
}

export interface AllowedAnswersNeeds {
  readonly mutable: Pick<MutableAnswers, 'answer'>;
  readonly storage: Pick<Storage, 'read'>;
  readonly tombstones: Pick<Tombstones, 'reasonAgainst' | 'isBlocked'>;
}

/** Under no name of a version: only a block of the whole module meets it. */
const NO_VERSION = '';

/**
 * Names no version that would be refused: `go get m@latest` takes the highest one named, and would fail.
 * What is remembered keeps them, so that a lifted block shows at once.
 */
export function createAllowedAnswers(needs: AllowedAnswersNeeds): AllowedAnswers {
  const { mutable, storage, tombstones } = needs;

  async function answer(
    resource: MutableResource,
    reach: Reach,
    via: string | undefined,
  ): Promise<AllowedAnswer> {
    const { kind, path } = resource;
    const against = await tombstones.reasonAgainst(path, NO_VERSION);
    if (against !== undefined) return { kind: 'blocked', reason: against };
    const said = await mutable.answer(resource, reach, via);
    if (said.kind !== 'known' || said.answer.status !== 200) return said;
    const { body } = said.answer;
    if (kind === 'list') {
      const allowed = withoutVersions(body, (version) => tombstones.isBlocked(path, version));
      return { ...said, answer: { ...said.answer, body: allowed } };
    }
    const version = versionOfInfo(body);
    const reason =
      version === undefined ? undefined : await tombstones.reasonAgainst(path, version);
    if (reason === undefined) return said;
    const next = kind === 'latest' ? await highestAllowed(resource, reach, via) : undefined;
    return next === undefined
      ? { kind: 'blocked', reason }
      : { ...said, answer: { ...said.answer, body: next } };
  }

  /** P-36: only the version is required, and the time is known here of stored ones alone. */
  async function highestAllowed(
    { path, key }: MutableResource,
    reach: Reach,
    via: string | undefined,
  ): Promise<Buffer | undefined> {
    const base = key.slice(0, key.lastIndexOf('/@latest'));
    const list = await answer({ kind: 'list', path, key: `${base}/@v/list` }, reach, via);
    if (list.kind !== 'known' || list.answer.status !== 200) return undefined;
    const lines = list.answer.body.toString('utf8').split('\n');
    const versions = lines
      .map((line) => line.trim().split(/\s/u, 1)[0] ?? '')
      .filter((version) => isValidVersion(version));
    if (versions.length === 0) return undefined;
    const version = chooseLatest(versions);
    const escaped = escapeVersion(version);
    const stored = escaped.ok
      ? await storage.read(`${base}/@v/${escaped.value}.info`, MAXIMUM_BYTES.info)
      : 'absent';
    return typeof stored === 'string'
      ? Buffer.from(JSON.stringify({ Version: version }))
      : stored.bytes;
  }

  return { answer };
}

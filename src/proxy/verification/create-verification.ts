import { hash1 } from '../../gomod/sumfile/index.ts';
import type {
  Clock,
  Files,
  GrowingFile,
  Logger,
  Meter,
  Random,
  ReadableFile,
} from '../../platform/index.ts';
import type { ChecksumRelay } from '../checksum/index.ts';
import type { Facts, PendingFact, VerificationFacts } from '../facts/index.ts';
import type { Storage } from '../storage/index.ts';
import type { ZipChecker } from '../../module-zip/index.ts';
import { createAdmission } from './admission.ts';
import { createExpectedHashes } from './expected-hashes.ts';
import type { ExpectedHash } from './expected-hashes.ts';
import { createPendingCheck, hashFile } from './pending-check.ts';
import type { PendingCheck, PendingCheckNeeds } from './pending-check.ts';
import { createPendingStore } from './pending-store.ts';
import type { PendingStore } from './pending-store.ts';
import { createRecordBook } from './record-book.ts';
import type { ModuleVersion } from './record-book.ts';
import { createStoredChoice } from './stored-choice.ts';
import { createUpstreamQuarantine } from './upstream-quarantine.ts';
import { createVerificationReports } from './verification-findings.ts';
import { VERIFICATION_LIMITS } from './verification-limits.ts';
import { createVerifier } from './verifier.ts';
import type { HashedArtifact, Verification } from './verifier.ts';

/** Everything that decides whether bytes are what they should be. */
export interface ModuleVerification {
  /** Begins to look up what the artifact must be, so that it costs no time of its own. */
  begin(artifact: HashedArtifact): Verification;
  hasVerifiedRecord(path: string, version: string): Promise<boolean>;
  /** See RecordBook. */
  isAnswering(): boolean;
  /** Why this upstream is asked last for a module version; undefined when it is not. */
  quarantineReason(upstream: string, module: ModuleVersion): Promise<string | undefined>;
  /** Before a stored artifact is used; false when it is not what it should be, or not what is expected. */
  admit(artifact: HashedArtifact): Promise<boolean>;
  /** Why what is stored under this key is not served here, though others may have it. */
  storedProblem(key: string): string | undefined;
  /** Keeps what nobody could judge beside the tree: bytes, or a scratch file. */
  keepPending(fact: PendingFact, source: Uint8Array | GrowingFile): Promise<void>;
  /** What waits under this key; `settled` when one more look for its record ended that. */
  openPending(key: string): Promise<ReadableFile | 'settled' | undefined>;
  /** Drops what waits of a version, or of every one. */
  forget(path: string, version: string | undefined): Promise<void>;
  close(): Promise<void>;
}

export interface ModuleVerificationNeeds {
  readonly clock: Clock;
  readonly files: Files;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly random: Random;
  readonly relay: Pick<ChecksumRelay, 'record'>;
  readonly zips: ZipChecker;
  readonly storage: Storage;
  readonly facts: Facts;
  readonly verificationFacts: VerificationFacts;
}

export interface ModuleVerificationSettings {
  readonly store: string;
  readonly scratch: string;
  /** Names of the databases that have a key here. */
  readonly databases: readonly string[];
  /** Go's glob list: these are never named to a checksum database. */
  readonly noLookupPatterns: string;
  readonly requireVerification: boolean;
  /** Of the one client that this engine has: they choose between answers, and vouch for nothing. */
  readonly expectedHashes?: readonly ExpectedHash[] | undefined;
  readonly isForOneCommand?: boolean | undefined;
}

/** Of one step while a pending file is copied into the tree. */
const PIECE_BYTES = 1024 * 1024;
/** The largest zip on a slow disk. */
const HASH_MILLISECONDS = 10 * 60 * 1000;

export function createModuleVerification(
  needs: ModuleVerificationNeeds,
  settings: ModuleVerificationSettings,
): ModuleVerification {
  const { clock, storage, relay, facts, verificationFacts } = needs;
  const { store, scratch, noLookupPatterns, requireVerification } = settings;
  const limits = VERIFICATION_LIMITS;
  const reports = createVerificationReports(needs);
  const own = { ...needs, facts: verificationFacts };
  const quarantine = createUpstreamQuarantine(own, limits);
  const records = createRecordBook(
    {
      clock,
      ask: async (database, module, options) => relay.record(database, module, options),
      back: () => check.checkAll(),
    },
    { databases: settings.databases, limits },
  );
  const recallExpected = createExpectedHashes(settings.expectedHashes ?? []);
  const verifier = createVerifier(
    {
      records,
      quarantine,
      reports,
      recallSight: facts.recallSight,
      recallExpected,
      isTaken: async (key, h1) => (await isOtherPending(key, h1)) || storage.has(key),
    },
    { noLookupPatterns, requireVerification },
  );
  const pending = createPendingStore(own, { directory: `${store}/pending`, scratch });
  const check = createCheck(needs, { pending, verifier, quarantine, reports }, settings);
  const tree = `${store}/modules`;
  const hash = async (artifact: HashedArtifact, file: string): Promise<string | undefined> =>
    hashOf(needs, artifact, file, clock.deadline(HASH_MILLISECONDS));
  const admission = createAdmission(
    { ...own, verifier, reports, hash },
    { tree, refused: `${store}/quarantine`, unverified: limits.unverified },
  );
  const choice = createStoredChoice({
    recallExpected,
    recallSight: facts.recallSight,
    verifier,
    admission,
    reports,
    hash: async (artifact) => hash(artifact, `${tree}/${artifact.key}`),
  });
  const loaded = pending.reload();

  async function isOtherPending(key: string, h1: string): Promise<boolean> {
    await loaded;
    const fact = pending.fact(key);
    return fact !== undefined && fact.h1 !== h1;
  }
  return {
    begin: verifier.begin,
    hasVerifiedRecord: verifier.hasVerifiedRecord,
    isAnswering: records.isAnswering,
    async quarantineReason(upstream, module) {
      await quarantine.ready;
      return quarantine.reason(upstream, module);
    },
    storedProblem: choice.problem,
    admit: async (artifact) => (await admission.admit(artifact)) && choice.fits(artifact),
    keepPending: async (fact, source) =>
      source instanceof Uint8Array
        ? pending.keepBytes(fact, source)
        : pending.keepFile(fact, source),
    async openPending(key) {
      await loaded;
      const fact = pending.fact(key);
      if (fact === undefined) {
        return undefined;
      }
      if (await check.settle(fact)) {
        return 'settled';
      }
      return requireVerification || !choice.fitsPending(fact) ? undefined : pending.open(key);
    },
    async forget(path, version) {
      await loaded;
      await pending.forget(path, version);
    },
    async close() {
      records.close();
      await loaded;
      await quarantine.ready;
      await check.close();
    },
  };
}

function createCheck(
  needs: ModuleVerificationNeeds,
  parts: Pick<PendingCheckNeeds, 'verifier' | 'quarantine' | 'reports'> & {
    readonly pending: PendingStore;
  },
  { isForOneCommand = false }: ModuleVerificationSettings,
): PendingCheck {
  return createPendingCheck(
    {
      ...needs,
      ...parts,
      hash: async (fact, file, signal) => hashOf(needs, fact, file, signal),
      commit: async (fact, state) => {
        await copyIntoTree(needs.storage, parts.pending.open, fact);
        needs.facts.artifactStored({ ...fact, state });
      },
    },
    { ...VERIFICATION_LIMITS, isForOneCommand },
  );
}

async function hashOf(
  { zips, files }: Pick<ModuleVerificationNeeds, 'zips' | 'files'>,
  { kind, path, version }: HashedArtifact,
  file: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (kind === 'zip') {
    const verdict = await zips.check({ path, version, source: { kind: 'file', file }, signal });
    return verdict.verdict === 'good' ? verdict.h1 : undefined;
  }
  const opened = await files.open(file);
  if (opened === undefined) return undefined;
  try {
    return modHash(await hashFile(opened));
  } finally {
    await opened.close();
  }
}

/** Of a go.mod, from the SHA-256 of its bytes as hex (dirhash over that one name). */
function modHash(sha256: string): string | undefined {
  const hash = hash1([{ name: 'go.mod', sha256 }]);
  return hash.ok ? hash.value : undefined;
}

async function copyIntoTree(
  storage: Storage,
  open: (key: string) => Promise<ReadableFile | undefined>,
  { key, sha256 }: PendingFact,
): Promise<void> {
  const file = await open(key);
  if (file === undefined) return;
  const draft = await storage.begin();
  try {
    const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
    let position = 0;
    for (;;) {
      const count = await file.read(buffer, position);
      if (count === 0) break;
      await draft.file.write(buffer.subarray(0, count));
      position += count;
    }
    await draft.commit(key, sha256);
  } finally {
    await file.close();
    await draft.release();
  }
}

import { createHash } from 'node:crypto';
import type { Clock } from '../platform/index.ts';
import { createAllowedAnswers } from './allowed-answers.ts';
import { createAnswerMemory } from './answer-memory.ts';
import type { AnswerMemory } from './answer-memory.ts';
import { createArtifactAnswers } from './artifact-answers.ts';
import { createChecksumAnswers } from './checksum-answers.ts';
import { createChecksumSources } from './checksum-sources.ts';
import type { ChecksumDatabase } from './checksum-sources.ts';
import { createChecksumRelay } from './checksum/index.ts';
import type { ChecksumRelay } from './checksum/index.ts';
import { createFacts, createVerificationFacts, restoreLostArtifacts } from './facts/index.ts';
import type { Facts } from './facts/index.ts';
import { createAhead } from './create-ahead.ts';
import { createFetchOnce } from './fetch-once.ts';
import type { FetchOnce } from './fetch-once.ts';
import type { FillNeeds } from './fill.ts';
import { HEALTH_SETTINGS, createHealthRegister } from './health/index.ts';
import type { HealthRegister } from './health/index.ts';
import { createKnownWhileSilent } from './known-while-silent.ts';
import type { LookAhead } from './look-ahead/index.ts';
import { createModuleFreshness } from './module-freshness.ts';
import type { ModuleFreshness } from './module-freshness.ts';
import { createMutableAnswers } from './mutable-answers.ts';
import type { MutableAnswers } from './mutable-answers.ts';
import { createMutableReplies } from './mutable-replies.ts';
import { createPartials } from './partials/index.ts';
import type { Partials } from './partials/index.ts';
import type { ProxyCounts } from './proxy-counts.ts';
import {
  COMMIT_LIMITS,
  FETCH_LIMITS,
  RESUME_LIMITS,
  SHELTER_LIMITS,
  WALK_LIMITS,
} from './proxy-limits.ts';
import type { ProxyNeeds, ProxySettings } from './proxy-settings.ts';
import type { Answerers } from './answer-route.ts';
import { createRefetch } from './refetch-stored.ts';
import { createShelter } from './shelter.ts';
import type { Shelter } from './shelter.ts';
import { createStoreWrites } from './store-writes.ts';
import type { StoreWrites } from './store-writes.ts';
import type { MemoryTier } from './storage/index.ts';
import { createStoreKeepers, createStoreUpkeep, journalOf } from './store-keepers.ts';
import type { StoreKeepers } from './store-keepers.ts';
import { createUpstreamChoice } from './upstream-choice.ts';
import type { Upkeep } from './upkeep/index.ts';
import type { UpstreamChoice } from './upstream-choice.ts';
import type { AskNeeds, WalkSettings } from './upstream/index.ts';
import { createModuleVerification } from './verification/index.ts';
import type { ModuleVerification, ModuleVerificationNeeds } from './verification/index.ts';
import { createZipChecker } from '../module-zip/index.ts';
import type { ZipChecker } from '../module-zip/index.ts';

/** The engine put together. */
export interface ProxyParts {
  readonly memory: MemoryTier;
  readonly upstreams: UpstreamChoice;
  readonly health: HealthRegister;
  readonly answerers: Answerers;
  readonly lookAhead: LookAhead;
  readonly upkeep: Upkeep;
  readonly storeProblem: StoreWrites['problem'];
  readonly freshness: ModuleFreshness;
  /** After a process died on this store. */
  repair(): Promise<void>;
  /** Tells the database what the journal knows, when it was lost. */
  restoreFacts(): Promise<void>;
  /** Starts what the first download would have to wait for otherwise. */
  warmUp(): Promise<void>;
  /** Lets fills and commits end until the signal aborts, then closes what was opened. */
  close(signal: AbortSignal): Promise<void>;
}

/** What keeps artifacts and answers. */
interface Keepers extends StoreKeepers {
  readonly shelter: Shelter;
  readonly partials: Partials;
  readonly facts: Facts;
  readonly answers: AnswerMemory;
  readonly zips: ZipChecker;
}

export function createProxyParts(
  needs: ProxyNeeds,
  settings: ProxySettings,
  counts: ProxyCounts,
  /** Names this engine in Via. */
  instance: string,
): ProxyParts {
  const { clock } = needs;
  const { healing } = settings;
  const walk: WalkSettings = { ...WALK_LIMITS, ...healing?.walk, via: `1.1 ${instance}` };
  const judging = { ...HEALTH_SETTINGS, ...healing?.health };
  const health = createHealthRegister(needs, judging);
  const ask: AskNeeds = { ...needs, health, count: counts.upstream };
  const keepers = createKeepers(needs, settings);
  const { storage, memory, facts, answers, zips } = keepers;
  const upstreams = createUpstreamChoice(
    {
      ...ask,
      mayCross: async ({ path, version }) => verification.hasVerifiedRecord(path, version),
      isQuarantined: async (upstream, file) =>
        (await verification.quarantineReason(upstream, file)) !== undefined,
    },
    { ...settings, walk, probeMilliseconds: judging.probeMilliseconds },
  );
  const relay = createRelay(needs, settings, createSources(ask, upstreams, walk));
  const verification = createVerifying({ ...needs, ...keepers, relay }, settings);
  const storeWrites = createStoreWrites({ ...needs, changed: health.setStoreWritable }, settings);
  const fetchOnce = createFetching(
    { ...needs, verification, storeWrites },
    { ...keepers, upstreams, counts },
    settings.verifyFirstBytes,
  );
  const upkeep = createStoreUpkeep({ ...needs, facts }, settings, keepers, {
    refetch: createRefetch({ fetchOnce, upstreams }, settings),
    async forget(path, version) {
      await facts.withdraw(path, version);
      await verification.forget(path, version);
    },
  });
  const lookAhead = createAhead(
    { ...needs, ...keepers, ...upstreams, fetchOnce, health, verification },
    settings,
  );
  // Lists may fail where files do not, and the other way round.
  const known = createKnownWhileSilent({ clock, ...upstreams });
  const mutable = createMutableAnswers({ clock, memory: answers, storage, known, ...upstreams });
  return {
    memory,
    upstreams,
    health,
    lookAhead,
    freshness: createModuleFreshness({ answers, mutable, upstreams }, settings),
    answerers: createAnswerers(
      { ...keepers, clock, fetchOnce, lookAhead, upstreams, mutable, relay, verification },
      settings,
    ),
    repair: async () => storage.repairLists(),
    restoreFacts: async () => restoreLostArtifacts(needs, journalOf(settings.store)),
    async warmUp() {
      await keepers.partials.load();
      await warmUp(clock, zips);
    },
    upkeep,
    storeProblem: storeWrites.problem,
    async close(signal) {
      storeWrites.close();
      upstreams.close();
      lookAhead.close();
      await upkeep.close();
      await relay.close();
      await fetchOnce.idle(signal);
      await keepers.partials.close();
      await verification.close();
      await zips.close();
      await storage.close();
      await facts.close();
    },
  };
}

interface AnswererNeeds extends Keepers {
  readonly clock: Clock;
  readonly fetchOnce: FetchOnce;
  readonly lookAhead: LookAhead;
  readonly upstreams: UpstreamChoice;
  readonly mutable: MutableAnswers;
  readonly relay: ChecksumRelay;
  readonly verification: ModuleVerification;
}

/** Who answers what, one for each sort of route. */
function createAnswerers(
  needs: AnswererNeeds,
  { databases, noLookupPatterns }: ProxySettings,
): Answerers {
  const { verification } = needs;
  return {
    artifacts: createArtifactAnswers({
      ...needs,
      known: createKnownWhileSilent({ ...needs, ...needs.upstreams }),
      openPending: verification.openPending,
      storedProblem: verification.storedProblem,
      admit: async ({ kind, ...artifact }) =>
        kind === 'info' || verification.admit({ ...artifact, kind }),
    }),
    mutable: createMutableReplies({ ...needs, mutable: createAllowedAnswers(needs) }),
    checksums: createChecksumAnswers(needs, {
      databases: databases.map(({ name }) => name),
      noLookupPatterns,
    }),
  };
}

/** The end record alone (APPNOTE 4.3.16). */
const EMPTY_ZIP: Uint8Array = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');
/** A thread starts in a fifth of a second; on a machine that needs longer nobody waits for it either. */
const WARM_UP_MILLISECONDS = 10_000;

async function warmUp(clock: Clock, zips: ZipChecker): Promise<void> {
  // An empty zip is refused, which is all the same here.
  const source = { kind: 'bytes', bytes: EMPTY_ZIP } as const;
  const signal = clock.deadline(WARM_UP_MILLISECONDS);
  await zips.check({ path: 'warm.test', version: 'v1.0.0', source, signal });
}

/** A name for the lists: they themselves may hold passwords, which belong into no database. */
function sourcesOf({ offline, upstream, privateUpstream }: ProxySettings): string | undefined {
  return offline
    ? undefined
    : createHash('sha256')
        .update(`${upstream}\n${privateUpstream ?? ''}`)
        .digest('hex')
        .slice(0, 16);
}

function createKeepers(needs: ProxyNeeds, settings: ProxySettings): Keepers {
  const { store, scratch } = settings;
  const facts = createFacts(needs, { journal: journalOf(store) });
  return {
    ...createStoreKeepers({ ...needs, facts }, settings),
    shelter: createShelter(needs, { ...SHELTER_LIMITS, scratch }),
    partials: createPartials(needs, settings),
    facts,
    answers: createAnswerMemory({ clock: needs.clock, facts }, { sources: sourcesOf(settings) }),
    zips: createZipChecker(needs, {}),
  };
}

function createVerifying(
  needs: Omit<ModuleVerificationNeeds, 'verificationFacts'> & Pick<ProxyNeeds, 'database'>,
  { databases, ...settings }: ProxySettings,
): ModuleVerification {
  // A database without a key vouches for nothing: anybody could speak for it.
  const vouching = databases.filter(({ key }) => key !== undefined);
  return createModuleVerification(
    { ...needs, verificationFacts: createVerificationFacts(needs) },
    { ...settings, databases: vouching.map(({ name }) => name) },
  );
}

function createFetching(
  needs: ProxyNeeds & Pick<FillNeeds, 'verification'> & { readonly storeWrites: StoreWrites },
  {
    upstreams,
    counts,
    ...keepers
  }: Keepers & Pick<ProxyParts, 'upstreams'> & { readonly counts: ProxyCounts },
  wholeBytes: number,
): FetchOnce {
  const { clock, logger, random, storeWrites } = needs;
  const { storage, shelter, partials, zips, facts } = keepers;
  return createFetchOnce(
    {
      clock,
      logger,
      random,
      healed: counts.healed,
      shelter,
      partials,
      storage,
      zips,
      verification: needs.verification,
      walk: upstreams.walk,
      committed: (artifact, known) => {
        storeWrites.worked();
        counts.stored(known.size);
        keepers.growth.add(known.size);
        const { key, path, version, kind } = artifact;
        facts.artifactStored({ key, path, version, kind, ...known });
      },
      fetched: counts.fetched,
      notStored: (artifact, error) => {
        counts.notStored(error);
        storeWrites.failed(artifact.key, error);
      },
    },
    { ...FETCH_LIMITS, wholeBytes, resume: RESUME_LIMITS, commits: COMMIT_LIMITS },
  );
}

type Sources = ReturnType<typeof createChecksumSources>;

function createSources(ask: AskNeeds, upstreams: UpstreamChoice, walk: WalkSettings): Sources {
  return createChecksumSources(ask, { upstreams: upstreams.publicList, walk });
}

function createRelay(needs: ProxyNeeds, settings: ProxySettings, sources: Sources): ChecksumRelay {
  const { databases, store, scratch, offline } = settings;
  const unknown = (name: string): ChecksumDatabase => ({ name, key: undefined, url: undefined });
  return createChecksumRelay(
    {
      ...needs,
      fetchResource: async (name, resource, signal, inspect) => {
        const database = databases.find((one) => one.name === name) ?? unknown(name);
        return sources(database, resource, inspect, signal);
      },
    },
    {
      databases,
      directory: `${store}/modules/sumdb`,
      stateDirectory: `${store}/sumdb-state`,
      scratch,
      offline,
    },
  );
}

import type { StoreTarget } from '../cli/index.ts';
import type { Configuration } from '../config.ts';
import { createHttpClient, createLogger, createQuietLogger } from '../platform/adapters.ts';
import { ProgramError } from '../platform/index.ts';
import { createCredentials, createProxy } from '../proxy/index.ts';
import type { Proxy, StoreCare } from '../proxy/index.ts';
import { createPrometheusMeter } from '../telemetry/index.ts';
import { calmProgress } from './calm-progress.ts';
import { servedSettings, sharedSettings } from './engine-settings.ts';
import { logSettings } from './log-settings.ts';
import { openPlace } from './open-place.ts';
import { createOutgoing } from './outgoing.ts';
import type { Ports } from './ports.ts';
import type { ProgramContext } from './program-context.ts';
import { createRemoteStore } from './remote-store.ts';
import { readServeAddress } from './serve-address.ts';

/** What was fetched again is on the disk long before; a disk that hangs must not hang the command. */
const CLOSE_MILLISECONDS = 30_000;
/** Nothing is served from here. */
const MEMORY_BYTES = 1024 * 1024;

type DirectoryTarget = Extract<StoreTarget<Configuration>, { readonly kind: 'directory' }>;

/** `cofferdam store`: the store of a directory or of a running server, for as long as it is used. */
export async function withStore<T>(
  context: ProgramContext,
  target: StoreTarget<Configuration>,
  use: (care: StoreCare) => Promise<T>,
): Promise<T> {
  const calm = (care: StoreCare): StoreCare =>
    calmProgress(context, { isTerminal: context.log.isTerminal }, care);
  if (target.kind === 'directory') {
    return withDirectory(context, target, async (care) => use(calm(care)));
  }
  const { environment, version, clock } = context;
  const http = createHttpClient({}, { version, environment });
  try {
    return await use(calm(createRemoteStore({ http, clock }, { url: target.url })));
  } finally {
    await http.close();
  }
}

async function withDirectory<T>(
  context: ProgramContext,
  target: DirectoryTarget,
  use: (care: StoreCare) => Promise<T>,
): Promise<T> {
  const { configuration } = target;
  await refuseUnfit(context, target);
  // As in `run`: the log joins in only when it was asked for.
  const log =
    configuration.origins.logLevel === 'default'
      ? undefined
      : createLogger(context, logSettings(configuration, context.log));
  const logger = log ?? createQuietLogger();
  const { environment, directory } = context;
  const http = createOutgoing({ logger }, context, configuration);
  const credentials = createCredentials(
    { ...context, http, logger },
    { goauth: environment['GOAUTH'] ?? '', directory, environment },
  );
  const undo: (() => Promise<void>)[] = [async () => http.close(), async () => log?.close()];
  try {
    const proxy = await openProxy({ ...context, http, logger, credentials }, target, undo);
    return await use(proxy.store);
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

/** The engine without anybody who could ask it for a module. */
async function openProxy(
  ports: Ports & Pick<ProgramContext, 'version'>,
  { configuration, changes }: DirectoryTarget,
  undo: (() => Promise<void>)[],
): Promise<Proxy> {
  const shared = sharedSettings(configuration);
  const place = await openPlace(ports, { ...shared, isServer: false }, undo);
  const { scratch, somebodyDied, database, problem } = place;
  if (changes && problem !== undefined) {
    throw new ProgramError({
      code: 'store-unusable',
      kind: 'bad-input',
      message: problem,
      hint: 'make it writable for this user; what only looks (stats, --dry-run) works as it is',
    });
  }
  const { meter } = createPrometheusMeter({ version: ports.version });
  const proxy = createProxy(
    { ...ports, database, meter },
    {
      ...shared,
      ...servedSettings(configuration),
      memoryBytes: MEMORY_BYTES,
      // Nobody asks for a module here.
      lookAhead: false,
      upkeepWhenAsked: true,
      recordRequests: false,
      scratch,
      storeProblem: problem,
    },
  );
  undo.push(async () => proxy.close(ports.clock.deadline(CLOSE_MILLISECONDS)));
  // What was first seen says what is damaged, so nothing begins before it is known.
  await proxy.restoreFacts();
  if (somebodyDied) await proxy.repair();
  return proxy;
}

/** What changes a store must reach the memory of a server on it too, so it goes through that server. */
async function refuseUnfit(
  { files, locks }: ProgramContext,
  target: DirectoryTarget,
): Promise<void> {
  const { store } = target.configuration;
  if ((await files.status(`${store}/modules`))?.kind !== 'directory') {
    throw new ProgramError({
      code: 'store-absent',
      kind: 'bad-input',
      message: `there is no store in ${store}`,
      hint: 'name one with --store; cofferdam serve makes it where it is missing',
    });
  }
  if (!target.changes) return;
  const lock = await locks.tryExclusive(`${store}/serve.lock`);
  if (lock === undefined) {
    const address = (await readServeAddress({ files }, store)) ?? 'URL';
    throw new ProgramError({
      code: 'store-in-use',
      kind: 'bad-input',
      message: `a cofferdam serve uses the store ${store}, so it has to do this itself`,
      hint: `ask it: cofferdam store ${target.command} --server ${address}; what only looks (stats, --dry-run) works beside it`,
    });
  }
  await lock.release();
}

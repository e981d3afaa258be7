import type { EngineSettings } from './engine-settings.ts';
import { startEngine } from './start-engine.ts';
import type { RunningEngine } from './start-engine.ts';
import type { ServeOptions, ServeVoice, StartupFact } from '../cli/index.ts';
import type { Configuration } from '../config.ts';
import { goServices } from '../go-services.ts';
import { isProgramError } from '../platform/index.ts';
import type { Logger } from '../platform/index.ts';
import { createHttpClient, createLogger, createQuietLogger } from '../platform/adapters.ts';
import { createCredentials } from '../proxy/index.ts';
import { createSpanExport } from '../telemetry/index.ts';
import type { SpanExport } from '../telemetry/index.ts';
import { servedSettings, sharedSettings } from './engine-settings.ts';
import { logSettings } from './log-settings.ts';
import type { ProgramContext } from './program-context.ts';
import { createOutgoing } from './outgoing.ts';
import { readTls } from './read-tls.ts';
import { createReloader } from './reload.ts';
import type { SystemSignals } from './system-signals.ts';
import { startWatch } from './watch.ts';

/** Streams in flight get this long after TERM; container runtimes kill after 30 s. */
const GRACE_MILLISECONDS = 25_000;
/** Whoever watches a first start should not wait longer for one small answer. */
const TRIAL_MILLISECONDS = 15_000;

/** `cofferdam serve`: until a signal asks it to stop. */
export async function serve(
  context: ProgramContext & { readonly signals: SystemSignals; readonly terminalOnStdin: boolean },
  configuration: Configuration,
  options: ServeOptions<Configuration>,
  voice: ServeVoice,
): Promise<number> {
  const { clock, environment, version } = context;
  // Lines between the drawing and the terminal would tear it apart; the view shows the failures.
  const log =
    options.watch && context.log.isTerminal
      ? undefined
      : createLogger({ clock }, logSettings(configuration, context.log));
  const logger = log ?? createQuietLogger();
  const http = createOutgoing({ logger }, context, configuration);
  const credentials = createCredentials(
    { ...context, http, logger },
    { goauth: environment['GOAUTH'] ?? '', directory: context.directory, environment },
  );
  // A terminal that closes hangs up on what it started; a service is told so to read its settings.
  const stopNames: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];
  const stop = context.signals.waitFor(
    context.terminalOnStdin ? [...stopNames, 'SIGHUP'] : stopNames,
  );
  // From the first moment on: whoever sends it while we start must not end us.
  let hangUp = async (): Promise<void> => undefined;
  const forget = context.terminalOnStdin
    ? () => undefined
    : context.signals.listen(['SIGHUP'], () => void hangUp());
  let spans: SpanExport | undefined;
  try {
    // An export would be an outgoing connection.
    spans = configuration.offline
      ? undefined
      : await createSpanExport({ clock, logger, environment }, { version });
    const settings = await engineSettings({ ...context, logger }, configuration);
    const engine = await startEngine({ ...context, logger, http, credentials, spans }, settings);
    const load = options.loadAgain;
    const reloader = createReloader({ load, engine, logger }, configuration);
    hangUp = async () => reloader.reload();
    voice.listening(shownAddress(engine));
    if (options.tryIt) voice.ready(await tryOut(context, engine, configuration));
    const { look } = engine;
    const watch = options.watch
      ? startWatch({ clock, logger, look, voice }, shownAddress(engine))
      : undefined;
    await stop.arrived;
    watch?.stop();
    voice.say('stopping; answers under way may end first, a second signal breaks them off');
    await Promise.race([engine.stop(GRACE_MILLISECONDS), stop.arrivedAgain]);
    return 0;
  } finally {
    stop.close();
    forget();
    await http.close();
    await spans?.close();
    await log?.close();
  }
}

async function engineSettings(
  { logger, ...context }: ProgramContext & { readonly logger: Logger },
  configuration: Configuration,
): Promise<EngineSettings> {
  const { listen, workers } = configuration;
  const tls = await readTls(context, configuration);
  for (const notice of tls?.notices ?? []) logger.warn(notice);
  return {
    ...sharedSettings(configuration),
    ...servedSettings(configuration),
    version: context.version,
    // Empty is every address, of IPv6 too where the machine has it.
    host: listen.host ?? '',
    port: listen.port,
    tls,
    workers:
      workers > 1 ? { count: workers, log: logSettings(configuration, context.log) } : undefined,
    isServer: true,
    secretBase: undefined,
  };
}

function shownAddress({ address }: RunningEngine): string {
  return address.replace(/^(https?:\/\/):/, '$1[::]:');
}

/** One question that a `go` command would ask, all the way to an upstream where that is allowed. */
async function tryOut(
  { clock, version }: ProgramContext,
  engine: RunningEngine,
  configuration: Configuration,
): Promise<readonly StartupFact[]> {
  const store = { ok: true, name: 'store', text: configuration.store };
  if (configuration.tlsCert !== undefined) return [store];
  const module = goServices.exampleModule;
  const name = `go list -m -versions ${module}`;
  const client = createHttpClient({}, { version, environment: {} });
  const began = clock.monotonicMilliseconds();
  try {
    const address = engine.address.replace(/\/\/(\[::\]|0\.0\.0\.0)?:/, '//127.0.0.1:');
    const response = await client.request({
      method: 'GET',
      url: `${address}/${module}/@v/list`,
      signal: clock.deadline(TRIAL_MILLISECONDS),
      connectMilliseconds: TRIAL_MILLISECONDS,
      headersMilliseconds: TRIAL_MILLISECONDS,
      idleMilliseconds: TRIAL_MILLISECONDS,
    });
    let body = '';
    for await (const bytes of response.body) body += bytes.toString();
    const lines = body.split('\n').filter((line) => line !== '');
    const took = Math.round(clock.monotonicMilliseconds() - began);
    const text =
      response.status === 200
        ? `${lines.length} version${lines.length === 1 ? '' : 's'} in ${took} ms`
        : (lines[0] ?? 'no answer');
    return [store, { ok: response.status === 200, name, text }];
  } catch (error) {
    const text = isProgramError(error) ? error.message : String(error);
    return [store, { ok: false, name, text }];
  } finally {
    await client.close();
  }
}

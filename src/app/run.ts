import { basename } from 'node:path';
import type { EngineSettings } from './engine-settings.ts';
import { startEngine } from './start-engine.ts';
import type { RunRequest } from '../cli/index.ts';
import type { Configuration } from '../config.ts';
import { parseChecksumDatabase } from '../configuration/checksum-database.ts';
import { goServices } from '../go-services.ts';
import { createGuard, type Engine, type EngineRequest } from '../guard/index.ts';
import { detectBuildSystem } from '../guard/reporting/index.ts';
import { ProgramError } from '../platform/index.ts';
import type { Logger } from '../platform/index.ts';
import type { HttpClient } from '../platform/http/index.ts';
import { createLogger, createQuietLogger } from '../platform/adapters.ts';
import { createCredentials, type Credentials } from '../proxy/index.ts';
import { sharedSettings } from './engine-settings.ts';
import { logSettings } from './log-settings.ts';
import { createLookAgain } from './look-again.ts';
import type { ProgramContext } from './program-context.ts';
import type { EnginePlace } from './name-upstreams.ts';
import { createOutgoing } from './outgoing.ts';
import { readFailure } from './read-failure.ts';
import type { RunContext } from './run-context.ts';
import { runSurrounded } from './run-surrounded.ts';

/** The child is gone, so nobody reads any more; what has been fetched may still reach the disk. */
const GRACE_MILLISECONDS = 3000;
/** After a limit: whatever hangs would use up all of it. */
const LATE_MILLISECONDS = 500;

/** `cofferdam run -- COMMAND`: gives the command's own exit code. */
export async function run(
  context: RunContext,
  request: RunRequest<Configuration>,
): Promise<number> {
  const { configuration, command, quiet } = request;
  const { clock } = context;
  // The command's own stderr is what people read; our log joins in only when it was asked for.
  const log =
    configuration.origins.logLevel === 'default'
      ? undefined
      : createLogger({ clock }, logSettings(configuration, context.log));
  const logger = log ?? createQuietLogger();
  const http = createOutgoing({ logger }, context, configuration);
  try {
    const summary = await runSurrounded(context, request, async (around) => {
      const { child, engineStarted, ...given } = around;
      const surroundings = { ...context, ...given };
      const started: { engine?: EnginePlace; credentials?: Credentials } = {};
      const guard = createGuard(
        {
          ...surroundings,
          logger,
          startEngine: async (asked) => {
            const parts = { http, logger };
            const credentials = createCredentials({ ...surroundings, ...parts }, asked.credentials);
            started.credentials = credentials;
            const all = { ...parts, credentials };
            const engine = await startEngineFor(surroundings, configuration, all, asked);
            engineStarted(engine.summary);
            const { address, failedRequests } = engine;
            started.engine = { address, upstream: asked.upstream, failedRequests };
            return engine;
          },
          readFailure: () => readFailure(() => started.engine),
          lookAgain: mayLookAgain(request)
            ? createLookAgain(surroundings, () => started.credentials)
            : undefined,
        },
        { goServices },
      );
      return guard.run(command, {
        directory: context.directory,
        terminalOnStdin: context.terminalOnStdin,
        quiet,
        offline: configuration.offline,
        child,
        noDiagnosis: !request.diagnose,
        stderrIsTerminal: context.log.isTerminal,
        readsStdout: readsStdout(context, request),
        classifyExit: request.classifyExit,
        ...request.flow,
      });
    });
    return summary.exitCode;
  } finally {
    await http.close();
    await log?.close();
  }
}

/** Where the network is not to be used, or nobody reads what would be found, nobody looks. */
function mayLookAgain({
  configuration,
  confirm,
  quiet,
  reporting,
}: RunRequest<Configuration>): boolean {
  return confirm && !quiet && !configuration.offline && !reporting.verifyOffline;
}

interface EngineParts {
  readonly http: HttpClient;
  readonly logger: Logger;
  readonly credentials: Credentials;
}

async function startEngineFor(
  context: ProgramContext,
  configuration: Configuration,
  { http, logger, credentials }: EngineParts,
  request: EngineRequest,
): Promise<Engine & Pick<EnginePlace, 'failedRequests'>> {
  const settings: EngineSettings = {
    ...sharedSettings(configuration),
    version: context.version,
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    upstream: request.upstream,
    // The child applies GOPRIVATE and GONOPROXY itself: who sets GONOPROXY=none sends private modules
    // to his own list on purpose.
    privateUpstream: undefined,
    privatePatterns: '',
    noLookupPatterns: request.noSumdbPatterns,
    noLookAheadPatterns: request.noProxyPatterns,
    databases: databasesOf(request.sumdb),
    // The child verifies by itself, and says so where it does not.
    requireVerification: false,
    expectedHashes: request.expectedHashes,
    isServer: false,
    secretBase: request.secretPath,
  };
  const engine = await startEngine({ ...context, http, logger, credentials }, settings);
  return {
    address: engine.address,
    notice: engine.notice,
    summary: engine.summary,
    waiting: engine.waiting,
    failedRequests: engine.failedRequests,
    expect: engine.expect,
    stop: (isLate) => engine.stop(isLate === true ? LATE_MILLISECONDS : GRACE_MILLISECONDS),
  };
}

function databasesOf(sumdb: string): EngineSettings['databases'] {
  const parsed = parseChecksumDatabase(sumdb);
  if (parsed.ok) return parsed.value === undefined ? [] : [parsed.value];
  throw new ProgramError({
    code: 'configuration-invalid',
    kind: 'bad-input',
    message: `GOSUMDB: ${JSON.stringify(sumdb)} ${parsed.problem}`,
  });
}

/** Build systems keep both streams of a step, and `go test` says on stdout what failed. */
function readsStdout(
  { terminalOnStdout, environment }: RunContext,
  { command, reporting }: RunRequest<Configuration>,
): boolean {
  if (terminalOnStdout) return false;
  const [program = '', verb = ''] = command;
  const isTest = basename(program) === 'go' && verb === 'test';
  return isTest || detectBuildSystem(environment, reporting.buildSystem).name !== 'none';
}

import { readGoSettings, readGoSums } from '../gosettings/index.ts';
import type { GoSettings, GoSums } from '../gosettings/index.ts';
import { isProgramError } from '../platform/index.ts';
import { planChild } from './child-plan.ts';
import type { ChildPlan } from './child-plan.ts';
import type { Engine } from './engine.ts';
import { readExpectedModules } from './expected-modules.ts';
import { directoryOf, downloadsAll, readsModules } from './download/index.ts';
import type { ExpectedModule } from './engine.ts';
import type { RunContext } from './run-context.ts';

/** 128 bits: the path is the only secret between the child and the engine. */
const secretBytes = 16;

export interface Prepared {
  readonly engine: Engine | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** What go.sum names and the module cache has not. */
  readonly expected: Promise<readonly ExpectedModule[]>;
}

/** Settings, engine and environment of the child. Throws where the command must not be started. */
export async function prepare(run: RunContext): Promise<Prepared> {
  const { needs, notice } = run;
  const { mirror, checksumDatabase } = run.settings.goServices;
  const go = await readGoSettings(
    needs.processes,
    directoryOf(run.command, run.options.directory),
    needs.environment,
    run.stopped,
    { GOPROXY: `${mirror},direct`, GOSUMDB: checksumDatabase.name },
  );
  if (go.guessedBecause !== undefined) {
    notice(`${go.guessedBecause}; taking Go's settings from the environment and its defaults`);
  }
  const goSums = readGoSums(needs.files, go.settings);
  const expected = goSums.then(async (sums) => readExpectedModules(needs, go.settings, sums));
  // It may fail before anybody listens.
  expected.catch(() => undefined);
  const plan = planChild(go.settings, checksumDatabase);
  if (plan.kind === 'unchanged') {
    notice(`running without the engine: ${plan.reason}, so it stays as it is`);
    if (run.options.offline === true) notice(NOT_BOUND);
    return { engine: undefined, environment: needs.environment, expected };
  }
  if (run.options.offline === true && goesDirectly(plan)) notice(NOT_BOUND);
  const prepared = await startEngine(run, plan, go.settings, goSums, expected).catch(
    (error: unknown): Prepared => {
      // What only the engine cannot use must not stop a command that `go` itself may manage.
      const isUnusable = isProgramError(error) && error.code === 'upstream-list-invalid';
      if (!isUnusable || run.options.offline === true) throw error;
      notice(`running without the engine: ${error.message}, so GOPROXY stays as it is`);
      return { engine: undefined, environment: needs.environment, expected };
    },
  );
  if (prepared.engine?.notice !== undefined) notice(prepared.engine.notice);
  const { problem } = await goSums;
  if (problem !== undefined) notice(`go.sum cannot tell right answers from wrong ones: ${problem}`);
  return prepared;
}

const NOT_BOUND =
  '--offline binds the engine: what go fetches by itself is not held back (--verify-offline does)';

/** A pipe sends it on after any failure, and that the store lacks something is one. */
function goesDirectly(plan: Extract<ChildPlan, { kind: 'engine' }>): boolean {
  return plan.variables('')['GOPROXY']?.endsWith('|direct') === true;
}

async function startEngine(
  { needs, options, command, stopped }: RunContext,
  plan: Extract<ChildPlan, { kind: 'engine' }>,
  settings: GoSettings,
  goSums: Promise<GoSums>,
  expected: Prepared['expected'],
): Promise<Prepared> {
  const secretPath = `/-/run/${needs.random.bytes(secretBytes).toString('hex')}`;
  const { environment } = needs;
  const starting = goSums.then(async ({ hashes: expectedHashes }) =>
    needs.startEngine({
      upstream: plan.upstream,
      sumdb: plan.sumdb,
      noSumdbPatterns: settings.GONOSUMDB,
      noProxyPatterns: settings.GONOPROXY,
      secretPath,
      expectedHashes,
      credentials: { goauth: settings.GOAUTH, directory: options.directory, environment },
    }),
  );
  const engine = await unlessStopped(starting, stopped);
  if (readsModules(command)) {
    // Nobody waits for this, and nothing depends on it.
    const isAll = downloadsAll(command);
    expected
      .then((modules) => engine.expect(modules, isAll))
      .catch((error: unknown) => {
        needs.logger.debug('go.sum could not be used to look ahead', { error: String(error) });
      });
  }
  const variables = plan.variables(engine.address + secretPath);
  return { engine, environment: { ...environment, ...variables }, expected };
}

/** An engine that hangs while it starts must not make us deaf to TERM. */
async function unlessStopped(starting: Promise<Engine>, stopped: AbortSignal): Promise<Engine> {
  const { promise: stop, reject } = Promise.withResolvers<never>();
  function leave(): void {
    reject(new Error('stopped'));
  }
  stopped.addEventListener('abort', leave, { once: true });
  if (stopped.aborted) leave();
  try {
    return await Promise.race([starting, stop]);
  } catch (error) {
    // Whoever starts after all must not stay behind.
    starting.then((late) => late.stop()).catch(() => undefined);
    throw error;
  } finally {
    stopped.removeEventListener('abort', leave);
  }
}

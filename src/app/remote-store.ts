import type { HttpClient } from '../platform/http/index.ts';
import type { Clock } from '../platform/index.ts';
import { ProgramError } from '../platform/index.ts';
import type { StoreCare } from '../proxy/index.ts';
import { storeSchemas } from '../server/index.ts';
import type { StoreTask } from '../server/index.ts';
import { createServerApi, firstLine } from './server-api.ts';
import type { ServerAnswer } from './server-api.ts';

/** Between two questions how far a task has come: soon enough for a small store. */
const ASK_AGAIN_MILLISECONDS = 250;
/** Looking through a store of 100,000 versions takes the server some seconds, on a slow disk a minute. */
const ANSWER_MILLISECONDS = 300_000;

/** The store of a running server, through its API. */
export function createRemoteStore(
  needs: { readonly http: HttpClient; readonly clock: Clock },
  { url }: { readonly url: string },
): StoreCare {
  const server = createServerApi(needs, { url, answerMilliseconds: ANSWER_MILLISECONDS });
  const { base, read, strange } = server;

  async function ask(path: string, body?: object): Promise<ServerAnswer> {
    return server.ask(`store/${path}`, body);
  }

  /** Begins a task and waits for its end. */
  async function finish(
    kind: StoreTask['kind'],
    { dryRun, progress, signal }: Parameters<StoreCare['verify']>[0],
  ): Promise<StoreTask> {
    const begun = await ask(kind, { dryRun });
    if (begun.status === 409) throw busy(base, begun);
    let task = read(storeSchemas.task, begun);
    while (task.state === 'running') {
      await needs.clock.sleep(ASK_AGAIN_MILLISECONDS, signal);
      task = read(storeSchemas.task, await ask(`task?id=${encodeURIComponent(task.id)}`));
      progress?.(task);
    }
    if (task.problem === undefined) return task;
    const { code, message, hint = '' } = task.problem;
    if (code === undefined) throw new Error(`the server said: ${message}`);
    throw new ProgramError({ code, kind: 'conflict', message, hint });
  }

  return {
    stats: async () => read(storeSchemas.stats, await ask('stats')),
    async verify(options) {
      const { verify } = await finish('verify', options);
      if (verify === undefined) throw strange('its report is missing');
      return verify;
    },
    async collectGarbage(options) {
      const { gc } = await finish('gc', options);
      if (gc === undefined) throw strange('its report is missing');
      return gc;
    },
    purge: async (wish) => read(storeSchemas.purge, await ask('purge', wish)),
    async refresh(path) {
      const answer = await ask('refresh', { path });
      if (answer.status === 400 || answer.status === 409) {
        const reason = answer.status === 400 ? 'malformed' : 'unasked';
        return { kind: 'refused', reason, problem: firstLine(answer) };
      }
      return { kind: 'refreshed', ...read(storeSchemas.refresh, answer) };
    },
  };
}

/** Its own code, as where the store is ours: it is the one refusal that waiting mends. */
function busy(base: string, answer: ServerAnswer): ProgramError {
  return new ProgramError({
    code: 'store-busy',
    kind: 'conflict',
    message: `the server at ${base} refused: ${firstLine(answer)}`,
    hint: 'try again when it has ended; a scrub of a large store may take an hour',
  });
}

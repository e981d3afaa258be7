import type { Clock, Random } from '../platform/index.ts';
import { isProgramError } from '../platform/index.ts';
import type { StoreCare } from '../proxy/index.ts';
import type { StoreTask, StoreTasks } from '../server/index.ts';

/** Whoever began one asks again within seconds; reports of many findings are not kept for ever. */
const MAXIMUM_KNOWN = 4;

export interface RunningStoreTasks extends StoreTasks {
  /** Stops what runs, and waits for it. */
  close(): Promise<void>;
}

/** Verify and gc in the background of a server, one at a time. */
export function createStoreTasks(needs: {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: () => StoreCare;
}): RunningStoreTasks {
  const { clock, random } = needs;
  const stopping = new AbortController();
  const known = new Map<string, StoreTask>();
  let running: Promise<void> | undefined;

  async function work(task: StoreTask, dryRun: boolean): Promise<void> {
    const update = (news: Partial<StoreTask>): void => {
      known.set(task.id, { ...(known.get(task.id) ?? task), ...news });
    };
    const options = { dryRun, progress: update, signal: stopping.signal };
    try {
      const store = needs.store();
      const reports =
        task.kind === 'verify'
          ? { verify: await store.verify(options) }
          : { gc: await store.collectGarbage(options) };
      update({ state: 'done', ...reports });
    } catch (error) {
      update({ state: 'failed', problem: problemOf(error) });
    }
  }

  return {
    begin(kind, dryRun) {
      if (running !== undefined) return undefined;
      const task: StoreTask = {
        id: random.bytes(8).toString('hex'),
        kind,
        state: 'running',
        started: clock.now().toString(),
        versions: 0,
        bytes: 0,
      };
      const oldest = known.keys().next().value;
      if (known.size >= MAXIMUM_KNOWN && oldest !== undefined) known.delete(oldest);
      known.set(task.id, task);
      running = work(task, dryRun).finally(() => {
        running = undefined;
      });
      return task;
    },
    find: (id) => (id === undefined ? [...known.values()].at(-1) : known.get(id)),
    async close() {
      stopping.abort();
      await running;
    },
  };
}

function problemOf(error: unknown): NonNullable<StoreTask['problem']> {
  if (!isProgramError(error)) return { message: String(error) };
  const { code, message, hint } = error;
  return { code, message, hint };
}

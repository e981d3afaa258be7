import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import {
  createQuietLogger,
  createSystemClock,
  createWorkerProcesses,
} from '../platform/adapters.ts';
import type { WorkerProcess } from '../platform/workers/index.ts';
import { acceptForOthers } from './accept-for-others.ts';
import type { SharedEntrance } from './accept-for-others.ts';

const CHANNEL = new URL('../platform/workers/primary-channel.ts', import.meta.url).href;
/** Says on each connection who it is, after the client said something. */
const ANSWERS = `
  import { connectToPrimary } from '${CHANNEL}';
  const primary = connectToPrimary();
  primary.onConnection((socket) => {
    socket.on('data', () => socket.write(String(process.pid)));
  });
  primary.onGone(() => process.exit());
  await primary.send({ kind: 'ready' });
`;
/** Hangs with a connection in its hand, before it says that it took it. */
const NEVER_TAKES = `
  process.on('message', () => {
    process.send({ kind: 'received' });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
  process.on('disconnect', () => process.exit());
  process.send({ kind: 'ready' });
`;

async function startEntrance(context: TestContext): Promise<SharedEntrance> {
  const clock = createSystemClock();
  const settings = { host: '127.0.0.1', port: 0, tls: undefined };
  const entrance = await acceptForOthers({ clock, logger: createQuietLogger() }, settings);
  context.after(async () => entrance.stop());
  return entrance;
}

async function heard(worker: WorkerProcess, kind: string): Promise<void> {
  await new Promise<void>((resolve) => {
    worker.onMessage((message) => {
      if ((message as { readonly kind: string }).kind === kind) resolve();
    });
  });
}

async function startWorker(context: TestContext, text: string): Promise<WorkerProcess> {
  const file = join(await temporaryFolder(context), 'worker.mjs');
  await writeFile(file, text);
  const worker = createWorkerProcesses({ file, words: [], flags: [] }).start();
  context.after(async () => {
    worker.kill();
    await worker.exited;
  });
  await heard(worker, 'ready');
  return worker;
}

/** A client that has said something. */
async function ask(context: TestContext, { address }: SharedEntrance): Promise<Socket> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  context.after(() => socket.destroy());
  await once(socket, 'connect');
  socket.write('who is there');
  return socket;
}

async function answerTo(socket: Socket): Promise<number> {
  const [said] = (await once(socket, 'data', { signal: AbortSignal.timeout(20_000) })) as [Buffer];
  return Number(said.toString());
}

test('what is handed to a process that dies before it takes it is answered by another', async (context) => {
  const entrance = await startEntrance(context);
  const victim = await startWorker(context, NEVER_TAKES);
  const received = heard(victim, 'received');
  entrance.add(victim);
  const client = await ask(context, entrance);
  await received;
  const other = await startWorker(context, ANSWERS);
  entrance.add(other);
  // One that does not take holds up no other connection.
  assert.equal(await answerTo(await ask(context, entrance)), other.pid);
  victim.kill();
  assert.equal(await answerTo(client), other.pid);
});

test('what is under way to a process that stands still and dies is answered by another', async (context) => {
  const entrance = await startEntrance(context);
  const [victim, other] = await Promise.all([
    startWorker(context, ANSWERS),
    startWorker(context, ANSWERS),
  ]);
  process.kill(victim.pid, 'SIGSTOP');
  entrance.add(victim);
  const client = await ask(context, entrance);
  entrance.add(other);
  assert.equal(await answerTo(await ask(context, entrance)), other.pid);
  victim.kill();
  assert.equal(await answerTo(client), other.pid);
  // Nor does one go to the dead.
  assert.equal(await answerTo(await ask(context, entrance)), other.pid);
});

test('connections that stay open are spread evenly', async (context) => {
  const entrance = await startEntrance(context);
  const workers = await Promise.all([startWorker(context, ANSWERS), startWorker(context, ANSWERS)]);
  for (const worker of workers) entrance.add(worker);
  const counts = new Map(workers.map(({ pid }) => [pid, 0]));
  for (let count = 0; count < 40; count += 1) {
    const pid = await answerTo(await ask(context, entrance));
    counts.set(pid, (counts.get(pid) ?? 0) + 1);
  }
  assert.ok(Math.min(...counts.values()) >= 15, JSON.stringify([...counts]));
});

test('at the end what was accepted is handed over, and nothing new is accepted', async (context) => {
  const entrance = await startEntrance(context);
  const worker = await startWorker(context, ANSWERS);
  const isReached = Promise.withResolvers<void>();
  const isReleased = Promise.withResolvers<void>();
  entrance.add({
    async handOver(connection) {
      isReached.resolve();
      await isReleased.promise;
      return worker.handOver(connection);
    },
  });
  const client = await ask(context, entrance);
  await isReached.promise;
  const stopped = entrance.stop();
  isReleased.resolve();
  await stopped;
  assert.equal(await answerTo(client), worker.pid);
  await assert.rejects(ask(context, entrance), { code: 'ECONNREFUSED' });
});

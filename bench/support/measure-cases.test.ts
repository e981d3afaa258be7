import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runningChildren, startServer } from './child.ts';
import { measureCases } from './measure-cases.ts';
import type { Row } from './rows.ts';
import type { Setting } from './setting.ts';

const ROW: Row = { case: 'a', server: 's', unit: 'requests', value: 1, samples: [1] };
const SERVER = `console.log('listening on http://127.0.0.1:1'); setInterval(() => 0, 1000)`;

async function startSleeper(): Promise<number> {
  return (await startServer([process.execPath, '-e', SERVER], '.')).pid;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a case that fails is told, leaves no server and nothing at the origin, and the next one runs', async (context) => {
  const said: string[] = [];
  const asked: string[] = [];
  const origin = {
    setNetwork: async () => void asked.push('network'),
    setFaults: async () => void asked.push('faults'),
    reset: async () => void asked.push('reset'),
  };
  const setting = { origin, say: (text: string) => void said.push(text) } as unknown as Setting;
  const kept = await startServer([process.execPath, '-e', SERVER], '.');
  context.after(kept.stop);
  const pids: number[] = [];
  const { rows, failed } = await measureCases(
    [
      {
        name: 'broken',
        async measure() {
          pids.push(await startSleeper(), await startSleeper());
          throw new Error('the server answered 500');
        },
      },
      { name: 'good', measure: async () => [ROW] },
    ],
    setting,
  );
  assert.deepEqual(rows, [ROW]);
  assert.deepEqual(failed, [{ case: 'broken', reason: 'the server answered 500' }]);
  assert.deepEqual(asked, ['network', 'faults', 'reset']);
  assert.match(said.join('\n'), /broken failed: the server answered 500/u);
  assert.equal(pids.length, 2);
  assert.ok(pids.every((pid) => !isAlive(pid)));
  assert.ok(isAlive(kept.pid));
  assert.equal(runningChildren().size, 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Signals } from '../guard/index.ts';
import { keepSignals } from './kept-signals.ts';

test('a signal that comes early is told to whoever listens, and a late one ends nothing', () => {
  const listeners = new Set<(name: NodeJS.Signals) => void>();
  const source: Signals = {
    listen: (names, listener) => {
      const mine = (name: NodeJS.Signals): void => {
        if (names.includes(name)) listener(name);
      };
      listeners.add(mine);
      return () => listeners.delete(mine);
    },
  };
  const send = (name: NodeJS.Signals): void => {
    for (const listener of listeners) listener(name);
  };
  const kept = keepSignals(source);
  send('SIGTERM');
  const heard: string[] = [];
  const stop = kept.listen(['SIGTERM', 'SIGUSR1'], (name) => heard.push(name));
  send('SIGUSR1');
  stop();
  send('SIGTERM');
  assert.deepEqual(heard, ['SIGTERM', 'SIGUSR1']);
  assert.equal(listeners.size, 1);
  kept.close();
  assert.equal(listeners.size, 0);
});

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { createSystemSignals } from './system-signals.ts';

function signals(): {
  readonly source: EventEmitter;
  readonly port: ReturnType<typeof createSystemSignals>;
} {
  const source = new EventEmitter();
  return { source, port: createSystemSignals(source as unknown as NodeJS.Process) };
}

test('a wait sees the first signal and the second, whichever they are', async () => {
  const { source, port } = signals();
  const wait = port.waitFor(['SIGTERM', 'SIGINT']);
  source.emit('SIGINT', 'SIGINT');
  await wait.arrived;
  source.emit('SIGTERM', 'SIGTERM');
  await wait.arrivedAgain;
  wait.close();
  assert.equal(source.listenerCount('SIGINT'), 0);
  assert.equal(source.listenerCount('SIGTERM'), 0);
});

test('a listener hears names until it is taken off', () => {
  const { source, port } = signals();
  const heard: string[] = [];
  const forget = port.listen(['SIGHUP'], (name) => heard.push(name));
  source.emit('SIGHUP', 'SIGHUP');
  forget();
  source.emit('SIGHUP', 'SIGHUP');
  assert.deepEqual(heard, ['SIGHUP']);
});

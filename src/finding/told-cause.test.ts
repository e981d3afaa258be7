import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldCause } from './told-cause.ts';

test('toldCause() keeps what the system said, and ends where causes go round', () => {
  const system = new Error('ENOSPC: no space left on device, write');
  const disk = new Error('cannot write "/store/x"', { cause: system });
  assert.equal(toldCause(disk), 'cannot write "/store/x": ENOSPC: no space left on device, write');
  assert.equal(toldCause('plain'), 'plain');
  const ring = new Error('round');
  ring.cause = new Error('and round', { cause: ring });
  assert.equal(toldCause(ring), 'round: and round');
});

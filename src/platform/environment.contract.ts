import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from './environment.ts';

type Make = (variables: Readonly<Record<string, string>>) => Environment;

/** What every adapter of the port Environment must do. */
export function environmentContract(name: string, make: Make): void {
  test(`${name}: get() tells unset from empty and invents nothing`, () => {
    const environment = make({ GOPROXY: 'off', GOFLAGS: '' });
    assert.equal(environment.get('GOPROXY'), 'off');
    assert.equal(environment.get('GOFLAGS'), '');
    assert.equal(environment.get('GONOPROXY'), undefined);
    assert.equal(environment.get('toString'), undefined);
  });

  test(`${name}: all() gives every variable and its own copy`, () => {
    const environment = make({ GOPROXY: 'off', GOFLAGS: '' });
    assert.deepEqual(environment.all(), { GOPROXY: 'off', GOFLAGS: '' });
    assert.notEqual(environment.all(), environment.all());
  });
}

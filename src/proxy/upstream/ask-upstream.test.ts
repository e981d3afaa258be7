import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createTestMeter } from '../../../test/support/test-meter.ts';
import { createDiskFiles, createQuietLogger } from '../../platform/adapters.ts';
import { ProgramError } from '../../platform/index.ts';
import type { HttpClient } from '../../platform/http/index.ts';
import { HEALTH_SETTINGS, createHealthRegister } from '../health/index.ts';
import { WALK_LIMITS } from '../proxy-limits.ts';
import type { Failed } from './answer.ts';
import { askUpstream } from './ask-upstream.ts';

/** What one question with user info in the URL becomes. */
async function ask(request: HttpClient['request']): Promise<Failed> {
  const clock = createTestClock();
  const random = { fraction: () => 0.5, bytes: (count: number) => Buffer.alloc(count) };
  const needs = { clock, random, logger: createQuietLogger(), meter: createTestMeter() };
  const http: HttpClient = { request, close: async () => undefined };
  const health = createHealthRegister(needs, HEALTH_SETTINGS);
  const answer = await askUpstream(
    { ...needs, http, files: createDiskFiles(), count: () => undefined, health },
    { ...WALK_LIMITS, via: '1.1 test' },
    {
      kind: 'http',
      base: 'https://alice:secret7@a.test/go',
      name: 'https://a.test/go',
      fallBackOnError: false,
    },
    { key: 'm.test/@v/list', signal: new AbortController().signal, via: undefined },
  );
  assert.ok(answer.outcome === 'failed');
  return answer;
}

async function answer(status: number, finalUrl: string, text: string): Promise<Failed> {
  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.from(text);
  }
  const headers = { 'content-type': 'text/plain', 'retry-after': '9' };
  return ask(async () => ({
    status,
    headers,
    finalUrl,
    body: body(),
    encoded: false,
    discard: () => undefined,
  }));
}

test('a status is told with its host, its words and its wait, without the secrets of the request', async () => {
  const failure = await answer(503, 'https://a.test/go/m.test/@v/list', 'alice:secret7 must wait');
  assert.equal(failure.message, 'https://a.test/go answered 503 Service Unavailable');
  assert.equal(failure.retryAfterSeconds, 9);
  assert.deepEqual(failure.speaker, {
    name: 'a.test',
    isRedirected: false,
    words: ['[hidden] must wait'],
  });
});

test('after a redirect the other host is the one that answered', async () => {
  const failure = await answer(403, 'https://storage.test:8443/blob', 'no');
  assert.equal(
    failure.message,
    'https://storage.test:8443, where https://a.test/go redirects to, answered 403 Forbidden',
  );
  assert.deepEqual(failure.speaker, {
    name: 'storage.test:8443',
    isRedirected: true,
    words: ['no'],
  });
});

test('a request that is refused as it stands says nothing against the upstream; what may pass does', async () => {
  const kinds = [
    [400, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
    [451, 'refused'],
    [408, 'unavailable'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [504, 'timeout'],
  ] as const;
  for (const [status, kind] of kinds) assert.equal((await answer(status, '', '')).kind, kind);
});

test('a forward proxy that refuses the tunnel refuses it again; one in trouble may not', async () => {
  for (const [status, kind] of [
    [407, 'refused'],
    [403, 'refused'],
    [502, 'unavailable'],
  ] as const) {
    const failure = await ask(async () => {
      throw new ProgramError({
        code: 'http-connect-failed',
        kind: 'unavailable',
        message: `the proxy answered ${status}`,
        hint: 'Mend the proxy.',
        details: { status },
      });
    });
    assert.deepEqual([failure.kind, failure.hint], [kind, 'Mend the proxy.'], String(status));
  }
});

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { failsWith } from '../../../test/support/http-requests.ts';
import { createRouter } from './http-client-route.ts';

test('a name that a redirect led to is not connected to where it is this machine', async (context) => {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const router = createRouter({}, { environment: {}, userAgent: 'test' });
  const { signal } = new AbortController();
  const url = new URL(`http://localhost:${port}/`);
  const refused = router(url, true);
  await assert.rejects(
    refused.dial(signal, () => undefined),
    failsWith('http-redirect-local', `localhost:${port}`),
  );
  // Connections that were checked are not shared with those that were not.
  const taken = router(url, false);
  assert.notEqual(taken.key, refused.key);
  (await taken.dial(signal, () => undefined)).destroy();
});

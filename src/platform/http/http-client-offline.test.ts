import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHttpServer } from '../../../test/support/http-servers.ts';
import { failsWith, requestFor } from '../../../test/support/http-requests.ts';
import { createOfflineHttpClient } from './http-client-offline.ts';

test('createOfflineHttpClient() refuses everything and connects to nothing', async (context) => {
  const server = await startHttpServer(context, (_request, response) => response.end());
  const client = createOfflineHttpClient();
  await assert.rejects(
    client.request(requestFor(`${server.url}/?token=secret`)),
    failsWith('offline'),
  );
  const reason = new Error('no longer wanted');
  await assert.rejects(
    client.request(requestFor(server.url, { signal: AbortSignal.abort(reason) })),
    reason,
  );
  await client.close();
  assert.equal(server.accepted(), 0);
});

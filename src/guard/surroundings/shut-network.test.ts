import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProcesses } from '../../platform/adapters.ts';
import type { Processes } from '../../platform/index.ts';
import { shutNetwork } from './shut-network.ts';

const environment = { PATH: process.env['PATH'] ?? '', GODEBUG: 'netdns=go' };

test('where the kernel permits it, nothing but loopback is there and the command stays what it is', async (context) => {
  const processes = createProcesses();
  const shut = await shutNetwork(processes, '/', environment);
  if (!shut.isProof) return context.diagnostic('network namespaces are not permitted here');
  const script = 'tail -n +3 /proc/net/dev | grep -vc "^ *lo:"; id -u; exit 7';
  const result = await processes.run([...shut.prefix, 'sh', '-c', script], {
    directory: '/',
    environment,
    timeoutMilliseconds: 30_000,
    maximumOutputBytes: 10_000,
  });
  assert.equal(result.code, 7);
  assert.equal(result.stdout.toString(), `0\n${process.getuid?.() ?? 0}\n`);
  assert.deepEqual(shut.variables, { GOPROXY: 'off' });
});

test('where it does not, the settings of Go shut it, and that is said to be no proof', async () => {
  const refusing: Pick<Processes, 'run'> = {
    run: async () => ({
      code: 1,
      signal: undefined,
      stdout: Buffer.alloc(0),
      stderr: Buffer.from('unshare failed: Operation not permitted'),
    }),
  };
  const shut = await shutNetwork(refusing, '/', environment);
  assert.equal(shut.isProof, false);
  assert.deepEqual(shut.prefix, []);
  assert.deepEqual(shut.variables, { GOPROXY: 'off', GODEBUG: 'netdns=go,cmdgonetlimit=0' });
});

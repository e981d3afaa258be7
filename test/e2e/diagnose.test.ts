// `cofferdam diagnose` on what the real `go` says when it fails.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

interface Ended {
  readonly code: number | null;
  readonly out: string;
}

async function run(
  command: string,
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly input?: string },
): Promise<Ended> {
  const child = spawn(command, words, { ...options, stdio: 'pipe' });
  let out = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out };
}

/** What `go mod download` says of one module, when the proxy behaves so. */
async function failingLog(
  context: TestContext,
  proxy: (request: IncomingMessage, response: ServerResponse) => void,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const server = createServer(proxy).listen(0, '127.0.0.1');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = await temporaryFolder(context);
  const module = join(folder, 'main');
  await mkdir(module);
  await writeFile(
    join(module, 'go.mod'),
    'module app.test\n\ngo 1.20\n\nrequire m.test/x v1.0.0\n',
  );
  const { code, out } = await run('go', ['mod', 'download'], {
    cwd: module,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      GOENV: 'off',
      GOFLAGS: '-modcacherw',
      GOPATH: join(folder, 'gopath'),
      GOTOOLCHAIN: 'local',
      GOPROXY: `http://127.0.0.1:${port}`,
      GOSUMDB: 'off',
      ...environment,
    },
  });
  assert.equal(code, 1, out);
  return out;
}

async function diagnosed(log: string): Promise<readonly [number | null, string, number]> {
  const words = [MAIN, 'diagnose', '--format', 'json', '--quiet'];
  const { code, out } = await run(process.execPath, words, { input: log });
  const { findings } = JSON.parse(out) as {
    readonly findings: readonly { code: string; evidence: readonly { line: number }[] }[];
  };
  return [code, findings[0]?.code ?? 'nothing', findings[0]?.evidence[0]?.line ?? 0];
}

test('what the real go says of a failing proxy is named', async (context) => {
  const refused = await failingLog(context, (_, response) => {
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('no space left on device');
  });
  assert.deepEqual(await diagnosed(refused), [1, 'proxy-forbidden', 1]);
  const cut = await failingLog(context, (request) => {
    request.socket.destroy();
  });
  assert.deepEqual(await diagnosed(cut), [1, 'conn-eof', 1]);
  const page = await failingLog(context, (_, response) => {
    response.end('<!DOCTYPE html>');
  });
  assert.deepEqual(await diagnosed(page), [1, 'proxy-bad-gomod', 1]);
});

test('what the real go says of its own settings is named', async (context) => {
  const answer = (_: IncomingMessage, response: ServerResponse): void => {
    response.end();
  };
  const scheme = await failingLog(context, answer, { GOPROXY: 'ftp://p.test' });
  assert.deepEqual(await diagnosed(scheme), [1, 'goproxy-misconfigured', 1]);
  const off = await failingLog(context, answer, { GOPROXY: 'off' });
  assert.deepEqual(await diagnosed(off), [1, 'goproxy-off', 1]);
});

test('a log in which nothing failed is nothing to check', async () => {
  const { code } = await run(process.execPath, [MAIN, 'diagnose'], {
    input: 'ok  \tm.test\t0.1s\n',
  });
  assert.equal(code, 3);
});

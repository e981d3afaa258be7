import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { stopAtExit, stopChild } from './child.ts';

export interface NginxProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** One nginx worker over a folder, with the committed configuration. */
export async function startNginx(
  root: string,
  tree: string,
  scratch: string,
): Promise<NginxProcess> {
  const prefix = join(scratch, 'nginx');
  await mkdir(prefix, { recursive: true });
  const port = await findFreePort();
  const template = await readFile(join(root, 'bench', 'nginx.conf'), 'utf8');
  const text = template
    .replaceAll('{{port}}', String(port))
    .replaceAll('{{user}}', userInfo().username)
    .replaceAll('{{tree}}', tree);
  const file = join(prefix, 'nginx.conf');
  await writeFile(file, text);
  const log = join(prefix, 'error.log');
  const words = ['-p', prefix, '-c', file, '-e', log, '-g', 'daemon off;'];
  const child = spawn('nginx', words, { stdio: 'ignore' });
  stopAtExit(child);
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 100; attempt++) {
    const up = await fetch(url).then(
      () => true,
      () => false,
    );
    if (up) return { url, stop: async () => stopChild(child) };
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
  await stopChild(child);
  throw new Error(`nginx did not start: ${await readFile(log, 'utf8').catch(() => 'no log')}`);
}

async function findFreePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    server.close(() => resolve(port));
  });
  return promise;
}

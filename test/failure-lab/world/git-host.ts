import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';

/** One commit: its files, and a tag where it has one. */
export interface LabCommit {
  readonly files: Readonly<Record<string, string>>;
  readonly tag?: string;
}

const QUIET = {
  GIT_AUTHOR_NAME: 'Dev',
  GIT_AUTHOR_EMAIL: 'dev@example.com',
  GIT_COMMITTER_NAME: 'Dev',
  GIT_COMMITTER_EMAIL: 'dev@example.com',
  GIT_AUTHOR_DATE: '2024-03-05T10:11:12Z',
  GIT_COMMITTER_DATE: '2024-03-05T10:11:12Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
  HOME: '/nonexistent',
};

/** A bare repository under `folder` that git http-backend serves as `/NAME.git`; gives the commits' ids. */
export function createRepository(
  folder: string,
  name: string,
  commits: readonly LabCommit[],
): readonly string[] {
  const work = join(folder, 'work', name);
  mkdirSync(work, { recursive: true });
  const env = { ...process.env, ...QUIET };
  function git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: work, env, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  }
  git('init', '-q', '-b', 'main');
  const ids = commits.map(({ files, tag }) => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(work, file)), { recursive: true });
      writeFileSync(join(work, file), text);
    }
    git('add', '-A');
    git('commit', '-q', '-m', tag ?? 'work');
    if (tag !== undefined) git('tag', tag);
    return git('rev-parse', 'HEAD');
  });
  const bare = join(folder, 'bare', `${name}.git`);
  mkdirSync(dirname(bare), { recursive: true });
  git('clone', '-q', '--bare', work, bare);
  execFileSync('git', ['config', 'http.receivepack', 'false'], { cwd: bare, env });
  return ids;
}

/** Git's smart protocol over HTTP for the repositories under `folder`. */
export function gitHost(folder: string): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://git');
    const parts = url.pathname.split('/');
    const stands = url.pathname.includes('.git/')
      ? url.pathname
      : parts.toSpliced(3, 0, '').join('/').replace('//', '.git/');
    const child = spawn('git', ['http-backend'], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: join(folder, 'bare'),
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: '*',
        PATH_INFO: stands,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        REMOTE_ADDR: '127.0.0.1',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    request.pipe(child.stdin);
    child.stdin.on('error', () => undefined);
    const pieces: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => pieces.push(bytes));
    child.on('close', () => {
      respond(Buffer.concat(pieces), response);
    });
  };
}

function respond(said: Buffer, response: ServerResponse): void {
  const end = said.indexOf('\r\n\r\n');
  if (end < 0) {
    response.writeHead(500).end();
    return;
  }
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of said.toString('latin1', 0, end).split('\r\n')) {
    const [name = '', ...rest] = line.split(': ');
    if (name.toLowerCase() === 'status') status = Number(rest.join(': ').slice(0, 3));
    else headers[name] = rest.join(': ');
  }
  response.writeHead(status, headers).end(said.subarray(end + 4));
}

/** The page that tells go where the repository of a vanity path is. */
export function metaPage(root: string, repository: string): string {
  return `<html><head><meta name="go-import" content="${root} git ${repository}"></head></html>`;
}

export function isGoGet(request: IncomingMessage): boolean {
  return request.url?.includes('go-get=1') === true;
}

import { join } from 'node:path';
import type { Home } from './home.ts';
import type { Kind } from './kinds.ts';
import type { Command } from './play.ts';
import { ways } from './upstream.ts';
import type { Seen } from './watch.ts';

/** The log of a build that printed everything, and then failed. */
export function logOf(kinds: readonly Kind[]): string {
  const said = kinds.map(
    ({ line, name }) =>
      `go: m.test/${name}@v1.0.0: reading https://p.test/x: 403 Forbidden\n\tserver response: ${line}\n`,
  );
  const first = kinds.map(({ line }) => `${line}\n`);
  return `${first.join('')}${said.join('')}##[error]Process completed with exit code 1.\n`;
}

export function commandsFor(home: Home, kinds: readonly Kind[], log: string): readonly Command[] {
  const store = ['--store', join(home.folder, 'store')];
  const lines = kinds.map(({ line }) => line);
  const printed = join(home.folder, 'printed.txt');
  const out = join(home.folder, 'out');
  const modules = kinds.map(({ name }) => `m.test/body403/${name}@v1.0.0`);
  const formats = ['text', 'json', 'sarif', 'junit', 'github', 'gitlab'];
  return [
    { name: 'config print', words: ['config', 'print'] },
    { name: 'config check', words: ['config', 'check'] },
    { name: 'env explain', words: ['env', 'explain'] },
    { name: 'env explain GOPROXY', words: ['env', 'explain', 'GOPROXY'] },
    { name: 'env explain-path', words: ['env', 'explain-path', 'm.test/x'] },
    { name: 'env --shell', words: ['env', '--shell'] },
    ...formats.map((format) => ({
      name: `diagnose --format ${format}`,
      words: ['diagnose', '--format', format, '-'],
      input: log,
    })),
    ...formats.map((format) => ({
      name: `lint --format ${format}`,
      words: ['lint', '--format', format],
    })),
    { name: 'modcache verify', words: ['modcache', 'verify', '--format', 'json'] },
    { name: 'doctor', words: ['doctor', '--verbose', '--format', 'text'] },
    { name: 'doctor --json', words: ['doctor', '--verbose', '--json'] },
    {
      name: 'run, a child that prints secrets',
      words: [
        'run',
        ...store,
        '--report-dir',
        join(out, 'reports'),
        '--log-file',
        join(out, 'build.log'),
        '--log-level',
        'debug',
        '--credential',
        'git.corp.test=GITLAB_TOKEN',
        '--',
        'sh',
        '-c',
        `cat ${printed}; cat ${printed} >&2; exit 3`,
      ],
      passes: lines,
    },
    {
      name: 'run, go against an upstream that says secrets',
      directory: join(home.folder, 'sound'),
      words: [
        'run',
        ...store,
        '--log-level',
        'debug',
        '--log-file',
        join(out, 'go.log'),
        '--',
        'go',
        'mod',
        'download',
        ...modules,
      ],
    },
    {
      name: 'serve',
      words: ['serve', ...store, '--listen', '127.0.0.1:0', '--log-level', 'debug'],
      visit: async (address) => visit(address, kinds),
    },
  ];
}

/** Every module that says a secret, with secrets in the request too; then everything the server tells of itself. */
async function visit(address: string, kinds: readonly Kind[]): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  async function ask(
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const response = await fetch(`${address}${path}`, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(60_000),
    });
    const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
    const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    seen.push({ place: `answer of ${path.replace(/\?.*/, '')}`, text: `${head}\n${text}` });
    return text;
  }
  for (const { name, secrets } of kinds) {
    const secret = (secrets[0] ?? '').replaceAll(/\s/g, '');
    const headers = {
      authorization: `Bearer ${secret}`,
      cookie: `id=${secret}`,
      'private-token': secret,
      'user-agent': `curl ${secret}`,
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      tracestate: `x=${secret.replaceAll(/[^\w]/g, '')}`,
    };
    await Promise.all(
      ways.map(async (way) =>
        ask(`/m.test/${way}/${name}/@v/v1.0.0.info?token=${encodeURIComponent(secret)}`, headers),
      ),
    );
  }
  const description = JSON.parse(await ask('/-/api/v1/openapi.json')) as {
    readonly paths: Readonly<Record<string, { readonly get?: unknown }>>;
  };
  const told = Object.entries(description.paths)
    .filter(([path, { get }]) => get !== undefined && !path.includes('{'))
    .map(([path]) => (path.startsWith('/-/') ? path : `/-/api/v1${path}`));
  for (const path of [
    '/-/metrics',
    '/-/healthz',
    '/-/readyz',
    `/-/api/v1/requests/${'a'.repeat(32)}`,
    ...told,
  ]) {
    await ask(path);
  }
  return seen;
}

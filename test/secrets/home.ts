import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Kind } from './kinds.ts';

/** A home with secrets in every file that go, git and we read. */
export interface Home {
  readonly folder: string;
  readonly planted: ReadonlySet<string>;
  readonly environment: Readonly<Record<string, string>>;
  readonly project: string;
}

export function plantHome(
  folder: string,
  kinds: readonly Kind[],
  upstream: { readonly port: number },
  variables: Readonly<Record<string, string>>,
): Home {
  const planted = new Set<string>();
  function plant(name: string, text: string, mode = 0o600): string {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode });
    planted.add(path);
    return path;
  }
  const firsts = kinds.map(({ secrets }) => (secrets[0] ?? '').replaceAll(/\s/g, ''));
  plant(
    '.netrc',
    firsts.map((secret, k) => `machine h${k}.test login me password ${secret}\n`).join('') +
      `machine 127.0.0.1 login me password ${firsts[0] ?? ''}\n`,
  );
  plant(
    '.gitconfig',
    firsts
      .map(
        (secret, k) =>
          `[http "https://h${k}.test/"]\n\textraheader = AUTHORIZATION: bearer ${secret}\n[url "https://me:${secret}@h${k}.test/"]\n\tinsteadOf = https://g${k}.test/\n`,
      )
      .join('') + `[http]\n\tproxy = http://me:${firsts[1] ?? ''}@127.0.0.1:${upstream.port}\n`,
  );
  const goauth = plant(
    'bin/goauth',
    `#!/bin/sh\nprintf 'http://127.0.0.1/\\n\\nAuthorization: Bearer ${firsts[2] ?? ''}\\n\\n'\n`,
    0o700,
  );
  plant(
    '.npmrc',
    `//registry.test/:_authToken=${firsts[3] ?? ''}\nproxy=http://u:${firsts[4] ?? ''}@127.0.0.1:1\n`,
  );
  plant('.config/go/env', `GOFLAGS=-mod=mod\n`);
  const project = join(folder, 'project');
  plant(
    'project/go.mod',
    `module x.test/app // ${kinds[0]?.line ?? ''}\n\ngo v1.21\n\nrequires m.test/body403/${kinds[0]?.name ?? ''} v1.0.0 // ${firsts[5] ?? ''}\n`,
  );
  plant('project/main.go', 'package main\n\nfunc main() {}\n');
  const list = firsts
    .slice(6, 9)
    .map((secret) => `https://me:${encodeURIComponent(secret)}@127.0.0.1:${upstream.port}`);
  plant(
    'project/cofferdam.yaml',
    `upstream: "http://127.0.0.1:${upstream.port}|${list.join('|')}"\nsumdb: ["off"]\n`,
  );
  return {
    folder,
    planted,
    project,
    environment: {
      ...Object.fromEntries(kinds.map(({ variable }) => variable)),
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      TMPDIR: join(folder, 'tmp'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      GOTOOLCHAIN: 'local',
      GOSUMDB: 'off',
      GOAUTH: `${goauth}; netrc`,
      GOPROXY: `http://127.0.0.1:${upstream.port}|https://me:${encodeURIComponent(firsts[10] ?? '')}@127.0.0.1:${upstream.port}`,
      HTTPS_PROXY: `http://me:${firsts[11] ?? ''}@127.0.0.1:${upstream.port}`,
      NO_PROXY: '127.0.0.1',
      ...variables,
    },
  };
}

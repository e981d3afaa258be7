// How faults of git hosts and of versions behind them are planted.
import type { Planted, Scenario } from '../scenario.ts';
import { createRepository, gitHost } from '../world/git-host.ts';
import type { LabCommit } from '../world/git-host.ts';
import type { World } from '../world/world.ts';
import { consumer } from './common.ts';

export const GITS = ['1.19.13', '1.22.12', '1.24.9', 'local', '1.27.3'] as const;
const COMMANDS = [
  'go mod download',
  'go build -mod=mod ./...',
  'go mod tidy',
  'go list -m -mod=mod all',
] as const;

/** A build that fetches github.com/OWNER/THING without a proxy. */
export function direct(world: World, evidence: RegExp, more: Partial<Planted> = {}): Planted {
  const { names } = world;
  return {
    files: consumer(names),
    env: { GOPROXY: names.pick(['direct', 'direct']) },
    command: names.pick(COMMANDS),
    evidence,
    target: names.module(0),
    ...more,
  };
}

/** The code host says this to every request of git. */
export function hostSays(
  id: string,
  name: string,
  evidence: RegExp,
  status: (world: World) => {
    readonly code: number;
    readonly body?: string;
    readonly headers?: Record<string, string>;
  },
  more: Partial<Planted> = {},
): Scenario {
  return {
    id,
    name,
    go: GITS,
    plant: async (world) => {
      const { code, body, headers } = status(world);
      await world.web('github.com', (_, response) => {
        response.writeHead(code, headers).end(body ?? '');
      });
      return direct(world, evidence, more);
    },
  };
}

export const BASIC = { 'www-authenticate': 'Basic realm="GitHub"' };

/** A code host with one repository, `commits` in it. */
export async function repository(
  world: World,
  commits: readonly LabCommit[],
): Promise<readonly string[]> {
  const name = world.names.module(0).replace('github.com/', '');
  const ids = createRepository(world.scratch, name, commits);
  await world.web('github.com', gitHost(world.scratch));
  return ids;
}

export function commit({ names }: World, tag?: string, goMod?: string): LabCommit {
  const path = names.module(0);
  return {
    files: {
      'go.mod': goMod ?? `module ${path}\n\ngo 1.15\n`,
      'a.go': `package a\n\nconst V = "${tag ?? ''}"\n`,
    },
    ...(tag === undefined ? {} : { tag }),
  };
}

export function requiring({ names }: World, version: string): Record<string, string> {
  return {
    'go.mod': `module ${names.main}\n\ngo 1.15\n\nrequire ${names.module(0)} ${version}\n`,
    'main.go': `package main\n\nimport _ "${names.module(0)}"\n\nfunc main() {}\n`,
  };
}

export function vanity(world: World, host: string, evidence: RegExp): Planted {
  const path = `${host}/${world.names.pick(['log', 'auth', 'x/sync'])}`;
  return direct(world, evidence, {
    files: {
      'go.mod': `module ${world.names.main}\n\ngo 1.15\n\nrequire ${path} v1.0.0\n`,
      'main.go': `package main\n\nimport _ "${path}"\n\nfunc main() {}\n`,
    },
    target: host,
  });
}

import type { Planted, Scenario } from '../scenario.ts';
import { sshHindrance, startSshHost } from '../world/ssh-host.ts';
import type { World } from '../world/world.ts';
import { consumer } from './common.ts';

/** Fetches github.com over ssh, as rewrite rules of companies make it. */
function overSsh(world: World, evidence: RegExp, knownHosts: string): Planted {
  const { names } = world;
  const rule = names.pick(['ssh://git@github.com/', 'git@github.com:']);
  return {
    files: { ...consumer(names), [`${names.home}/.ssh/known_hosts`]: knownHosts },
    env: { GOPROXY: 'direct' },
    prepare: `git config --global url."${rule}".insteadOf "https://github.com/"`,
    command: names.pick(['go mod download', 'go build -mod=mod ./...', 'go mod tidy']),
    evidence,
    target: 'github.com',
  };
}

const GITS = ['1.19.13', '1.22.12', '1.24.9', 'local', '1.27.3'] as const;

export const ssh: readonly Scenario[] = [
  {
    id: 'git-ssh-publickey',
    name: 'no-key-in-the-container',
    go: GITS,
    hindrance: sshHindrance,
    plant: async (world) =>
      overSsh(
        world,
        /\S+: Permission denied \(publickey\)\./u,
        await startSshHost(world, 'github.com'),
      ),
  },
  {
    id: 'git-ssh-hostkey',
    name: 'empty-known-hosts',
    go: GITS,
    hindrance: sshHindrance,
    plant: async (world) => {
      await startSshHost(world, 'github.com');
      return overSsh(world, /Host key verification failed\./u, '');
    },
  },
  {
    id: 'git-ssh-hostkey',
    name: 'key-has-changed',
    go: GITS,
    hindrance: sshHindrance,
    plant: async (world) => {
      await startSshHost(world, 'github.com');
      const other =
        'github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n';
      return overSsh(
        world,
        /Host key verification failed\.|REMOTE HOST IDENTIFICATION HAS CHANGED/u,
        other,
      );
    },
  },
];

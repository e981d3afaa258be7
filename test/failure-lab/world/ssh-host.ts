import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './world.ts';

/** Where sshd is: on the machine, or below COFFERDAM_LAB_SSH, an unpacked Debian package. */
function sshdPath(): string | undefined {
  const unpacked = process.env['COFFERDAM_LAB_SSH'];
  const path = unpacked === undefined ? '/usr/sbin/sshd' : join(unpacked, 'usr/sbin/sshd');
  return existsSync(path) ? path : undefined;
}

export function sshHindrance(): string | undefined {
  return sshdPath() === undefined ? 'sshd is not installed' : undefined;
}

/** An ssh server that lets nobody in; gives its line for known_hosts. */
export async function startSshHost(world: World, host: string): Promise<string> {
  const program = sshdPath();
  if (program === undefined) throw new Error('sshd is not installed');
  const folder = join(world.scratch, 'ssh');
  mkdirSync(folder, { recursive: true });
  prepareMachine(folder);
  const key = join(folder, 'host_key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const address = world.address(host.endsWith(world.names.domain));
  const settings = `ListenAddress ${address}:22\nHostKey ${key}\nPidFile none\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nAuthorizedKeysFile none\n`;
  writeFileSync(join(folder, 'sshd_config'), settings);
  const libraries = join(process.env['COFFERDAM_LAB_SSH'] ?? '/', 'usr/lib/x86_64-linux-gnu');
  const server = spawn(program, ['-D', '-f', join(folder, 'sshd_config')], {
    stdio: 'ignore',
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  });
  world.atEnd(async () => {
    server.kill();
  });
  world.dns.set(host, { a: address });
  await sleep(300);
  return `${host} ${readFileSync(`${key}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')}\n`;
}

/** sshd wants a user and a folder of its own; both only in the laboratory's own view of the machine. */
function prepareMachine(folder: string): void {
  const users = readFileSync('/etc/passwd', 'utf8');
  if (!users.includes('\nsshd:')) {
    writeFileSync(
      join(folder, 'passwd'),
      `${users.trimEnd()}\nsshd:x:65530:65534::/run/sshd:/usr/sbin/nologin\n`,
    );
    spawnSync('mount', ['--bind', join(folder, 'passwd'), '/etc/passwd']);
  }
  if (!existsSync('/run/sshd')) {
    spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
    mkdirSync('/run/sshd', { mode: 0o755 });
  }
}

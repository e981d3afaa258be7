import { spawn, spawnSync } from 'node:child_process';

/** No packet leaves: every address is this machine's own, except those that must not answer. */
export const NO_ROUTE = '192.0.2';
export const SILENT = '198.18';

const SETUP = `
set -e
ip link set lo up
ip route add local 0.0.0.0/0 dev lo table main
ip route add unreachable ${NO_ROUTE}.0/24
ip route add prohibit 203.0.113.0/24
ip route add throw 198.51.100.0/24
ip link add veth0 type veth peer name veth1
ip link set veth0 up
ip link set veth1 up
ip addr add 10.255.255.1/30 dev veth0
ip neigh add 10.255.255.2 lladdr 02:00:00:00:00:02 dev veth0
ip route add ${SILENT}.0.0/16 via 10.255.255.2 dev veth0
exec "$@"
`;

/** Why the laboratory cannot work here, if so: it wants a network and mounts of its own. */
export function reasonNotToRun(): string | undefined {
  for (const program of ['ip', 'unshare', 'openssl', 'git', 'go']) {
    if (spawnSync('which', [program]).status !== 0) return `${program} is not installed`;
  }
  const tried = spawnSync('unshare', ['-mn', 'sh', '-c', SETUP, 'sh', 'true']);
  if (tried.status === 0) return undefined;
  const said = tried.stderr.toString().trim().split('\n').at(-1) ?? '';
  return `no namespaces here (root is needed): ${said}`;
}

/** Runs this program again where the network is its own; gives its exit code. */
export async function runInside(script: string, argv: readonly string[]): Promise<number> {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', script, ...argv];
  const child = spawn('unshare', ['-mn', 'sh', '-c', SETUP, 'sh', ...command], {
    stdio: 'inherit',
    env: { ...process.env, COFFERDAM_LAB_INSIDE: '1' },
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
}

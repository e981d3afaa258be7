import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const FLAGS = ['--disable-warning=ExperimentalWarning'];

/** A network of its own is only for those who may make one. */
const isAllowed = spawnSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
const skip = isAllowed ? false : 'this user may not make a network namespace, or has no ip command';

/** Packets to 192.0.2.0/24 go out and are lost; nothing else has a route, and IPv6 there is none. */
const NETWORK = 'ip link set lo up; ip route add 192.0.2.0/24 dev lo; exec "$@"';

const planted: readonly [cause: string, goproxy: string, code: string][] = [
  ['a network without a route', 'http://198.51.100.1', 'tcp-no-route'],
  ['a firewall that drops packets', 'http://192.0.2.1', 'tcp-dial-timeout'],
  ['a server that has IPv6 only', 'http://[2001:db8::1]', 'ipv6-unusable'],
  ['a name, and a resolver that is silent', 'https://proxy.invalid', 'dns-timeout'],
];
for (const [cause, GOPROXY, code] of planted) {
  test(`${cause} is named first: ${code}`, { skip }, async (t) => {
    const home = await temporaryFolder(t);
    const words = ['--json', '--patience', '0.5', '--resolver', '192.0.2.53'];
    const command = ['-n', 'sh', '-c', NETWORK, 'sh', process.execPath, ...FLAGS, MAIN, 'doctor'];
    const child = spawn('unshare', [...command, ...words], {
      cwd: home,
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        GOPROXY,
        GOSUMDB: 'off',
        GOENV: 'off',
        GOTOOLCHAIN: 'local',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
    const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
    const { findings } = JSON.parse(stdout) as { findings: readonly { code: string }[] };
    assert.deepEqual([findings[0]?.code, exit], [code, 1]);
  });
}

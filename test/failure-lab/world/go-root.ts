import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One run of a build in a root file system of its own, as an image would give it. */
export interface GoRun {
  readonly goroot: string;
  readonly gocache: string;
  readonly resolvers: string;
  /** Trusted certificates as PEM. */
  readonly authorities: string;
  readonly folder: string;
  readonly home: string;
  readonly gopath: string;
  /** Absolute, or inside `folder`. */
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In the mount namespace, before the root is entered: `$ROOT` is where it stands. */
  readonly mounts?: string | undefined;
  /** Inside, as root, not part of the log. */
  readonly prepare?: string | undefined;
  /** Its two streams are the log. */
  readonly command: string;
  readonly user?: number | undefined;
  readonly patienceSeconds: number;
}

export interface RanGo {
  readonly log: string;
  readonly code: number;
  readonly prepared: string;
}

const SCRIPT = `
set -e
mount -t tmpfs -o size=3g,mode=755 tmpfs "$ROOT"
mkdir -p "$ROOT"/usr "$ROOT"/proc "$ROOT"/dev "$ROOT"/etc/ssl/certs "$ROOT"/tmp "$ROOT"/root "$ROOT"/var/tmp "$ROOT"/run
chmod 1777 "$ROOT"/tmp
mount --bind /usr "$ROOT"/usr
mount -o remount,bind,ro "$ROOT"/usr
for name in bin sbin lib lib64; do ln -s usr/$name "$ROOT"/$name; done
mount -t tmpfs -o mode=755 tmpfs "$ROOT"/dev
mkdir "$ROOT"/dev/shm
mknod -m 666 "$ROOT"/dev/null c 1 3
mknod -m 666 "$ROOT"/dev/zero c 1 5
mknod -m 666 "$ROOT"/dev/full c 1 7
mknod -m 666 "$ROOT"/dev/random c 1 8
mknod -m 666 "$ROOT"/dev/urandom c 1 9
ln -s /proc/self/fd "$ROOT"/dev/fd
mount --rbind /proc "$ROOT"/proc
for name in alternatives ld.so.cache ld.so.conf ld.so.conf.d; do cp -a /etc/$name "$ROOT"/etc/ 2>/dev/null || true; done
mount -t tmpfs -o size=1m tmpfs "$ROOT"/usr/local
mkdir -p "$ROOT"/usr/local/go "$ROOT$HOMEDIR/.cache/go-build" "$ROOT$GOPATHDIR"
mount --bind "$GOROOTDIR" "$ROOT"/usr/local/go
mount -o remount,bind,ro "$ROOT"/usr/local/go
mount --bind "$GOCACHEDIR" "$ROOT$HOMEDIR/.cache/go-build"
cp -a "$FILES"/. "$ROOT"/
if [ -n "$RUNAS" ]; then chown -R "$RUNAS" "$ROOT$HOMEDIR" "$ROOT$WORK" "$ROOT$GOPATHDIR" 2>/dev/null || true; fi
eval "$MOUNTS"
chroot "$ROOT" /bin/sh -c "$PREPARATION" >"$OUT/prepared" 2>&1 || true
set +e
timeout -k 5 "$PATIENCE" chroot \${RUNAS:+--userspec=$RUNAS:$RUNAS} "$ROOT" /bin/sh -c "$COMMAND" >"$OUT/log" 2>&1 </dev/null
echo $? >"$OUT/code"
exit 0
`;

export async function runGo(scratch: string, run: GoRun): Promise<RanGo> {
  const base = mkdtempSync(join(scratch, 'run-'));
  const [root, files, out] = [join(base, 'root'), join(base, 'files'), join(base, 'out')];
  for (const folder of [root, files, out, join(files, run.folder)])
    mkdirSync(folder, { recursive: true });
  const system = {
    '/etc/resolv.conf': run.resolvers,
    '/etc/ssl/certs/ca-certificates.crt': run.authorities,
    '/etc/passwd': `root:x:0:0:root:${run.home}:/bin/sh\nbuilder:x:1000:1000:builder:${run.home}:/bin/sh\n`,
    '/etc/group': 'root:x:0:\nbuilder:x:1000:\n',
    '/etc/hosts': '127.0.0.1 localhost\n',
    '/etc/nsswitch.conf': 'hosts: files dns\n',
  };
  for (const [name, text] of Object.entries({ ...system, ...run.files })) {
    const path = join(files, name.startsWith('/') ? name : join(run.folder, name));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (text.startsWith('#!')) chmodSync(path, 0o755);
  }
  const child = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-c', SCRIPT], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      ROOT: root,
      FILES: files,
      OUT: out,
      GOROOTDIR: run.goroot,
      GOCACHEDIR: run.gocache,
      HOMEDIR: run.home,
      GOPATHDIR: run.gopath,
      WORK: run.folder,
      RUNAS: run.user === undefined ? '' : String(run.user),
      MOUNTS: run.mounts ?? ':',
      PREPARATION: inside(run, { ...run.env, PATH: DEFAULT_PATH }, run.prepare ?? ':'),
      COMMAND: inside(run, run.env, run.command),
      PATIENCE: String(run.patienceSeconds),
    },
  });
  let complaint = '';
  child.stderr.on('data', (bytes: Buffer) => (complaint += bytes.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  try {
    return { ...(await readResult(out)), ...(complaint === '' ? {} : { prepared: complaint }) };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

const DEFAULT_PATH = '/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A script with this environment and no other. */
function inside(run: GoRun, env: GoRun['env'], command: string): string {
  const variables = {
    PATH: DEFAULT_PATH,
    HOME: run.home,
    GOPATH: run.gopath,
    GOSUMDB: 'off',
    GOFLAGS: '',
    GOTOOLCHAIN: 'local',
    ...env,
  };
  const exports = Object.entries(variables).map(([name, value]) =>
    value === undefined ? '' : `export ${name}='${value}'\n`,
  );
  return `unset ROOT FILES OUT GOROOTDIR GOCACHEDIR HOMEDIR GOPATHDIR WORK RUNAS MOUNTS PREPARATION COMMAND PATIENCE
${exports.join('')}cd ${run.folder} || exit 1
${command}
`;
}

async function readResult(out: string): Promise<RanGo> {
  const { readFile } = await import('node:fs/promises');
  const [log, code, prepared] = await Promise.all(
    ['log', 'code', 'prepared'].map(async (name) =>
      readFile(join(out, name), 'utf8').catch(() => ''),
    ),
  );
  return {
    log: log ?? '',
    code: Number(code === '' ? Number.NaN : code),
    prepared: prepared ?? '',
  };
}

import { fix, settings, typed, type Fix, type Fixes } from './fix.ts';

function command(name: string, how: string, change: (command: string) => string): Fix {
  return fix(name, how, (_, planted) => ({ command: change(planted.command) }));
}

function withoutVariable(name: string, how: string, variable: string): Fix {
  return settings(name, how, () => ({ [variable]: undefined }));
}

/** Toolchains, caches, disks and limits. */
export const machineFixes: Fixes = {
  'go-too-old-gomod': fix('patch-in-go-line', 'a newer Go reads the line', () => ({ go: 'local' })),
  'go-older-than-code': fix('note', 'a newer Go, and the go line that the loop needs', () => ({
    go: 'local',
    typed: 'go mod edit -go=1.22',
  })),
  'gotoolchain-invalid': settings('variable', 'GOTOOLCHAIN=local', () => ({
    GOTOOLCHAIN: 'local',
  })),
  'toolchain-language-version': settings(
    'no-patch',
    'the variable was removed, as the go line is enough',
    () => ({ GOTOOLCHAIN: 'local' }),
  ),
  'goroot-broken': withoutVariable('no-such-folder', 'GOROOT was unset', 'GOROOT'),
  'go-install-mixed': withoutVariable('stale-goroot', 'GOROOT was unset', 'GOROOT'),
  'cache-permission-denied': settings(
    'module-cache-of-root',
    'GOMODCACHE is a directory of that user',
    () => ({ GOMODCACHE: '/tmp/modcache' }),
  ),
  'cache-readonly': settings('read-only-volume', 'GOMODCACHE is on a writable volume', () => ({
    GOMODCACHE: '/tmp/modcache',
  })),
  'cache-location-missing': settings('no-home', 'GOMODCACHE and GOCACHE were set', () => ({
    GOMODCACHE: '/tmp/modcache',
    GOCACHE: '/tmp/gocache',
    GOPATH: '/tmp/gopath',
  })),
  'cache-path-relative': settings('relative', 'the path begins at the root', () => ({
    GOMODCACHE: '/tmp/modcache',
    GOPATH: '/tmp/gopath',
  })),
  'disk-full': fix('module-cache', 'a larger volume', ({ names }) => ({
    mounts: `mkdir -p "$ROOT"${names.gopath}/pkg && mount -t tmpfs -o size=64m tmpfs "$ROOT"${names.gopath}/pkg`,
    prepare: ':',
  })),
  'fd-limit': command('few', 'the limit was raised', (text) =>
    text.replace(/ulimit -n \d+/, 'ulimit -n 4096'),
  ),
  'memory-address-limit': command('ulimit-v', 'the limit was removed', (text) =>
    text.replace(/ulimit -v \d+; /, ''),
  ),
  'process-limit': command('ulimit-u', 'the limit was raised', (text) =>
    text.replace(/ulimit -u \d+/, 'ulimit -u 4096'),
  ),
  'tmp-noexec': fix('go-run', 'GOTMPDIR is on a mount that allows programs', () => ({
    typed: 'mkdir -p $HOME/gotmp && export GOTMPDIR=$HOME/gotmp',
  })),
  'exec-format': command('wrong-architecture', 'built for the machine that runs it', (text) =>
    text.replaceAll('GOARCH=arm64 ', ''),
  ),
  'cache-corrupt': typed('zip-in-the-cache', 'go clean -modcache', 'go clean -modcache'),
  'text-file-busy': command(
    'running-binary',
    'the new binary was written under another name and renamed',
    (text) =>
      text.replace(
        /(?:cp|dd) .*?(?=; code)/,
        'cp /tmp/app /out/app.new && mv /out/app.new /out/app',
      ),
  ),
  'goflags-invalid': settings('unknown-flag', 'the word was taken out of GOFLAGS', () => ({
    GOFLAGS: '',
  })),
  'cgo-toolchain-missing': settings('no-gcc', 'an image with a C compiler and its headers', () => ({
    PATH: '/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  })),
};

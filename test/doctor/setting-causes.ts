import type { Cause } from './planted-cause.ts';

function setting(variable: string, value: string, code: string): Cause {
  return {
    cause: `${variable}=${value}`,
    code,
    plant: () => ({ environment: { [variable]: value } }),
  };
}

/** Newer than any Go that runs these tests. */
const FUTURE = 'module example.test/main\n\ngo 1.999.0\n';

function future(cause: string, code: string, environment: Readonly<Record<string, string>>): Cause {
  return {
    cause: `a go line from the future, ${cause}`,
    code,
    plant: () => ({ files: { 'go.mod': FUTURE }, environment }),
  };
}

export const settingCauses: readonly Cause[] = [
  setting('GOPROXY', 'proxy', 'goproxy-misconfigured'),
  setting('GOPROXY', 'ftp://proxy.invalid', 'goproxy-misconfigured'),
  setting('GOPROXY', 'http://127.0.0.1:1 http://127.0.0.1:2', 'goproxy-misconfigured'),
  setting('GOPROXY', 'off', 'goproxy-off'),
  setting('GOSUMDB', 'sums.corp.invalid', 'gosumdb-misconfigured'),
  setting('GOSUMDB', 'sum.golang.org ftp://sums.invalid', 'gosumdb-misconfigured'),
  setting('GOFLAGS', 'mod=mod', 'goflags-invalid'),
  setting('GOFLAGS', "'-ldflags=-s", 'goflags-invalid'),
  setting('GOFLAGS', '-mod=mod -nosuch', 'goflags-invalid'),
  setting('GO111MODULE', 'off', 'gomodules-off'),
  setting('GOTOOLCHAIN', 'newest', 'gotoolchain-invalid'),
  setting('GOPRIVATE', 'https://git.corp.invalid/team', 'go-patterns-broken'),
  setting('GOMODCACHE', 'cache', 'cache-path-relative'),
  setting('GOMODCACHE', '/dev/null', 'cache-location-missing'),
  setting('GOCACHE', '/dev/null/x', 'cache-location-missing'),
  setting('TMPDIR', '/nowhere/tmp', 'cache-location-missing'),
  future('GOTOOLCHAIN=local', 'go-too-old-local', { GOTOOLCHAIN: 'local' }),
  future('GOTOOLCHAIN=path', 'toolchain-not-in-path', { GOTOOLCHAIN: 'path' }),
  future('GOSUMDB=off', 'gosumdb-off-toolchain', { GOTOOLCHAIN: 'auto', GOSUMDB: 'off' }),
  {
    cause: 'an image that is older than the go line',
    code: 'go-too-old-local',
    plant: () => ({ files: { Dockerfile: 'FROM golang:1.20\n' } }),
  },
  {
    cause: 'a merge conflict in go.mod',
    code: 'gomod-merge-conflict',
    plant: () => ({ files: { 'go.mod': 'module a.test/a\n<<<<<<< HEAD\n=======\n>>>>>>> b\n' } }),
  },
  {
    cause: 'a go.mod that cannot be read',
    code: 'gomod-syntax',
    plant: () => ({ files: { 'go.mod': 'module a.test/a\n\nrequires x\n' } }),
  },
  {
    cause: 'a GOPROXY in a workflow that go refuses',
    code: 'goproxy-misconfigured',
    plant: () => ({ files: { '.github/workflows/ci.yml': 'env:\n  GOPROXY: proxy\n' } }),
  },
];

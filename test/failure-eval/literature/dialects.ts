import type { Shape } from './shape.ts';

/** Other versions, other systems and other programs that say what go said. */
export const dialects: readonly Shape[] = [
  {
    id: 'tcp-dial-timeout',
    text: `go: {module}@{version}: Get "https://{proxy}/x/@v/{version}.mod": §dial tcp {ip}:443: connectex: A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond.`,
  },
  {
    id: 'tcp-connection-refused',
    text: `go: {module}@{version}: Get "https://{proxy}/x/@v/{version}.mod": §dial tcp {ip}:443: connectex: No connection could be made because the target machine actively refused it.`,
  },
  {
    id: 'tcp-connection-reset',
    text: `go: {module}@{version}: Get "https://{proxy}/x/@v/{version}.zip": §read tcp 192.168.1.5:5{n}->{ip}:443: wsarecv: An existing connection was forcibly closed by the remote host.`,
  },
  {
    id: 'tcp-connection-reset',
    text: `level=error msg="Running error: context loading failed: failed to load packages: err: exit status 1: stderr: go: downloading {module} {version}\\ngo: {module}@{version}: §read tcp 172.17.0.2:4{n}->{ip}:443: read: connection reset by peer\\n"`,
  },
  {
    id: 'dns-dial-budget',
    text: `go: {module}@{version}: Get "https://proxy.golang.org/x/@v/{version}.mod": §dial tcp: i/o timeout`,
  },
  {
    id: 'dns-dial-budget',
    text: `go: {module}@{version}: Get "https://{proxy}/x/@v/{version}.info": §dial tcp: lookup {proxy}: i/o timeout`,
    also: ['dns-timeout'],
  },
  {
    id: 'dns-no-such-host',
    text: `go: {module}@{version}: Get "https://goproxy.corp.example/x/@v/{version}.mod": dial tcp: §lookup goproxy.corp.example: no such host`,
  },
  {
    id: 'proxy-5xx',
    text: `go: {module}@{version}: §unexpected status (https://{proxy}/x/@v/{version}.info): 500 Internal Server Error`,
  },
  {
    id: 'proxy-not-found',
    text: `
main.go:8:2: {module}@{version}: §reading https://proxy.golang.org/x/@v/{version}.zip: 404 Not Found
	server response: not found: unknown revision {version}`,
  },
  {
    id: 'http2-stream-error',
    text: `
go: downloading {module} {version}
internal/app/run.go:14:2: {module}@{version}: §read "https://proxy.golang.org/x/@v/{version}.zip": stream error: stream ID {n}; INTERNAL_ERROR; received from peer
internal/app/store.go:9:2: {module}@{version}: read "https://proxy.golang.org/x/@v/{version}.zip": stream error: stream ID {n}; INTERNAL_ERROR; received from peer`,
  },
  {
    id: 'http2-stream-error',
    text: `could not import {module} (cmd/main.go:7:2: could not import {module}/x (-: {module}@{version}: §read "https://proxy.golang.org/x/@v/{version}.zip": stream error: stream ID {n}; INTERNAL_ERROR; received from peer)) (typecheck)`,
  },
  {
    id: 'http2-goaway',
    text: `go: {module}@{version}: Get "https://{proxy}/x/@v/{version}.zip": §http2: client connection lost`,
  },
  {
    id: 'http2-goaway',
    text: `go: {module}@{version}: read "https://{proxy}/x/@v/{version}.zip": §http2: server sent GOAWAY and closed the connection; LastStreamID={n}, ErrCode=NO_ERROR, debug=""`,
  },
  {
    id: 'disk-full',
    text: `go: {module}@{version}: §read "https://proxy.golang.org/x/@v/{version}.zip": write /go/pkg/mod/cache/download/x/@v/{version}.zip.{n}.tmp: no space left on device`,
  },
  {
    id: 'disk-full',
    text: `go: {module}@{version}: §write /home/ci/go/pkg/mod/cache/download/x: disk quota exceeded`,
  },
  {
    id: 'sumdb-mismatch',
    text: `
verifying {module}@{version}: §checksum mismatch
	downloaded: h1:8hy6SlwYgGAPrcDBEh+FbLhVLYYnM9RhmqEDkVYTa+Q=
	sum.golang.org: h1:ATXJFZe1FAi1wSO8cNRyBXyjVdJ1vFZy4WBbhE1UcAE=

SECURITY ERROR
This download does NOT match the one reported by the checksum server.`,
  },
  {
    id: 'sumdb-absent',
    text: `go: {module}@{version}: verifying module: §{module}@{version}: checksum missing from sumdb response`,
  },
  {
    id: 'gosum-mismatch',
    text: `
verifying {module}@{version}: §checksum mismatch
	downloaded: h1:8hy6SlwYgGAPrcDBEh+FbLhVLYYnM9RhmqEDkVYTa+Q=
	go.sum:     h1:ATXJFZe1FAi1wSO8cNRyBXyjVdJ1vFZy4WBbhE1UcAE=

SECURITY ERROR
This download does NOT match an earlier download recorded in go.sum.
The bits may have been replaced on the origin server, or an attacker may
have intercepted the download attempt.`,
  },
  { id: 'gosum-update-needed', text: `§go: updates to go.sum needed, disabled by -mod=readonly` },
  {
    id: 'gomod-update-needed',
    text: `
§go: updates to go.mod needed, disabled by -mod=readonly; to update it:
	go mod tidy`,
  },
  {
    id: 'vendor-inconsistent',
    text: `
go: inconsistent vendoring in /src:
	§{module}@{version}: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt

run 'go mod vendor' to sync, or use -mod=mod or -mod=readonly to ignore the vendor directory`,
  },
  { id: 'gopath-gomod', text: `§$GOPATH/go.mod exists but should not` },
  {
    id: 'gomodules-off',
    text: `§go: modules disabled by GO111MODULE=auto in GOPATH/src; see 'go help modules'`,
  },
  {
    id: 'ambiguous-import',
    text: `
§cmd/main.go:9:2: ambiguous import: found package {module}/x in multiple modules:
	{module} {version} (/go/pkg/mod/a)
	{module}/x v0.1.0 (/go/pkg/mod/b)`,
  },
  {
    id: 'zero-pseudo-version',
    text: `
go: github.com/acme/top@v1.3.0 requires
	§{module}@v0.0.0-00010101000000-000000000000: invalid version: unknown revision 000000000000`,
  },
  {
    id: 'major-version-suffix',
    text: `go: errors parsing go.mod: §require {module}: version "v2.0.0" invalid: module contains a go.mod file, so major version must be compatible: should be v0 or v1, not v2`,
  },
  {
    id: 'go-import-missing',
    text: `§go: {module}@{version}: unrecognized import path "go.acme.example/bus": parse https://go.acme.example/bus?go-get=1: no go-import meta tags (meta tag github.com/x did not match import path go.acme.example/bus)`,
  },
  {
    id: 'git-auth-failed',
    text: `
go: {module}@{version}: invalid version: git ls-remote -q origin in /go/pkg/mod/cache/vcs/{sha}: exit status 128:
	§remote: Support for password authentication was removed on August 13, 2021.
	§fatal: Authentication failed for 'https://{git}/acme/lib/'`,
  },
  {
    id: 'git-auth-failed',
    text: `
	§remote: HTTP Basic: Access denied. The provided password or token is incorrect or your account has 2FA enabled
	§fatal: Authentication failed for 'https://{git}/acme/lib.git/'`,
  },
  {
    id: 'git-repo-not-found',
    text: `
go: {module}@{version}: invalid version: git ls-remote -q origin in /go/pkg/mod/cache/vcs/{sha}: exit status 128:
	§ERROR: Repository not found.
	fatal: Could not read from remote repository.

	Please make sure you have the correct access rights
	and the repository exists.`,
  },
  {
    id: 'git-tls',
    text: `	§fatal: unable to access 'https://{git}/acme/lib/': server certificate verification failed. CAfile: none CRLfile: none`,
  },
  {
    id: 'git-tls',
    text: `	§fatal: unable to access 'https://{git}/acme/lib/': SSL certificate problem: unable to get local issuer certificate`,
  },
  {
    id: 'git-transfer-broken',
    text: `
	§error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)
	error: {n} bytes of body are still expected
	fetch-pack: unexpected disconnect while reading sideband packet
	fatal: early EOF
	fatal: fetch-pack: invalid index-pack output`,
  },
  {
    id: 'git-cache-corrupt',
    text: `
go: {module}@{version}: git fetch in /go/pkg/mod/cache/vcs/{sha}: exit status 128:
	§fatal: shallow file has changed since we read it`,
  },
  {
    id: 'git-cache-corrupt',
    text: `
go: {module}@{version}: git fetch -f origin refs/heads/*:refs/heads/* in /root/go/pkg/mod/cache/vcs/{sha}: exit status 128:
	§error: object file ./objects/3f/1c0de4a1b2 is empty
	fatal: loose object 3f1c0de4a1b2 (stored in ./objects/3f/1c0de4a1b2) is corrupt`,
  },
  {
    id: 'git-cache-corrupt',
    text: `
go: {module}@{version}: invalid version: git fetch -f --depth=1 origin in /home/ci/go/pkg/mod/cache/vcs/{sha}: exit status 128:
	§error: Could not read {sha}
	fatal: bad object {sha}
	error: remote did not send all necessary objects`,
  },
  {
    id: 'process-limit',
    text: `§runtime: failed to create new OS thread (have {n} already; errno=11)\nruntime: may need to increase max user processes (ulimit -u)\nfatal error: newosproc`,
  },
  {
    id: 'process-limit',
    text: `§go build runtime/cgo: fork/exec /usr/local/go/pkg/tool/linux_amd64/compile: resource temporarily unavailable`,
  },
  {
    id: 'process-limit',
    text: `§runtime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT: abort`,
  },
  { id: 'goroot-broken', text: `§go: cannot find GOROOT directory: /usr/local/go1.19` },
  {
    id: 'go-install-mixed',
    text: `# internal/goarch\n§compile: version "go1.21.6" does not match go tool version "go{go}"`,
  },
  {
    id: 'gomod-missing',
    text: `§go: cannot find main module, but found .git/config in /src\n	to create a module there, run:\n	go mod init`,
  },
  {
    id: 'sumdb-unreachable',
    text: `go: {module}@{version}: verifying module: {module}@{version}: §Get "https://sum.golang.org/lookup/x@{version}": dial tcp {ip}:443: i/o timeout`,
  },
  {
    id: 'vanity-host-unreachable',
    text: `§go: {module}@{version}: unrecognized import path "go.acme.example/bus": https fetch: Get "https://go.acme.example/bus?go-get=1": dial tcp {ip}:443: i/o timeout`,
  },
  {
    id: 'toolchain-download-failed',
    text: `go: §download go1.24.1: golang.org/toolchain@v0.0.1-go1.24.1.linux-amd64: Get "https://proxy.golang.org/golang.org/toolchain/@v/v0.0.1-go1.24.1.linux-amd64.zip": dial tcp {ip}:443: i/o timeout`,
  },
  {
    id: 'toolchain-not-available',
    text: `§go: download go1.23 for linux/amd64: toolchain not available`,
  },
  {
    id: 'tls-weak-cert',
    text: `go: {module}@{version}: Get "https://{proxy}/x/@v/{version}.mod": tls: failed to verify certificate: §x509: negative serial number`,
  },
  {
    id: 'tls-no-root-store',
    text: `go: {module}@{version}: Get "https://proxy.golang.org/x/@v/{version}.mod": §x509: failed to load system roots and no roots provided`,
  },
  {
    id: 'tls-clock-skew',
    text: `go: {module}@{version}: Get "https://proxy.golang.org/x/@v/{version}.mod": §x509: certificate has expired or is not yet valid: current time 1970-01-01T00:03:2{n}Z is before 2025-01-20T08:36:41Z`,
  },
  {
    id: 'http-proxy-auth',
    text: `go: {module}@{version}: §Get "https://proxy.golang.org/x/@v/{version}.mod": authenticationrequired`,
  },
  { id: 'cache-corrupt', text: `go: {module}@{version}: §unexpected ziphash: ""` },
  { id: 'exec-format', text: `§exec /usr/local/go/bin/go: exec format error` },
  { id: 'fd-limit', text: `§go: open /go/pkg/mod/cache/download/x/@v/list: too many open files` },
  {
    id: 'test-failure',
    text: `=== RUN   TestLookup\n    lookup_test.go:{n}: dial tcp: lookup db.internal: no such host\n§--- FAIL: TestLookup (0.01s)\nFAIL\nFAIL	example.com/{app}/store	0.212s\nFAIL`,
  },
  {
    id: 'compile-error',
    text: `# example.com/{app}/api\n§api/handler.go:{n}:14: undefined: newClient\napi/handler.go:88:2: missing return`,
  },
];

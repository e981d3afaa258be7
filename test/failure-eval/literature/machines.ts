import type { Shape } from './shape.ts';

/** Machines, ssh and other places that the laboratory does not break. */
export const machines: readonly Shape[] = [
  {
    id: 'oom-killed',
    text: `
# example.com/{app}/cmd/{app}
§/usr/local/go/pkg/tool/linux_amd64/link: signal: killed`,
  },
  {
    id: 'oom-killed',
    text: `
go build {module}/internal/gen: §/usr/local/go/pkg/tool/linux_amd64/compile: signal: killed
The command '/bin/sh -c go build ./...' returned a non-zero code: 137`,
  },
  {
    id: 'oom-killed',
    text: `
#14 [builder 6/6] RUN go build ./...
#14 93.10 # {module}
#14 93.10 §compile: signal: killed
[12345.678] §Out of memory: Killed process 4{n} (compile) total-vm:8123456kB
#14 ERROR: process "/bin/sh -c go build ./..." did not complete successfully: exit code: 137`,
  },
  {
    id: 'cache-lock-stuck',
    text: `
§go: {module}@{version}: open /mnt/nfs/gomod/cache/download/{module}/@v/{version}.lock: no locks available`,
  },
  {
    id: 'cache-lock-stuck',
    text: `
§go: RLock /mnt/shared/go/pkg/mod/cache/lock: function not implemented`,
  },
  {
    id: 'cache-lock-stuck',
    text: `
go: downloading {module} {version}
§go: {module}@{version}: Lock /cache/gomod/cache/download/{module}/@v/{version}.lock: no locks available
make: *** [Makefile:9: deps] Error 1`,
  },
  {
    id: 'windows-file-in-use',
    text: `
go: downloading {module} {version}
§go: rename C:\\Users\\ci\\go\\pkg\\mod\\cache\\download\\tmp-{n} C:\\Users\\ci\\go\\pkg\\mod\\cache\\download\\x.zip: Access is denied.`,
  },
  {
    id: 'windows-file-in-use',
    text: `
§go: {module}@{version}: rename D:\\gomod\\tmp{n} D:\\gomod\\{version}: The process cannot access the file because it is being used by another process.`,
  },
  {
    id: 'windows-file-in-use',
    text: `
main.go:5:2: unlinkat §C:\\Users\\runneradmin\\go\\pkg\\mod\\x@{version}\\a.go: The process cannot access the file because it is being used by another process.
Error: Process completed with exit code 1.`,
  },
  {
    id: 'sumdb-fork',
    text: `
go: downloading {module} {version}
go: {module}@{version}: §verifying module: {module}@{version}: security error: misbehaving server
§SECURITY ERROR: the checksum server sum.golang.org is misbehaving: security error: misbehaving server`,
  },
  {
    id: 'sumdb-fork',
    text: `
§go: {module}@{version}: verifying module: security error: misbehaving server
	old database:
		go.sum database tree
		17{n}
	proof of misbehavior:`,
  },
  {
    id: 'sumdb-fork',
    text: `
verifying {module}@{version}/go.mod: {module}@{version}/go.mod: §initializing sumdb.Client: checking tree#120 against tree#1{n}: security error: misbehaving server`,
  },
  {
    id: 'git-ssh-publickey',
    text: `
go: {module}@{version}: invalid version: git ls-remote -q origin in /go/pkg/mod/cache/vcs/{sha}: exit status 128:
	git@{git}: Permission denied (publickey).
	fatal: Could not read from remote repository.

	Please make sure you have the correct access rights
	and the repository exists.`.replace('git@{git}: Perm', '§git@{git}: Perm'),
  },
  {
    id: 'git-ssh-publickey',
    text: `
go: {module}@{version}: reading {module}/go.mod at revision {version}: git fetch -f origin refs/tags/{version}:refs/tags/{version} in /root/go/pkg/mod/cache/vcs/{sha}: exit status 128:
	Warning: Permanently added '{git}' (ED25519) to the list of known hosts.
	§git@{git}: Permission denied (publickey,keyboard-interactive).
	fatal: Could not read from remote repository.`,
  },
  {
    id: 'git-ssh-publickey',
    text: `
Cloning into 'private'...
§git@{git}: Permission denied (publickey,password).
fatal: Could not read from remote repository.
make: *** [Makefile:4: deps] Error 128`,
  },
  {
    id: 'git-ssh-hostkey',
    text: `
go: {module}@{version}: invalid version: git ls-remote -q origin in /go/pkg/mod/cache/vcs/{sha}: exit status 128:
	§Host key verification failed.
	fatal: Could not read from remote repository.`,
  },
  {
    id: 'git-ssh-hostkey',
    text: `
	§No ED25519 host key is known for {git} and you have requested strict checking.
	§Host key verification failed.
	fatal: Could not read from remote repository.

	Please make sure you have the correct access rights
	and the repository exists.`,
  },
  {
    id: 'git-ssh-hostkey',
    text: `
	§@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
	Offending ED25519 key in /root/.ssh/known_hosts:1
	§Host key verification failed.
	fatal: Could not read from remote repository.`,
  },
  {
    id: 'git-lock-left',
    text: `
go: {module}@{version}: git fetch -f --depth=1 origin refs/tags/{version} in /go/pkg/mod/cache/vcs/{sha}: exit status 128:
	§fatal: Unable to create '/go/pkg/mod/cache/vcs/{sha}/shallow.lock': File exists.

	Another git process seems to be running in this repository`,
  },
  {
    id: 'git-lock-left',
    text: `
	§error: could not lock config file /home/ci/go/pkg/mod/cache/vcs/{sha}/config: File exists
go: {module}@{version}: git init --bare in /home/ci/go/pkg/mod/cache/vcs/{sha}: exit status 255`,
  },
  {
    id: 'git-lock-left',
    text: `
go: {module}@{version}: invalid version: git fetch -f origin in /cache/vcs/{sha}: exit status 128:
	§fatal: Unable to create '/cache/vcs/{sha}/packed-refs.lock': File exists.`,
  },
  {
    id: 'gitlab-subgroup-root',
    text: `
go: gitlab.corp.example/platform/backend/auth@{version}: invalid version: git ls-remote -q https://gitlab.corp.example/platform/backend.git in /go/pkg/mod/cache/vcs/{sha}: exit status 128:
	remote: The project you were looking for could not be found or you don't have permission to view it.
	§fatal: repository 'https://gitlab.corp.example/platform/backend.git/' not found`,
    also: ['git-repo-not-found'],
  },
  {
    id: 'gitlab-subgroup-root',
    text: `
go: module gitlab.acme.example/group/subgroup/lib: git ls-remote -q origin in /root/go/pkg/mod/cache/vcs/{sha}: exit status 128:
	§fatal: repository 'https://gitlab.acme.example/group/subgroup.git/' not found`,
    also: ['git-repo-not-found'],
  },
  {
    id: 'gitlab-subgroup-root',
    text: `
go: gitlab.com/{app}/team/core/lib@{version}: invalid version: git ls-remote -q origin in /go/pkg/mod/cache/vcs/{sha}: exit status 128:
	remote: The project you were looking for could not be found or you don't have permission to view it.
	§fatal: repository 'https://gitlab.com/{app}/team.git/' not found`,
    also: ['git-repo-not-found'],
  },
  {
    id: 'net-sandboxed',
    text: `
go: {module}@{version}: Get "https://{proxy}/x/@v/{version}.mod": §dial tcp: lookup {proxy} on 10.0.0.2:53: dial udp 10.0.0.2:53: socket: operation not permitted`,
  },
  {
    id: 'net-sandboxed',
    text: `
go: {module}@{version}: Get "https://proxy.golang.org/x/@v/{version}.mod": §dial tcp {ip}:443: socket: operation not permitted
builder for '/nix/store/{sha}-{app}.drv' failed with exit code 1`,
  },
  {
    id: 'net-hang',
    text: `
+ go mod download
§go: downloading {module} {version}
§Too long with no output (exceeded 10m0s): context deadline exceeded`,
    also: ['step-timeout'],
  },
  {
    id: 'net-hang',
    text: `
go: downloading github.com/a/b v1.0.0
§go: downloading {module} {version}
##[error]§The operation was canceled.
§The job running on runner {host} has exceeded the maximum execution time of 60 minutes.`,
    also: ['step-timeout'],
  },
];

import type { Shape } from './shape.ts';

/** What goes wrong around the step: images, contexts, runners, pods. */
export const around: readonly Shape[] = [
  {
    id: 'image-not-found',
    text: `
#2 [internal] load metadata for docker.io/library/golang:{tag}
#2 §ERROR: docker.io/library/golang:{tag}: not found
------
§ERROR: failed to solve: golang:{tag}: failed to resolve source metadata for docker.io/library/golang:{tag}: docker.io/library/golang:{tag}: not found`,
  },
  {
    id: 'image-not-found',
    text: `
Step 1/12 : FROM {image}:{tag}
§manifest for {image}:{tag} not found: manifest unknown: manifest unknown`,
  },
  {
    id: 'image-not-found',
    text: `
Pulling docker image {image}:{tag} ...
§WARNING: Failed to pull image with policy "always": Error response from daemon: manifest for {image}:{tag} not found: manifest unknown: manifest unknown (manager.go:237:1s)
ERROR: Job failed: failed to pull image "{image}:{tag}" with specified policies [always]`,
  },
  {
    id: 'image-denied',
    text: `
#3 [internal] load metadata for docker.io/library/biulder:latest
#3 §ERROR: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed
------
§ERROR: failed to solve: biulder: failed to resolve source metadata for docker.io/library/biulder:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
  },
  {
    id: 'image-denied',
    text: `
Step 9/12 : COPY --from=biuld /out/{app} /{app}
§pull access denied for biuld, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
  },
  {
    id: 'image-denied',
    text: `
Unable to find image 'registry.corp.example/{app}/golang:{tag}' locally
§docker: Error response from daemon: pull access denied for registry.corp.example/{app}/golang, repository does not exist or may require 'docker login'.
See 'docker run --help'.`,
  },
  {
    id: 'image-rate-limited',
    text: `
#2 [internal] load metadata for docker.io/library/golang:{tag}
#2 §ERROR: failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/golang/manifests/sha256:{sha}: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading`,
  },
  {
    id: 'image-rate-limited',
    text: `
Step 1/9 : FROM golang:{tag}
§toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit`,
  },
  {
    id: 'image-rate-limited',
    text: `
§Error response from daemon: toomanyrequests: You have reached your pull rate limit as '{app}': dckr_jti. You may increase the limit by upgrading.
Error: Process completed with exit code 1.`,
  },
  {
    id: 'image-registry-5xx',
    text: `
#4 [builder 1/7] FROM docker.io/library/golang:{tag}@sha256:{sha}
#4 §ERROR: failed to copy: httpReadSeeker: failed open: unexpected status code https://production.cloudflare.docker.com/registry-v2/docker/registry/v2/blobs/sha256/{sha}/data: 503 Service Unavailable`,
  },
  {
    id: 'image-registry-5xx',
    text: `
Step 1/9 : FROM {image}:{tag}
§received unexpected HTTP status: 500 Internal Server Error`,
  },
  {
    id: 'image-registry-5xx',
    text: `
------
 > [internal] load metadata for registry.corp.example/base/golang:{tag}:
------
§ERROR: failed to solve: registry.corp.example/base/golang:{tag}: failed to resolve source metadata for registry.corp.example/base/golang:{tag}: unexpected status from HEAD request to https://registry.corp.example/v2/base/golang/manifests/{tag}: 502 Bad Gateway`,
  },
  {
    id: 'image-registry-unreachable',
    text: `
#2 [internal] load metadata for docker.io/library/golang:{tag}
#2 §ERROR: failed to do request: Head "https://registry-1.docker.io/v2/library/golang/manifests/{tag}": dial tcp: lookup registry-1.docker.io on 127.0.0.53:53: read udp 127.0.0.1:4{n}:->127.0.0.53:53: i/o timeout`,
  },
  {
    id: 'image-registry-unreachable',
    text: `
ERROR: failed to solve: golang:{tag}: failed to resolve source metadata for docker.io/library/golang:{tag}: failed to do request: Head "https://registry-1.docker.io/v2/library/golang/manifests/{tag}": dial tcp {ip}:443: i/o timeout`.replace(
      'ERROR:',
      '§ERROR:',
    ),
  },
  {
    id: 'image-registry-unreachable',
    text: `
Unable to find image 'golang:{tag}' locally
§docker: Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host.`,
  },
  {
    id: 'build-context-missing',
    text: `
#7 [builder 3/6] COPY go.mod go.sum ./
#7 §ERROR: failed to calculate checksum of ref {sha}::x1y2: "/go.sum": not found
------
Dockerfile:5
--------------------
   5 | >>> COPY go.mod go.sum ./
--------------------
§ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref {sha}::x1y2: "/go.sum": not found`,
  },
  {
    id: 'build-context-missing',
    text: `
Step 4/9 : COPY go.sum ./
§COPY failed: file not found in build context or excluded by .dockerignore: stat go.sum: file does not exist`,
  },
  {
    id: 'build-context-missing',
    text: `
 > [build 4/8] COPY services/{app}/go.mod ./:
------
§ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref moby::{sha}: "/services/{app}/go.mod": not found`,
  },
  {
    id: 'build-secret-missing',
    text: `
#9 [builder 4/7] RUN --mount=type=ssh go mod download
§ERROR: failed to solve: invalid empty ssh agent socket, make sure SSH_AUTH_SOCK is set`,
  },
  {
    id: 'build-secret-missing',
    text: `
#10 [builder 5/7] RUN --mount=type=secret,id=netrc,target=/root/.netrc,required=true go mod download
#10 §ERROR: secret netrc: not found
------
§ERROR: failed to solve: secret netrc: not found`,
  },
  {
    id: 'build-secret-missing',
    text: `
 > [build 5/8] RUN --mount=type=secret,id=github_token go mod download:
------
§ERROR: failed to solve: failed to solve with frontend dockerfile.v0: secret github_token: not found`,
  },
  {
    id: 'os-packages-failed',
    text: `
#6 [builder 2/6] RUN apk add --no-cache git && go mod download
#6 0.412 fetch https://dl-cdn.alpinelinux.org/alpine/v3.20/main/x86_64/APKINDEX.tar.gz
#6 5.420 §WARNING: fetching https://dl-cdn.alpinelinux.org/alpine/v3.20/main: temporary error (try again later)
#6 5.421 §ERROR: unable to select packages:
#6 5.422   git (no such package):
#6 5.422     required by: world[git]
#6 ERROR: process "/bin/sh -c apk add --no-cache git && go mod download" did not complete successfully: exit code: 1`,
  },
  {
    id: 'os-packages-failed',
    text: `
Err:1 http://deb.debian.org/debian bookworm InRelease
  Temporary failure resolving 'deb.debian.org'
W: Failed to fetch http://deb.debian.org/debian/dists/bookworm/InRelease  Temporary failure resolving 'deb.debian.org'
§E: Unable to locate package git
The command '/bin/sh -c apt-get update && apt-get install -y git && go mod download' returned a non-zero code: 100`,
  },
  {
    id: 'os-packages-failed',
    text: `
E: Failed to fetch http://deb.debian.org/debian/pool/main/g/git/git_2.39.5_amd64.deb  404  Not Found [IP: {ip} 80]
E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?
ERROR: process "/bin/sh -c apt-get install -y git && go build ./..." did not complete successfully: exit code: 100`.replace(
      'E: Failed',
      '§E: Failed',
    ),
  },
  {
    id: 'step-timeout',
    text: `
$ go test ./...
ok  	example.com/{app}/store	12.1s
§ERROR: Job failed: execution took longer than 1h0m0s seconds`,
  },
  {
    id: 'step-timeout',
    text: `
ok  	example.com/{app}/api	92.1s
§##[error]The job running on runner {host} has exceeded the maximum execution time of 360 minutes.`,
  },
  {
    id: 'step-timeout',
    text: `
go build -o bin/{app} ./cmd/{app}
§signal: terminated
§Too long with no output (exceeded 10m0s): context deadline exceeded`,
  },
  {
    id: 'pod-oom',
    text: `
§pod/{app}-build-7x{n}  0/1  OOMKilled  0  4m
  State:          Terminated
§    Reason:       OOMKilled
    Exit Code:    137`,
  },
  {
    id: 'pod-oom',
    text: `
time="2025-03-01T10:11:12Z" level=info msg="sub-process exited" argo=true error="<nil>"
§Error: main: Error (exit code 137): OOMKilled`,
  },
  {
    id: 'pod-oom',
    text: `
container "build" in pod "{app}-{n}" is terminated: OOMKilled (exit code 137)
ERROR: Job failed: command terminated with exit code 137`.replace('container', '§container'),
  },
  {
    id: 'pod-evicted',
    text: `
§The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9{n}Mi. Container build was using {n}Gi, request is 0, has larger consumption of ephemeral-storage.
ERROR: Job failed (system failure): pod "{app}-{n}" evicted`,
  },
  {
    id: 'pod-evicted',
    text: `
Status:   Failed
Reason:   Evicted
§Message:  The node was low on resource: memory. Container builder was using 6{n}Mi, request is 512Mi.`,
  },
  {
    id: 'pod-evicted',
    text: `
§Warning  Evicted  2m  kubelet  The node was low on resource: ephemeral-storage.
pod default/{app}-{n} failed`,
  },
  {
    id: 'runner-lost',
    text: `
go: downloading {module} {version}
§##[error]The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.
##[error]Process completed with exit code 143.`,
  },
  {
    id: 'runner-lost',
    text: `
§The self-hosted runner: {host} lost communication with the server. Verify the machine is running and has a healthy network connection.`,
  },
  {
    id: 'runner-lost',
    text: `
§Agent {host} was terminated: spot instance interruption notice received, the build was lost
Build finished: FAILURE`,
  },
  {
    id: 'step-cancelled',
    text: `
#12 [builder 5/7] RUN go build ./...
#12 §CANCELED
§ERROR: failed to solve: Canceled: context canceled`,
  },
  {
    id: 'step-cancelled',
    text: `
+ go test ./...
ok  	example.com/{app}/store	4.1s
##[error]§The operation was canceled.`,
  },
  {
    id: 'step-cancelled',
    text: `
+ go vet ./...
Aborted by jdoe
§context canceled
Finished: ABORTED`,
  },
  {
    id: 'lint-failure',
    text: `
$ golangci-lint run ./...
§internal/store/store.go:{n}:2: ineffectual assignment to err (ineffassign)
	err = nil
	^
1 issues:
* ineffassign: 1`,
  },
  {
    id: 'lint-failure',
    text: `
§cmd/{app}/main.go:{n}:15: Error return value of \`f.Close\` is not checked (errcheck)
cmd/{app}/main.go:7:2: should not use dot imports (ST1001) (stylecheck)
make: *** [Makefile:31: lint] Error 1`,
  },
  {
    id: 'lint-failure',
    text: `
staticcheck ./...
§api/handler.go:{n}:6: func unusedHelper is unused (U1000)
exit status 1`,
  },
];

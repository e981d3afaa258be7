import type { SeededRandom } from '../support/seeded.ts';

/** What a build tool says before and after the command that failed. */
export type BuildTool = (log: string, random: SeededRandom) => string;

function around(before: readonly string[], after: readonly string[]): BuildTool {
  return (log) => [...before, log.trimEnd(), ...after, ''].join('\n');
}

export const buildTools: Readonly<Record<string, BuildTool>> = {
  make: around(['go build -o bin/shop ./cmd/shop'], ['make: *** [Makefile:12: build] Error 1']),
  'make in make': around(
    ["make[1]: Entering directory '/src/services/shop'", 'CGO_ENABLED=0 go build ./...'],
    [
      'make[1]: *** [Makefile:31: bin/shop] Error 2',
      "make[1]: Leaving directory '/src/services/shop'",
      'make: *** [Makefile:7: all] Error 2',
    ],
  ),
  'make with other jobs': around(
    ['go vet ./...', 'protoc --go_out=. api/shop.proto'],
    [
      'make: *** [Makefile:12: vet] Error 1',
      'make: *** Waiting for unfinished jobs....',
      'mockgen: 12 files written',
    ],
  ),
  gmake: around([], ['gmake: *** [GNUmakefile:4: all] Error 1']),
  just: around(['go build ./...'], ['error: Recipe `build` failed on line 3 with exit code 1']),
  task: around(
    ['task: [build] go build ./...'],
    ['task: Failed to run task "build": exit status 1'],
  ),
  mage: around(
    ['Running target: Build', 'exec: go "build" "./..."'],
    ['Error: running "go build ./..." failed with exit code 1'],
  ),
  goreleaser: around(
    [
      '  • starting release...',
      '  • loading                                          path=.goreleaser.yaml',
      '  • running before hooks',
      '    • running                                        hook=go mod tidy',
    ],
    [
      "  ⨯ release failed after 3s                          error=hook failed: shell: 'go mod tidy': exit status 1",
    ],
  ),
  ko: around(
    [
      '2025/03/14 10:11:12 Using base cgr.dev/chainguard/static:latest@sha256:5f1f for m.test/shop/cmd/shop',
      '2025/03/14 10:11:13 Building m.test/shop/cmd/shop for linux/amd64',
    ],
    [
      '2025/03/14 10:11:15 Unexpected error running "go build": exit status 1',
      'Error: failed to publish images: error building "ko://m.test/shop/cmd/shop": build: go build: exit status 1',
    ],
  ),
  bazel: around(
    [
      'INFO: Analyzed target //cmd/shop:shop (81 packages loaded, 412 targets configured).',
      "ERROR: /root/.cache/bazel/_bazel_root/5f1f/external/gazelle/internal/go_repository.bzl:371:17: An error occurred during the fetch of repository 'com_github_kestrel_ledger':",
      '   Traceback (most recent call last):',
    ],
    [
      "ERROR: Analysis of target '//cmd/shop:shop' failed; build aborted",
      'INFO: Elapsed time: 3.144s',
      'ERROR: Build did NOT complete successfully',
    ],
  ),
  'golangci-lint': around(
    [
      'level=info msg="[config_reader] Config search paths: [./ /src /]"',
      'level=info msg="[lintersdb] Active 9 linters: [errcheck govet]"',
    ],
    ['level=info msg="Execution took 3.1s"'],
  ),
  earthly: around(
    [
      ' Init 🚀',
      '————————————————————————————————————————————————————————————————————————————————',
      '+build | --> RUN go build ./...',
    ],
    [
      'ERROR Earthfile line 12:4',
      '      The command',
      '          RUN go build ./...',
      '      did not complete successfully. Exit code 1',
    ],
  ),
  docker: around(
    ['Step 5/9 : RUN go mod download', ' ---> Running in 5f1f2a8b6d3c'],
    ["The command '/bin/sh -c go mod download' returned a non-zero code: 1"],
  ),
  buildah: around(
    ['STEP 5/9: RUN go mod download'],
    ['Error: building at STEP "RUN go mod download": while running runtime: exit status 1'],
  ),
  kaniko: around(
    [
      'INFO[0012] RUN go mod download',
      'INFO[0012] Cmd: /bin/sh',
      'INFO[0012] Args: [-c go mod download]',
      'INFO[0012] Running: [/bin/sh -c go mod download]',
    ],
    [
      'error building image: error building stage: failed to execute command: waiting for process to exit: exit status 1',
    ],
  ),
  compose: around(
    ['shop Building'],
    [
      'failed to solve: process "/bin/sh -c go mod download" did not complete successfully: exit code: 1',
    ],
  ),
  npm: around(
    ['> shop@1.0.0 build', '> go build -o dist/shop .'],
    [
      'npm error code 1',
      'npm error path /src',
      'npm error command failed',
      'npm error command sh -c go build -o dist/shop .',
      'npm error A complete log of this run can be found in: /root/.npm/_logs/2025-03-14T10_11_12_131Z-debug-0.log',
    ],
  ),
  gradle: around(
    ['> Task :shop:goBuild FAILED'],
    [
      'FAILURE: Build failed with an exception.',
      '',
      '* What went wrong:',
      "Execution failed for task ':shop:goBuild'.",
      "> Process 'command 'go'' finished with non-zero exit value 1",
      '',
      'BUILD FAILED in 3s',
    ],
  ),
  nix: around(
    [
      'these 2 derivations will be built:',
      '  /nix/store/5f1f-shop-go-modules.drv',
      "building '/nix/store/5f1f-shop-go-modules.drv'...",
      'Running phase: buildPhase',
    ],
    ["error: builder for '/nix/store/5f1f-shop-go-modules.drv' failed with exit code 1;"],
  ),
  'pre-commit': around(
    [
      'golangci-lint............................................................Failed',
      '- hook id: golangci-lint',
      '- exit code: 1',
      '',
    ],
    [],
  ),
  'bash -x': around(['+ set -euo pipefail', '+ cd /src', '+ go build ./...'], ['+ exit 1']),
  github: around(
    [
      '##[group]Run go build ./...',
      '\u001B[36;1mgo build ./...\u001B[0m',
      'shell: /usr/bin/bash -e {0}',
      'env:',
      '  GOPROXY: https://proxy.golang.org,direct',
      '##[endgroup]',
    ],
    [
      '##[error]Process completed with exit code 1.',
      'Post job cleanup.',
      '[command]/usr/bin/git version',
      'git version 2.47.1',
      'Cleaning up orphan processes',
    ],
  ),
  gitlab: around(
    ['\u001B[32;1m$ go build ./...\u001B[0;m'],
    [
      '\u001B[0Ksection_end:1710000041:step_script\r\u001B[0K\u001B[31;1mERROR: Job failed: exit code 1\u001B[0;m',
    ],
  ),
  circleci: around(
    ['#!/bin/bash -eo pipefail', 'go build ./...'],
    ['', 'Exited with code exit status 1'],
  ),
  jenkins: around(
    ['[Pipeline] sh', '+ go build ./...'],
    [
      '[Pipeline] }',
      '[Pipeline] // stage',
      '[Pipeline] End of Pipeline',
      'ERROR: script returned exit code 1',
      'Finished: FAILURE',
    ],
  ),
  travis: around(
    ['travis_fold:start:build', '$ go build ./...'],
    [
      'The command "go build ./..." exited with 1.',
      'travis_fold:end:build',
      'Your build exited with 1.',
    ],
  ),
  codebuild: around(
    ['[Container] 2025/03/14 10:11:12.131415 Running command go build ./...'],
    [
      '[Container] 2025/03/14 10:11:15.161718 Command did not exit successfully go build ./... exit status 1',
      '[Container] 2025/03/14 10:11:15.192021 Phase complete: BUILD State: FAILED',
    ],
  ),
  'cloud build': around(
    ['Starting Step #2 - "build"', 'Already have image (with digest): gcr.io/cloud-builders/go'],
    [
      'Finished Step #2 - "build"',
      'ERROR',
      'ERROR: build step 2 "gcr.io/cloud-builders/go" failed: step exited with non-zero status: 1',
    ],
  ),
  'cloud native buildpack': around(
    [
      '===> BUILDING',
      'Paketo Buildpack for Go Build 2.3.1',
      '  Executing build process',
      "    Running 'go build -o /layers/paketo-buildpacks_go-build/targets/bin -buildmode pie ./...'",
    ],
    ['      Failed after 3.1s', '', 'exit status 1', 'ERROR: failed to build: exit status 1'],
  ),
  heroku: around(
    [
      '-----> Building on the Heroku-24 stack',
      '-----> Go app detected',
      '-----> Fetching stdlib.sh.v8... done',
      '-----> Running: go install -v -tags heroku .',
    ],
    [' !     Push rejected, failed to compile Go app.'],
  ),
  debian: around(
    [
      'dh_auto_build -O--buildsystem=golang',
      '\tcd obj-x86_64-linux-gnu && go install -trimpath -v -p 4 m.test/shop/...',
    ],
    [
      'dh_auto_build: error: cd obj-x86_64-linux-gnu && go install -trimpath -v -p 4 m.test/shop/... returned exit code 1',
      'make: *** [debian/rules:7: binary] Error 25',
      'dpkg-buildpackage: error: fakeroot debian/rules binary subprocess returned exit status 2',
    ],
  ),
  rpm: around(
    ['+ cd shop-1.0.0', '+ go build ./...'],
    [
      'error: Bad exit status from /var/tmp/rpm-tmp.X1 (%build)',
      'RPM build errors:',
      '    Bad exit status from /var/tmp/rpm-tmp.X1 (%build)',
    ],
  ),
  homebrew: around(
    [
      '==> go build -ldflags=-s -w',
      '==> Last 15 lines from /home/linuxbrew/.cache/Homebrew/Logs/shop/01.go:',
    ],
    ['If reporting this issue please do so to (not Homebrew/* repositories):', '  kestrel/tap'],
  ),
  alpine: around(
    ['>>> shop: Building edge/shop 1.0.0-r0 (using abuild 3.13.0-r5)'],
    ['>>> ERROR: shop: build failed'],
  ),
  xcaddy: around(
    [
      '2025/03/14 10:11:12 [INFO] Resolved Go build',
      '2025/03/14 10:11:12 [INFO] exec (timeout=0s): /usr/local/go/bin/go get -d -v m.test/shop',
    ],
    ['2025/03/14 10:11:15 [FATAL] exit status 1'],
  ),
  terraform: around(
    ['null_resource.build (local-exec): Executing: ["/bin/sh" "-c" "go build"]'],
    ['Error: local-exec provisioner error', "Error running command 'go build': exit status 1."],
  ),
  ginkgo: around([], ['Ginkgo ran 1 suite in 3.1s', 'Test Suite Failed']),
  powershell: around(
    ['PS C:\\src> go build ./...'],
    [
      '    + CategoryInfo          : NotSpecified: (:) [], RemoteException',
      '    + FullyQualifiedErrorId : NativeCommandError',
    ],
  ),
};

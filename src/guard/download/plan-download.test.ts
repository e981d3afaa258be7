import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directoryOf, downloadsAll, planDownload, readsModules } from './plan-download.ts';

const planned: readonly (readonly [command: string, list: string])[] = [
  ['go build', 'go list -deps --'],
  ['go build -v -o bin/x ./cmd/...', 'go list -deps -- ./cmd/...'],
  [
    'go build -tags integration,x -race=false .',
    'go list -tags=integration,x -race=false -deps -- .',
  ],
  ['go build --tags=a b c', 'go list -tags=a -deps -- b c'],
  ['go build -C sub -mod=mod -modfile=x.mod', 'go list -C=sub -mod=mod -modfile=x.mod -deps --'],
  ['go build -mod mod -ldflags -s .', 'go list -mod=mod -deps -- .'],
  ['go1.25.3 install ./x', 'go1.25.3 list -deps -- ./x'],
  ['/opt/go/bin/go vet -printf=false -copylocks ./...', '/opt/go/bin/go list -deps -test -- ./...'],
  ['go vet -printf.funcs a,b ./...', 'go list -deps -test -- ./...'],
  ['go run -exec time -race ./cmd/x -v build', 'go list -race -deps -- ./cmd/x'],
  ['go run a.go b.go c d.go', 'go list -deps -- a.go b.go'],
  ['go test -run X -count=1 ./a ./b -v -tags t', 'go list -tags=t -deps -test -- ./a ./b'],
  ['go test ./a -v ./b', 'go list -deps -test -- ./a'],
  ['go test -test.v -custom ./a', 'go list -deps -test --'],
  ['go test ./... -args -tags x', 'go list -deps -test -- ./...'],
  ['go list -f {{.Dir}} -deps ./...', 'go list -deps -- ./...'],
  ['go list -json=Dir -test -overlay o.json x', 'go list -overlay=o.json -deps -test -- x'],
  ['go build -- -odd', 'go list -deps -- -odd'],
];

for (const [command, list] of planned) {
  test(`planDownload() makes of "${command}" what loads the same packages`, () => {
    const plan = planDownload(command.split(' '));
    assert.equal(plan.kind, 'list');
    if (plan.kind !== 'list') return;
    assert.equal(plan.command.join(' ').replace(' -f {{""}}', ''), list);
  });
}

const left: readonly (readonly [command: string, reason: RegExp])[] = [
  ['make all', /no go command/],
  ['sh -c go', /no go command/],
  ['gofmt build', /no go command/],
  ['go', /loads no packages/],
  ['go mod download', /loads no packages/],
  ['go generate ./...', /loads no packages/],
  ['go run example.com/x@v1.2.3', /at a version/],
  ['go install a/b@latest', /at a version/],
  ['go run', /names no package/],
  ['go list -m all', /-m changes/],
  ['go list -find ./...', /-find changes/],
  ['go build -h', /-h changes/],
  ['go build -nonsense ./...', /-nonsense is not known/],
  ['go build -tags', /-tags has no value/],
];

for (const [command, reason] of left) {
  test(`planDownload() leaves "${command}" to itself and says why`, () => {
    const plan = planDownload(command.split(' '));
    assert.equal(plan.kind, 'none');
    if (plan.kind === 'none') assert.match(plan.reason, reason);
  });
}

test('directoryOf() follows -C of a go command, and of nothing else', () => {
  assert.equal(directoryOf(['go', 'build', '-C', 'sub'], '/x'), '/x/sub');
  assert.equal(directoryOf(['go', 'test', '--C=/y', './...'], '/x'), '/y');
  assert.equal(directoryOf(['make', 'all', '-C', 'sub'], '/x'), '/x');
  assert.equal(directoryOf(['go', 'build', './...'], '/x'), '/x');
});

test('readsModules() is so for a go command that reads modules, and for no script that may set GOPRIVATE first', () => {
  const reading = ['go build ./...', '/usr/local/go/bin/go test .', 'go1.25.3 mod download'];
  for (const command of reading) assert.equal(readsModules(command.split(' ')), true, command);
  const others = ['make', 'sh -c go build', 'go version', 'go env GOPROXY', 'go', 'gofmt -l .', ''];
  for (const command of others) assert.equal(readsModules(command.split(' ')), false, command);
});

test('downloadsAll() is so for go mod download without the names of modules', () => {
  for (const command of ['go mod download', 'go mod download -x']) {
    assert.equal(downloadsAll(command.split(' ')), true, command);
  }
  for (const command of ['go mod download a.test/a', 'go mod tidy', 'go build', 'make']) {
    assert.equal(downloadsAll(command.split(' ')), false, command);
  }
});

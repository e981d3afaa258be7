import type { Scenario } from '../scenario.ts';
import { makeModule } from '../world/module-files.ts';
import { commandFor, consumer } from './common.ts';
import { theModule } from './module-proxy-planting.ts';

export const goSum: readonly Scenario[] = [
  ...(['module', 'go.mod'] as const).map((which, index): Scenario => ({
    id: 'gosum-mismatch',
    name: index === 0 ? 'zip' : 'go-mod',
    plant: async (world) => {
      const module = theModule(world);
      await world.mirror([module]);
      const wrong = makeModule({
        ...module,
        goMod:
          which === 'go.mod'
            ? `module ${module.path}\n\ngo 1.16\n`
            : `module ${module.path}\n\ngo 1.15\n`,
        files: { 'a.go': 'package a\n' },
      }).sum;
      const right = makeModule(module).sum;
      const lines =
        which === 'module'
          ? [wrong.split('\n')[0], right.split('\n')[1]]
          : [right.split('\n')[0], wrong.split('\n')[1]];
      return {
        files: consumer(world.names, 1, { 'go.sum': `${lines.join('\n')}\n` }),
        command:
          which === 'module'
            ? 'go mod download'
            : world.names.pick(['go build ./...', 'go mod download', 'go test ./...']),
        evidence: /verifying \S+: checksum mismatch/u,
        target: module.path,
      };
    },
  })),
  {
    id: 'cache-empty-file-hash',
    name: 'empty-go-mod-in-the-cache',
    plant: async (world) => {
      const module = theModule(world);
      await world.mirror([module]);
      const { gopath } = world.names;
      return {
        files: consumer(world.names, 1, { 'go.sum': makeModule(module).sum }),
        prepare: `go mod download 2>&1; chmod -R u+w ${gopath}/pkg; : > ${gopath}/pkg/mod/cache/download/${module.path}/@v/${module.version}.mod`,
        command: world.names.pick(['go build ./...', 'go mod download', 'go vet ./...']),
        evidence:
          /(?:verifying \S+\/go\.mod: checksum mismatch|downloaded: +h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=)/u,
        target: module.path,
      };
    },
  },
  {
    id: 'cache-empty-file-hash',
    name: 'empty-answer-of-the-proxy',
    plant: async (world) => {
      const module = theModule(world);
      await world.mirror([module], (path, _, response) => {
        if (!path.endsWith('.mod')) return false;
        response.end('');
        return true;
      });
      return {
        files: consumer(world.names, 1, { 'go.sum': makeModule(module).sum }),
        command: commandFor(world.names),
        evidence:
          /(?:verifying \S+\/go\.mod: checksum mismatch|downloaded: +h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=)/u,
        target: module.path,
      };
    },
  },
  {
    id: 'gosum-missing-entry',
    name: 'go-sum-not-copied',
    plant: async (world) => {
      await world.mirror([theModule(world)]);
      return {
        files: consumer(world.names),
        command: world.names.pick([
          'go build ./...',
          'go test ./...',
          'go vet ./...',
          'go build -o /tmp/app .',
        ]),
        evidence: /missing go\.sum entry .*/u,
        target: world.names.module(0),
      };
    },
  },
  {
    id: 'gosum-missing-entry',
    name: 'go-mod-only',
    go: ['1.19.13', '1.22.12', '1.24.9', 'local', '1.27.3'],
    plant: async (world) => {
      const module = theModule(world);
      await world.mirror([module]);
      return {
        files: consumer(world.names, 1, {
          'go.sum': `${makeModule(module).sum.split('\n')[1] ?? ''}\n`,
        }),
        command: world.names.pick(['go build ./...', 'go test ./...', 'go run .']),
        evidence: /missing go\.sum entry .*/u,
        target: module.path,
      };
    },
  },
  {
    id: 'gosum-malformed',
    name: 'wrong-number-of-fields',
    go: ['1.22.12', '1.24.9', 'local', '1.27.3'],
    plant: ({ names }) => ({
      files: consumer(names, 1, { 'go.sum': `${names.module(0)} ${names.version(0)}\n` }),
      command: names.pick(['go build ./...', 'go mod download', 'go test ./...']),
      evidence: /wrong number of fields \d+/u,
      target: 'go.sum',
    }),
  },
  {
    id: 'gosum-malformed',
    name: 'conflict-markers',
    go: ['1.22.12', '1.24.9', 'local', '1.27.3'],
    plant: ({ names }) => ({
      files: consumer(names, 1, {
        'go.sum': `<<<<<<< HEAD\n${makeModule({ path: names.module(0), version: names.version(0) }).sum}=======\n>>>>>>> feature\n`,
      }),
      command: names.pick(['go build ./...', 'go mod download', 'go test ./...']),
      evidence: /wrong number of fields \d+/u,
      target: 'go.sum',
    }),
  },
  {
    id: 'gosum-update-needed',
    name: 'readonly-1.15',
    go: ['1.15.15'],
    plant: async (world) => {
      await world.mirror([theModule(world)]);
      return {
        files: consumer(world.names),
        command: world.names.pick(['go build -mod=readonly ./...', 'go test -mod=readonly ./...']),
        evidence: /updates to go\.sum needed, disabled by -mod=readonly/u,
        target: 'go.sum',
      };
    },
  },
];

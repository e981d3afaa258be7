import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createDiskFiles } from '../../platform/adapters.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { readFingerprint } from './fingerprint.ts';
import type { Fingerprint, FingerprintNeeds, FingerprintRequest } from './fingerprint.ts';

interface Stage {
  readonly folder: string;
  take(more?: Partial<FingerprintRequest>): Promise<Fingerprint>;
  go(variables: Readonly<Record<string, string>>): void;
}

async function setStage(context: TestContext): Promise<Stage> {
  const folder = await temporaryFolder(context);
  let told: Readonly<Record<string, string>> = {};
  const needs: FingerprintNeeds = {
    processes: {
      run: async () => ({
        code: 0,
        signal: undefined,
        stdout: Buffer.from(JSON.stringify(told)),
        stderr: Buffer.alloc(0),
      }),
    },
    files: createDiskFiles(),
    environment: {},
    mask: (text) => text.replaceAll('hunter2', '[hidden]'),
  };
  const request = {
    command: ['go', 'build'],
    directory: folder,
    image: 'golang:1',
    platform: 'x/y',
  };
  return {
    folder,
    go: (variables) => {
      told = variables;
    },
    take: (more) => readFingerprint(needs, { ...request, ...more }, new AbortController().signal),
  };
}

test('equal builds have equal fingerprints, and each input changes it', async (context) => {
  const stage = await setStage(context);
  const variables = { GOVERSION: 'go1.26.8', GOMOD: join(stage.folder, 'go.mod') };
  stage.go(variables);
  await writeFile(join(stage.folder, 'go.mod'), 'module a\n');
  await writeFile(join(stage.folder, 'go.sum'), '');
  const first = await stage.take();
  assert.match(first.id, /^[0-9a-f]{64}$/);
  assert.deepEqual(await stage.take(), first);
  const ids = new Set([first.id]);
  ids.add((await stage.take({ command: ['go', 'test'] })).id);
  ids.add((await stage.take({ image: 'golang:2' })).id);
  stage.go({ ...variables, GOVERSION: 'go1.27.0' });
  ids.add((await stage.take()).id);
  stage.go(variables);
  await writeFile(join(stage.folder, 'go.sum'), 'x');
  ids.add((await stage.take()).id);
  assert.equal(ids.size, 5);
});

test('the inputs are shown without secrets, files and the command as digests', async (context) => {
  const stage = await setStage(context);
  stage.go({ GOFLAGS: '-ldflags=-X=k=hunter2', GOMOD: '/dev/null' });
  const { inputs } = await stage.take({ command: ['sh', '-c', 'hunter2'] });
  assert.doesNotMatch(JSON.stringify(inputs), /hunter2/);
  assert.equal(inputs['GOFLAGS'], '-ldflags=-X=k=[hidden]');
  assert.match(inputs['command'] ?? '', /^[0-9a-f]{16}$/);
  assert.match(inputs['host'] ?? '', /^x\/y/);
  assert.equal(inputs['go.mod'], undefined);
});

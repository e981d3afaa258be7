import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { createDiskFiles } from '../platform/adapters.ts';
import { buildZip, type SampleEntry } from '../../test/support/sample-zips.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { createZipChecker, type ZipChecker, type ZipVerdict } from './zip-checker.ts';
import { createWorkerLane } from './worker-lane.ts';

const PATH = 'example.com/m';
const ROOT = `${PATH}@v1.0.0/`;
const GO_MOD: SampleEntry = {
  name: `${ROOT}go.mod`,
  content: Buffer.from('module example.com/m\n'),
};

function checkerFor(t: TestContext): ZipChecker {
  const checker = createZipChecker({ files: createDiskFiles() }, {});
  t.after(() => checker.close());
  return checker;
}

function checkBytes(
  checker: ZipChecker,
  bytes: Uint8Array,
  signal = new AbortController().signal,
): Promise<ZipVerdict> {
  return checker.check({ path: PATH, version: 'v1.0.0', source: { kind: 'bytes', bytes }, signal });
}

test('a sound zip is good and comes with the hashes of go.sum', async (t) => {
  const verdict = await checkBytes(
    checkerFor(t),
    buildZip([GO_MOD, { name: `${ROOT}a.go`, content: Buffer.from('package m\n') }]),
  );
  assert.deepEqual(verdict, {
    verdict: 'good',
    h1: 'h1:SXy42eQ/QbleX7vtuAPFnaM3tNuQnfeo7rulG/p7iOw=',
    goModHash: 'h1:flS2VctbRrTv+sBE+VKgxx6hlkMGPVz9MGOmzMYFg3k=',
    entries: 2,
    uncompressedBytes: 31,
  });
});

test('a zip whose only fault is a name is told apart from a damaged one', async (t) => {
  const checker = checkerFor(t);
  for (const name of [`${ROOT}a:b`, `${PATH}@v1.0.0.txt`, `${ROOT}sub/go.mod`, `${ROOT}GO.MOD`]) {
    const verdict = await checkBytes(
      checker,
      buildZip([GO_MOD, { name, content: Buffer.from('x') }]),
    );
    assert.equal(verdict.verdict, 'entry-names', name);
  }
  for (const name of ['m-main/a.go', `${PATH}@v1.0.1/a.go`, `example.com/n@v1.0.0/a.go`]) {
    const verdict = await checkBytes(
      checker,
      buildZip([GO_MOD, { name, content: Buffer.from('x') }]),
    );
    assert.equal(verdict.verdict, 'bad', name);
  }
});

test('a zip bomb is refused at the size that it declares', async (t) => {
  const bomb = buildZip([{ name: `${ROOT}bomb`, content: Buffer.alloc(100_000_000) }]);
  const directory = bomb.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  for (const at of [22, directory + 24]) {
    bomb.writeUInt32LE(10, at);
  }
  assert.deepEqual(await checkBytes(checkerFor(t), bomb), {
    verdict: 'bad',
    problem: `entry "${ROOT}bomb" is larger than the size it declares`,
    flaw: 'damaged',
  });
});

test('every flipped byte of the content and every cut is refused', async (t) => {
  const checker = checkerFor(t);
  const content = randomBytes(300);
  const zip = buildZip([{ name: `${ROOT}a.bin`, content, method: 'stored' }]);
  const start = zip.indexOf(content);
  for (let at = start; at < start + content.length; at++) {
    const broken = Buffer.from(zip);
    broken[at] = (broken[at] ?? 0) ^ 1;
    assert.equal((await checkBytes(checker, broken)).verdict, 'bad');
  }
  for (let length = 0; length < zip.length; length++) {
    assert.equal((await checkBytes(checker, zip.subarray(0, length))).verdict, 'bad');
  }
});

test('a large zip is read from its file, and a small one does not wait for it', async (t) => {
  const checker = checkerFor(t);
  const file = join(await temporaryFolder(t), 'large.zip');
  const large = buildZip(
    Array.from({ length: 12 }, (_, index) => ({
      name: `${ROOT}f${index}`,
      content: randomBytes(index % 3 === 0 ? 5_000_000 : 700_000),
      method: index % 2 === 0 ? ('stored' as const) : ('deflated' as const),
    })),
  );
  await writeFile(file, large);
  const order: string[] = [];
  const signal = new AbortController().signal;
  const fromFile = checker
    .check({ path: PATH, version: 'v1.0.0', source: { kind: 'file', file }, signal })
    .finally(() => order.push('large'));
  const small = checkBytes(checker, buildZip([GO_MOD])).finally(() => order.push('small'));
  const [verdict] = await Promise.all([fromFile, small]);
  assert.deepEqual(order, ['small', 'large']);
  assert.equal(verdict.verdict, 'good');
  assert.deepEqual(await checkBytes(checker, large), verdict);
});

test('a check that is given up rejects with the reason and leaves the checker usable', async (t) => {
  const checker = checkerFor(t);
  const giveUp = new AbortController();
  const large = buildZip([{ name: `${ROOT}a`, content: randomBytes(3_000_000), method: 'stored' }]);
  const check = checkBytes(checker, large, giveUp.signal);
  giveUp.abort(new Error('nobody waits'));
  await assert.rejects(check, /nobody waits/);
  assert.equal((await checkBytes(checker, large)).verdict, 'good');
});

test('a worker that ends unexpectedly rejects its checks and is replaced', async (t) => {
  const program = `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', (message) => {
      if (message.path === 'crash') throw new Error('a bug');
      if (message.kind === 'check') parentPort.postMessage({ kind: 'verdict', id: message.id, verdict: { verdict: 'bad', problem: 'alive' } });
    });`;
  const lane = createWorkerLane(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
    isPatient: false,
  });
  t.after(() => lane.close());
  const source = { size: 1, whole: undefined, read: async () => new Uint8Array(1) };
  function check(path: string): Promise<ZipVerdict> {
    const signal = new AbortController().signal;
    return lane.check({ path, listFiles: false, version: 'v1.0.0', source, signal });
  }
  await assert.rejects(check('crash'), { code: 'zip-checker-failed' });
  assert.deepEqual(await check('fine'), { verdict: 'bad', problem: 'alive' });
});

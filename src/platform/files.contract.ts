import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { ProgramError } from './errors.ts';
import type { Files } from './files.ts';

export interface FilesUnderTest {
  readonly files: Files;
  /** An existing empty directory that the test may fill. */
  readonly folder: string;
}

type Make = (context: TestContext) => Promise<FilesUnderTest>;

/** What every adapter of the port Files must do. */
export function filesContract(name: string, make: Make): void {
  readingContract(name, make);
  writingContract(name, make);
  growingContract(name, make);
  directoryContract(name, make);
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ProgramError && error.code === code;
}

const BYTES = Buffer.from('module example.com/a\n');

function readingContract(name: string, make: Make): void {
  test(`${name}: what is absent is undefined, under every impossible name too`, async (context) => {
    const { files, folder } = await make(context);
    await files.writeAtomically(join(folder, 'file'), BYTES, folder);
    const absent = [
      join(folder, 'none'),
      join(folder, 'none', 'below'),
      join(folder, 'file', 'below'),
      join(folder, 'x'.repeat(300)),
      join(folder, 'null\0byte'),
    ];
    for (const path of absent) {
      assert.equal(await files.readWhole(path, 100), undefined);
      assert.equal(await files.open(path), undefined);
      assert.equal(await files.status(path), undefined);
      assert.equal(await files.list(path), undefined);
    }
  });

  test(`${name}: readWhole() gives the exact bytes at every size`, async (context) => {
    const { files, folder } = await make(context);
    const path = join(folder, 'file');
    for (const size of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
      const bytes = Buffer.alloc(size, 'abcdefg');
      await files.writeAtomically(path, bytes, folder);
      const read = await files.readWhole(path, 300_000);
      assert.ok(read !== undefined && read.equals(bytes), `size ${size}`);
    }
  });

  test(`${name}: readWhole() refuses what is above its limit`, async (context) => {
    const { files, folder } = await make(context);
    const path = join(folder, 'file');
    for (const size of [101, 70_000, 200_000]) {
      await files.writeAtomically(path, Buffer.alloc(size), folder);
      await assert.rejects(files.readWhole(path, size - 1), hasCode('file-too-large'));
      assert.equal((await files.readWhole(path, size))?.length, size);
    }
  });

  test(`${name}: readWhole() keeps many readings at once apart`, async (context) => {
    const { files, folder } = await make(context);
    const paths = Array.from({ length: 40 }, (_, index) => join(folder, `${index}`));
    await Promise.all(paths.map((path) => files.writeAtomically(path, Buffer.from(path), folder)));
    const read = await Promise.all(paths.map((path) => files.readWhole(path, 1000)));
    assert.deepEqual(read.map(String), paths);
  });

  test(`${name}: readTogether() gives each file, its status, and undefined for what is absent`, async (context) => {
    const { files, folder } = await make(context);
    const [small, large] = [join(folder, 'small'), join(folder, 'large')];
    await files.writeAtomically(small, BYTES, folder);
    await files.writeAtomically(large, Buffer.alloc(101), folder);
    const paths = [large, join(folder, 'none'), small, folder, 'null\0byte'];
    const [tooLarge, absent, read, directory, impossible] = await files.readTogether(paths, 100);
    assert.deepEqual([tooLarge?.bytes, tooLarge?.status.size], [undefined, 101]);
    assert.deepEqual([absent, impossible], [undefined, undefined]);
    assert.deepEqual([read?.bytes, read?.status.size], [BYTES, BYTES.length]);
    assert.ok((read?.status.modifiedMilliseconds ?? 0) > 0);
    assert.deepEqual([directory?.bytes, directory?.status.kind], [undefined, 'directory']);
  });

  test(`${name}: readTogether() keeps many readings at once apart`, async (context) => {
    const { files, folder } = await make(context);
    const paths = Array.from({ length: 200 }, (_, index) => join(folder, String(index)));
    await Promise.all(paths.map((path) => files.writeAtomically(path, Buffer.from(path), folder)));
    const read = await Promise.all(paths.map((path) => files.readTogether([path], 1000)));
    assert.deepEqual(
      read.map(([file]) => file?.bytes?.toString()),
      paths,
    );
  });

  test(`${name}: a directory is not a file to read`, async (context) => {
    const { files, folder } = await make(context);
    await assert.rejects(files.readWhole(folder, 100), hasCode('not-a-file'));
  });

  test(`${name}: open() tells the status and reads by position up to the end`, async (context) => {
    const { files, folder } = await make(context);
    const path = join(folder, 'file');
    await files.writeAtomically(path, BYTES, folder);
    const file = await files.open(path);
    assert.ok(file);
    assert.equal(file.status.size, BYTES.length);
    assert.equal(file.status.kind, 'file');
    const buffer = Buffer.alloc(BYTES.length + 10);
    assert.equal(await file.read(buffer, 7), BYTES.length - 7);
    assert.equal(buffer.toString('utf8', 0, 11), 'example.com');
    assert.equal(await file.read(buffer, BYTES.length), 0);
    assert.equal(await file.read(buffer, BYTES.length + 1000), 0);
    await file.close();
    await file.close();
    await assert.rejects(file.read(buffer, 0), hasCode('file-closed'));
  });

  test(`${name}: close() waits for readings under way`, async (context) => {
    const { files, folder } = await make(context);
    const path = join(folder, 'file');
    await files.writeAtomically(path, Buffer.alloc(500_000, 'z'), folder);
    const file = await files.open(path);
    assert.ok(file);
    const buffer = Buffer.alloc(500_000);
    const reading = file.read(buffer, 0);
    await file.close();
    assert.equal(await reading, 500_000);
  });
}

function writingContract(name: string, make: Make): void {
  test(`${name}: writeAtomically() makes parents, replaces, and leaves no scratch`, async (context) => {
    const { files, folder } = await make(context);
    const path = join(folder, 'a', 'b', 'file');
    const scratch = join(folder, 'scratch', 'deep');
    await files.writeAtomically(path, Buffer.from('old'), scratch);
    await files.writeAtomically(path, BYTES, scratch);
    assert.deepEqual(await files.readWhole(path, 100), BYTES);
    assert.deepEqual(await files.list(scratch), []);
  });

  test(`${name}: writeAtomically() appends its note to another file`, async (context) => {
    const { files, folder } = await make(context);
    const note = join(folder, 'notes', 'of-file');
    for (const text of ['one\n', 'two\n']) {
      const bytes = Buffer.from(text);
      await files.writeAtomically(join(folder, 'file'), BYTES, folder, { path: note, bytes });
    }
    assert.equal((await files.readWhole(note, 100))?.toString(), 'one\ntwo\n');
    await files.makeDirectory(join(folder, 'taken'));
    const taken = { path: join(folder, 'taken'), bytes: BYTES };
    await assert.rejects(files.writeAtomically(join(folder, 'new'), BYTES, folder, taken));
    assert.equal(await files.status(join(folder, 'new')), undefined);
  });

  test(`${name}: writeAtomically() at once leaves one of the contents whole`, async (context) => {
    const { files, folder } = await make(context);
    const path = join(folder, 'new', 'file');
    const contents = Array.from({ length: 20 }, (_, index) => Buffer.alloc(10_000, `${index}`));
    await Promise.all(contents.map((bytes) => files.writeAtomically(path, bytes, folder)));
    const read = await files.readWhole(path, 10_000);
    assert.ok(contents.some((bytes) => read !== undefined && bytes.equals(read)));
  });

  test(`${name}: a failed writeAtomically() leaves no scratch and what was there`, async (context) => {
    const { files, folder } = await make(context);
    const target = join(folder, 'target');
    await files.makeDirectory(join(target, 'occupied'));
    const scratch = join(folder, 'scratch');
    await assert.rejects(files.writeAtomically(target, BYTES, scratch), hasCode('not-a-file'));
    assert.deepEqual(await files.list(scratch), []);
    assert.equal((await files.status(join(target, 'occupied')))?.kind, 'directory');
  });

  test(`${name}: rename() makes parents and replaces; an absent source is an error`, async (context) => {
    const { files, folder } = await make(context);
    const from = join(folder, 'from');
    const to = join(folder, 'x', 'y', 'to');
    for (const content of ['one', 'two']) {
      await files.writeAtomically(from, Buffer.from(content), folder);
      await files.rename(from, to);
      assert.equal(String(await files.readWhole(to, 100)), content);
      assert.equal(await files.status(from), undefined);
    }
    await assert.rejects(files.rename(from, to), hasCode('disk-failed'));
  });

  test(`${name}: append() adds to the end, from several callers at once too`, async (context) => {
    const { files, folder } = await make(context);
    const path = join(folder, 'parent', 'journal');
    await files.append(path, Buffer.from('first\n'));
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`);
    await Promise.all(lines.map((line) => files.append(path, Buffer.from(line))));
    const read = String(await files.readWhole(path, 10_000)).split(/(?<=\n)/);
    assert.equal(read[0], 'first\n');
    assert.deepEqual(read.slice(1).toSorted(), lines.toSorted());
  });

  test(`${name}: remove() takes files and whole directories, and accepts absence`, async (context) => {
    const { files, folder } = await make(context);
    const file = join(folder, 'directory', 'below', 'file');
    await files.writeAtomically(file, BYTES, folder);
    await files.remove(file);
    assert.equal(await files.status(file), undefined);
    await files.writeAtomically(file, BYTES, folder);
    await files.remove(join(folder, 'directory'));
    await files.remove(join(folder, 'directory'));
    assert.deepEqual(await files.list(folder), []);
  });
}

function growingContract(name: string, make: Make): void {
  test(`${name}: create() refuses a name that is taken`, async (context) => {
    const { files, folder } = await make(context);
    const path = join(folder, 'deep', 'down', 'file');
    const file = await files.create(path);
    assert.equal(file.path, path);
    await assert.rejects(files.create(path), hasCode('file-exists'));
    await file.close();
  });

  test(`${name}: a growing file is read by position while it is written`, async (context) => {
    const { files, folder } = await make(context);
    const path = join(folder, 'file');
    const file = await files.create(path);
    await file.write(Buffer.from('hello '));
    const buffer = Buffer.alloc(100);
    assert.equal(await file.read(buffer, 0), 6);
    const other = await files.open(path);
    assert.ok(other);
    await Promise.all([file.write(Buffer.from('wide ')), file.write(Buffer.from('world'))]);
    assert.equal(await other.read(buffer, 6), 10);
    assert.equal(await file.read(buffer, 0), 16);
    assert.equal(buffer.toString('utf8', 0, 16), 'hello wide world');
    await file.sync();
    await file.close();
    await other.close();
    await assert.rejects(file.write(Buffer.from('late')), hasCode('file-closed'));
    assert.equal(String(await files.readWhole(path, 100)), 'hello wide world');
  });
}

function directoryContract(name: string, make: Make): void {
  test(`${name}: list() and status() tell files from directories`, async (context) => {
    const { files, folder } = await make(context);
    await files.makeDirectory(join(folder, 'directory', 'below'));
    await files.makeDirectory(join(folder, 'directory'));
    await files.writeAtomically(join(folder, 'file'), BYTES, folder);
    const entries = await files.list(folder);
    assert.deepEqual(
      entries?.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      [
        { name: 'directory', kind: 'directory' },
        { name: 'file', kind: 'file' },
      ],
    );
    const status = await files.status(join(folder, 'file'));
    assert.equal(status?.size, BYTES.length);
    assert.equal(status.kind, 'file');
    assert.ok(status.modifiedMilliseconds > 0);
    assert.equal((await files.status(folder))?.kind, 'directory');
  });

  test(`${name}: freeBytes() answers for paths that are still absent too`, async (context) => {
    const { files, folder } = await make(context);
    assert.ok((await files.freeBytes(folder)) > 0);
    assert.ok((await files.freeBytes(join(folder, 'not', 'yet'))) > 0);
  });
}

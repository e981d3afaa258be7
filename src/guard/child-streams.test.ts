import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childStreams } from './child-streams.ts';
import type { FailureReader } from './failure-reader.ts';

function reading(): { reader: FailureReader; read: () => string } {
  const pieces: string[] = [];
  const write = (bytes: Uint8Array): void => {
    pieces.push(Buffer.from(bytes).toString());
  };
  const end = (): ReturnType<FailureReader['end']> => ({
    findings: [],
    text: '',
    exitCode: undefined,
  });
  return { reader: { write, end }, read: () => pieces.join('') };
}

test('the lines of two streams do not mix in the reader, and what has no end comes at the end', () => {
  const { reader, read } = reading();
  const { streams, end } = childStreams(reader, { readsStdout: true });
  streams.stdout?.(Buffer.from('--- FAIL: Te'));
  streams.stderr?.(Buffer.from('go: downloading x\ngo: y'));
  streams.stdout?.(Buffer.from('stX\n'));
  end();
  assert.equal(read(), 'go: downloading x\n--- FAIL: TestX\ngo: y');
});

test('stdout is read where that was asked for, and of one pipe everything is shown once', () => {
  const { reader, read } = reading();
  const seen: string[] = [];
  const see = (bytes: Uint8Array): void => {
    seen.push(Buffer.from(bytes).toString());
  };
  const { streams } = childStreams(reader, { child: { seeStdout: see, seeStderr: see } });
  streams.stdout?.(Buffer.from('data\n'));
  assert.deepEqual([read(), seen], ['', ['data\n']]);
  streams.together?.(Buffer.from('words\n'));
  assert.deepEqual([read(), seen], ['words\n', ['data\n', 'words\n']]);
});

test('streams that nobody reads stay those of the command', () => {
  const { streams } = childStreams(undefined, {});
  assert.deepEqual(streams, { stdout: undefined, stderr: undefined, together: undefined });
});

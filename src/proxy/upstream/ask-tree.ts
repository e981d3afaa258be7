import type { Files, ReadableFile } from '../../platform/index.ts';
import type { UpstreamAnswer } from './answer.ts';
import type { UpstreamEntry } from './upstream-list.ts';

/** Bytes per read: few system calls, and little memory however large the file. */
const PIECE_BYTES = 256 * 1024;

/** Asks a `file://` upstream: a plain file tree is a valid proxy (P-01). */
export async function askTree(
  files: Files,
  entry: UpstreamEntry,
  key: string,
): Promise<UpstreamAnswer> {
  const file = await files.open(`${entry.base}/${key}`);
  if (file === undefined || file.status.kind !== 'file') {
    await file?.close();
    return {
      outcome: 'absent',
      upstream: entry.name,
      status: 404,
      body: Buffer.from(`not found: ${key} in ${entry.name}\n`),
      contentType: 'text/plain; charset=utf-8',
      certain: true,
    };
  }
  return {
    outcome: 'found',
    upstream: entry.name,
    length: file.status.size,
    lastModified: undefined,
    body: readPieces(file),
    discard: () => {
      void file.close();
    },
  };
}

async function* readPieces(file: ReadableFile): AsyncGenerator<Buffer> {
  try {
    let position = 0;
    for (;;) {
      const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, file.status.size - position + 1));
      const count = await file.read(buffer, position);
      if (count === 0) {
        return;
      }
      position += count;
      yield buffer.subarray(0, count);
    }
  } finally {
    await file.close();
  }
}

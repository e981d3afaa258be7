import { constants, deflateRawSync } from 'node:zlib';
import { bodyOf, concatenate } from './body.ts';
import { layOutZip } from './zip-layout.ts';
import type { Body } from './body.ts';
import type { ZipLayout } from './zip-layout.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * A module zip of about a kilobyte for each megabyte that it unpacks to. An honest one declares its
 * size; the other says 1,000 bytes and does not stop there.
 */
export function layOutZipBomb(
  prefix: string,
  goMod: string,
  unpackedBytes: number,
  honest: boolean,
): ZipLayout {
  const zeros = Buffer.alloc(CHUNK_BYTES);
  const count = Math.max(1, Math.ceil(unpackedBytes / CHUNK_BYTES));
  // A full flush ends each chunk on a byte and forgets the window, so that one chunk can be repeated.
  const chunk = deflateRawSync(zeros, { finishFlush: constants.Z_FULL_FLUSH });
  const packed = concatenate([repeat(chunk, count), bodyOf(deflateRawSync(Buffer.alloc(0)))]);
  const length = count * CHUNK_BYTES;
  return layOutZip([
    { name: `${prefix}/go.mod`, content: bodyOf(Buffer.from(goMod)) },
    {
      name: `${prefix}/data.bin`,
      content: repeat(zeros, count),
      packed: { body: packed, declaredLength: honest ? length : 1000 },
    },
  ]);
}

function repeat(bytes: Buffer, count: number): Body {
  const part = bodyOf(bytes);
  return concatenate(Array.from({ length: count }, () => part));
}

import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { bodyCut, errorCode } from './http-client-errors.ts';
import { ProgramError } from '../errors.ts';

/** Texts that proxies serve compress 3 to 20 times; gzip itself reaches 1,000 only with a bomb. */
const RATIO_MAXIMUM = 100;

/** Small bodies may exceed the ratio by this much without harm. */
const FREE_BYTES = 1024 * 1024;

/** Decodes piece by piece, holding no more than zlib's own window and one piece. */
export async function* gunzipped(
  pieces: AsyncIterable<Buffer>,
  where: string,
): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip();
  let encodedBytes = 0;
  let decodedBytes = 0;
  async function* counted(): AsyncGenerator<Buffer, void, undefined> {
    for await (const piece of pieces) {
      encodedBytes += piece.length;
      yield piece;
    }
  }
  // Its failure also destroys `gunzip`, where the loop below meets it.
  pipeline(counted(), gunzip).catch(ignore);
  try {
    for await (const piece of gunzip as AsyncIterable<Buffer>) {
      decodedBytes += piece.length;
      if (decodedBytes > FREE_BYTES + encodedBytes * RATIO_MAXIMUM) {
        throw tooLarge(where);
      }
      yield piece;
    }
  } catch (error) {
    if (encodedBytes === 0 && errorCode(error) === 'Z_BUF_ERROR') {
      // No bytes at all are an empty body, as net/http has it; HEAD and 304 come here too.
      return;
    }
    throw errorCode(error).startsWith('Z_')
      ? bodyCut(where, 'its gzip encoding is broken', error)
      : error;
  } finally {
    gunzip.destroy();
  }
}

function tooLarge(where: string): ProgramError {
  return new ProgramError({
    code: 'http-body-too-large',
    kind: 'unavailable',
    message: `the body from ${where} grows more than ${RATIO_MAXIMUM} times when its gzip encoding is undone`,
    hint: 'Check what the upstream serves there; it looks like a decompression bomb.',
    details: { where },
  });
}

function ignore(): void {}

import { createHash, hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { ByteSource } from './byte-source.ts';
import type { DirectoryEntry } from './directory-entry.ts';
import { BLOCK_BYTES, WHOLE_COMPRESSED_BYTES, WHOLE_CONTENT_BYTES } from './limits.ts';

const STORED = 0;
const DEFLATED = 8;
const DATA_DESCRIPTOR_FLAG = 0x0008;
const DATA_DESCRIPTOR_SIGNATURE = 0x08074b50;
const DATA_DESCRIPTOR_BYTES = 16;

export type ContentResult = { readonly sha256: string } | { readonly problem: string };

interface Digest {
  readonly sha256: string;
  readonly crc32: number;
}

/** Reads one file's content, never more of it than declared, and compares size and CRC-32. */
export async function checkContent(
  source: ByteSource,
  entry: DirectoryEntry,
  dataStart: number,
): Promise<ContentResult> {
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    return { problem: `uses compression method ${entry.method}, which Go does not read` };
  }
  if (dataStart + entry.compressedBytes > source.size) {
    return { problem: 'reaches behind the end of the file' };
  }
  if (entry.method === STORED && entry.compressedBytes !== entry.contentBytes) {
    return { problem: 'is stored but declares two different sizes' };
  }
  const whole =
    entry.compressedBytes <= WHOLE_COMPRESSED_BYTES && entry.contentBytes <= WHOLE_CONTENT_BYTES;
  const digest = whole
    ? digestWhole(await source.read(dataStart, entry.compressedBytes), entry)
    : await digestStream(source, entry, dataStart);
  if ('problem' in digest) {
    return digest;
  }
  return await checkSum(source, entry, dataStart, digest);
}

function digestWhole(bytes: Buffer, entry: DirectoryEntry): Digest | { readonly problem: string } {
  let content = bytes;
  if (entry.method === DEFLATED) {
    try {
      content = inflateRawSync(bytes, {
        // Room for one byte more shows content that is longer than declared.
        maxOutputLength: entry.contentBytes + 1,
        chunkSize: Math.max(64, entry.contentBytes + 1),
      });
    } catch (error) {
      return { problem: inflateProblem(error) };
    }
  }
  if (content.length !== entry.contentBytes) {
    return { problem: sizeProblem(content.length > entry.contentBytes) };
  }
  return { sha256: hash('sha256', content), crc32: crc32(content) };
}

async function digestStream(
  source: ByteSource,
  entry: DirectoryEntry,
  dataStart: number,
): Promise<Digest | { readonly problem: string }> {
  const sha256 = createHash('sha256');
  let sum = 0;
  let seen = 0;
  const blocks = readBlocks(source, dataStart, entry.compressedBytes);
  try {
    for await (const chunk of entry.method === STORED ? blocks : inflate(blocks)) {
      seen += chunk.length;
      if (seen > entry.contentBytes) {
        return { problem: sizeProblem(true) };
      }
      sha256.update(chunk);
      sum = crc32(chunk, sum);
    }
  } catch (error) {
    return { problem: inflateProblem(error) };
  }
  if (seen !== entry.contentBytes) {
    return { problem: sizeProblem(false) };
  }
  return { sha256: sha256.digest('hex'), crc32: sum };
}

async function* readBlocks(
  source: ByteSource,
  start: number,
  length: number,
): AsyncGenerator<Buffer> {
  for (let done = 0; done < length; done += BLOCK_BYTES) {
    yield await source.read(start + done, Math.min(BLOCK_BYTES, length - done));
  }
}

async function* inflate(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const inflater = createInflateRaw({ chunkSize: BLOCK_BYTES });
  const input = Readable.from(blocks, { objectMode: false, highWaterMark: BLOCK_BYTES });
  input.on('error', (error) => inflater.destroy(error));
  try {
    input.pipe(inflater);
    for await (const chunk of inflater) {
      yield chunk;
    }
  } finally {
    input.destroy();
    inflater.destroy();
  }
}

/** Zlib's own errors are about the zip; any other one is about us and goes on. */
function inflateProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return sizeProblem(true);
  }
  if (code === 'Z_BUF_ERROR') {
    return 'ends before its compressed data does';
  }
  if (code.startsWith('Z_')) {
    return 'holds compressed data that cannot be read';
  }
  throw error;
}

function sizeProblem(longer: boolean): string {
  return longer ? 'is larger than the size it declares' : 'is smaller than the size it declares';
}

/** As archive/zip: the descriptor when there is one, and no comparison when no sum was written. */
async function checkSum(
  source: ByteSource,
  entry: DirectoryEntry,
  dataStart: number,
  digest: Digest,
): Promise<ContentResult> {
  const mismatch = { problem: 'does not match its CRC-32' };
  if ((entry.flags & DATA_DESCRIPTOR_FLAG) !== 0) {
    const descriptor = await source.read(dataStart + entry.compressedBytes, DATA_DESCRIPTOR_BYTES);
    const signed =
      descriptor.length >= 4 && descriptor.readUInt32LE(0) === DATA_DESCRIPTOR_SIGNATURE;
    if (descriptor.length < (signed ? DATA_DESCRIPTOR_BYTES : DATA_DESCRIPTOR_BYTES - 4)) {
      return { problem: 'has its data descriptor cut off' };
    }
    if (descriptor.readUInt32LE(signed ? 4 : 0) !== entry.crc32) {
      return mismatch;
    }
  } else if (entry.crc32 === 0) {
    return { sha256: digest.sha256 };
  }
  return digest.crc32 === entry.crc32 ? { sha256: digest.sha256 } : mismatch;
}

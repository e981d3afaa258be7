import { crc32 } from 'node:zlib';

/**
 * 64 KiB: a range of a large file costs one block more at each end, and the sums of the largest zip
 * stay below 70 kB.
 */
export const BLOCK_BYTES: number = 64 * 1024;

/** What was recorded about an artifact when its bytes were known to be right. */
export interface BlockSums {
  readonly size: number;
  /** Of the whole, as hex. */
  readonly sha256: string;
  /**
   * CRC-32 of each block. It finds every change of up to 32 bits in a row, other damage but for one
   * case in four thousand million, and costs a third of SHA-256; it stands against failing disks, not
   * against people, whom the checksum database and the first-seen memory stop.
   */
  readonly blocks: readonly number[];
}

/** Sums of bytes that come piece by piece. */
export interface BlockSummer {
  readonly size: number;
  update(bytes: Uint8Array): void;
  blocks(): readonly number[];
}

export function createBlockSummer(): BlockSummer {
  const done: number[] = [];
  let current = 0;
  let size = 0;
  return {
    get size() {
      return size;
    },
    update(bytes) {
      let position = 0;
      while (position < bytes.length) {
        const room = BLOCK_BYTES - (size % BLOCK_BYTES);
        const piece = bytes.subarray(position, position + room);
        current = crc32(piece, current);
        size += piece.length;
        position += piece.length;
        if (size % BLOCK_BYTES === 0) {
          done.push(current);
          current = 0;
        }
      }
    },
    blocks: () => (size % BLOCK_BYTES === 0 ? [...done] : [...done, current]),
  };
}

/** `bytes` begins with the block and has all of it. */
export function isBlockRight(sums: BlockSums, block: number, bytes: Uint8Array): boolean {
  const length = Math.min(BLOCK_BYTES, sums.size - block * BLOCK_BYTES);
  return bytes.length >= length && crc32(bytes.subarray(0, length)) === sums.blocks[block];
}

/** The first block that is not what it was, or undefined when all are. */
export function findDamage(sums: BlockSums, bytes: Uint8Array): number | undefined {
  for (let block = 0; block < sums.blocks.length; block += 1) {
    if (!isBlockRight(sums, block, bytes.subarray(block * BLOCK_BYTES))) {
      return block;
    }
  }
  return undefined;
}

/**
 * One line about one file of a version: its extension, size, SHA-256, the sums, and a sum of the line
 * itself, so that a flipped bit in here accuses nobody. It begins with a line end: a line that a crash
 * cut off must not spoil the next one.
 */
export function formatSums(extension: string, sums: BlockSums): Buffer {
  const blocks = sums.blocks.map(hexOf).join('');
  const line = `${extension} ${sums.size} ${sums.sha256} ${blocks || '-'}`;
  return Buffer.from(`\n${line} ${hexOf(crc32(line))}\n`, 'latin1');
}

/** From the newest whole line about this extension. */
export function findSums(file: Buffer, extension: string): BlockSums | undefined {
  const start = `\n${extension} `;
  let from = file.lastIndexOf(start, file.length, 'latin1');
  while (from >= 0) {
    const end = file.indexOf('\n', from + 1, 'latin1');
    const sums = end < 0 ? undefined : parseLine(file.toString('latin1', from + 1, end));
    if (sums !== undefined || from === 0) {
      return sums;
    }
    from = file.lastIndexOf(start, from - 1, 'latin1');
  }
  return undefined;
}

const LINE = /^[a-z]+ (\d{1,15}) ([0-9a-f]{64}) ((?:[0-9a-f]{8})+|-)$/u;

function parseLine(line: string): BlockSums | undefined {
  const last = line.lastIndexOf(' ');
  const text = line.slice(0, last);
  const match = hexOf(crc32(text)) === line.slice(last + 1) ? LINE.exec(text) : null;
  if (match === null) {
    return undefined;
  }
  const [, size = '', sha256 = '', joined = ''] = match;
  const blocks = joined === '-' ? [] : (joined.match(/.{8}/gu) ?? []);
  return {
    size: Number(size),
    sha256,
    blocks: blocks.map((hex) => Number.parseInt(hex, 16)),
  };
}

function hexOf(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}

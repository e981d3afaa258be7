import { bad, good, type Parsed } from './parsed.ts';

const units: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['kib', 2 ** 10],
  ['mib', 2 ** 20],
  ['gib', 2 ** 30],
  ['tib', 2 ** 40],
  ['kb', 1e3],
  ['mb', 1e6],
  ['gb', 1e9],
  ['tb', 1e12],
]);

/** Bytes from `64MiB`, `1.5GiB`, `500 MB` or plain `1048576`. */
export function parseSize(text: string): Parsed<number> {
  const parts = /^(\d{1,16}(?:\.\d{1,6})?) ?([a-z]*)$/i.exec(text);
  const unit = units.get((parts?.[2] ?? '?').toLowerCase());
  if (parts === null || unit === undefined) {
    return bad('is not a size, such as 64MiB, 20GiB or a number of bytes');
  }
  const bytes = Math.round(Number(parts[1]) * unit);
  if (!Number.isSafeInteger(bytes)) return bad('is larger than any disk');
  return good(bytes);
}

/** The shortest exact spelling that `parseSize` reads back. */
export function formatSize(bytes: number): string {
  const names = ['TiB', 'GiB', 'MiB', 'KiB'];
  for (const name of names) {
    const unit = units.get(name.toLowerCase()) ?? 1;
    if (bytes >= unit && bytes % unit === 0) return `${bytes / unit}${name}`;
  }
  return String(bytes);
}

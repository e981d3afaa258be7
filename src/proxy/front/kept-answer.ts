import type { HotEntry } from '../storage/index.ts';

/** An answer's head as it came: alternating names and values. */
export type HeadList = readonly string[];

/**
 * On the private socket only: the engine has this answer in memory under this very path, and its bytes
 * never change. The value is the kind of resource.
 */
export const KEEP_HEADER = 'Cofferdam-Keep';

const KINDS: Readonly<Record<string, HotEntry['kind']>> = {
  info: 'info',
  mod: 'mod',
  zip: 'zip',
  checksum: 'checksum',
};

/** Of one answer or one hop; an entry makes its own. */
const OWN = new Set([
  'content-length',
  'etag',
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'cofferdam-cache',
  'cofferdam-trace',
  'cofferdam-keep',
  'cofferdam-level',
]);

/** The entry that the engine has, without its body, and how long that is; undefined when it is not to be kept. */
export function readKept(
  status: number,
  head: HeadList,
): { readonly entry: Omit<HotEntry, 'body'>; readonly length: number } | undefined {
  const headers: string[] = [];
  const own: Record<string, string> = {};
  for (let index = 0; index < head.length; index += 2) {
    const name = head[index] ?? '';
    const value = head[index + 1] ?? '';
    const lower = name.toLowerCase();
    own[lower] = value;
    if (!OWN.has(lower)) headers.push(name, value);
  }
  const kind = KINDS[own['cofferdam-keep'] ?? ''];
  const etag = own['etag'];
  const length = Number(own['content-length'] ?? Number.NaN);
  const isWhole = status === 200 && own['content-encoding'] === undefined;
  if (kind === undefined || etag === undefined || !isWhole || !Number.isSafeInteger(length)) {
    return undefined;
  }
  return {
    length,
    entry: {
      kind,
      module: undefined,
      isCompressible: /\baccept-encoding\b/iu.test(own['vary'] ?? ''),
      etag,
      lastModified: own['last-modified'] ?? '',
      headers,
      whole: undefined,
      gzip: undefined,
    },
  };
}

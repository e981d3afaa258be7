import { isIP } from 'node:net';
import type { Files } from '../../platform/index.ts';
import type { Endpoint } from '../../platform/network/index.ts';
import type { ResolverFacts } from './patient.ts';

/** Real ones have some lines; Go and libc read at most this in practice. */
const FILE_BYTES = 64 * 1024;
/** Go and libc ask the first three (resolv.conf(5), MAXNS). */
const SERVERS_MAXIMUM = 3;
const DNS_PORT = 53;

/** What resolv.conf(5) says, as Go's own resolver reads it. */
export async function readResolver(
  files: Pick<Files, 'readWhole'>,
  file: string,
): Promise<Omit<ResolverFacts, 'isGiven'>> {
  const bytes = await files.readWhole(file, FILE_BYTES).catch(() => undefined);
  return { file, ...parseResolver(bytes?.toString('utf8') ?? '') };
}

function parseResolver(text: string): Omit<ResolverFacts, 'file' | 'isGiven'> {
  const servers: Endpoint[] = [];
  let search: readonly string[] = [];
  const options: string[] = [];
  for (const line of text.split('\n')) {
    const [keyword = '', ...words] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/);
    const [first = ''] = words;
    if (
      keyword === 'nameserver' &&
      servers.length < SERVERS_MAXIMUM &&
      isIP(first.split('%')[0] ?? '') !== 0
    ) {
      servers.push({ host: first, port: DNS_PORT });
    } else if (keyword === 'search') {
      search = words;
    } else if (keyword === 'domain') {
      search = [first];
    } else if (keyword === 'options') {
      options.push(...words);
    }
  }
  const dots = /^ndots:(\d{1,2})$/;
  const found = options
    .map((option) => dots.exec(option)?.[1])
    .findLast((value) => value !== undefined);
  return {
    // Without any, Go and libc ask this machine.
    servers: servers.length === 0 ? [{ host: '127.0.0.1', port: DNS_PORT }] : servers,
    search,
    dots: Math.min(Number(found ?? 1), 15),
    options,
  };
}

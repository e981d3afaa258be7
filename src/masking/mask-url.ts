/** Any URL with an authority, up to what ends it in prose, in quotes or in JSON. The scheme is bounded to keep this linear. */
const URL_IN_TEXT = /\b[a-z][a-z0-9+.-]{0,15}:\/\/[^\s"<>`]+/gi;
/** `GOPROXY` lists join URLs with a comma or a pipe. */
const NEXT_IN_LIST = /(?=[,|][a-z][a-z0-9+.-]{0,15}:\/\/)/i;
/** A DNS name has at most 253 characters; the port and punctuation follow. */
const LONGEST_HOST = 300;

/** Removes user info, query and fragment from every URL in a text: tokens live in each of them. */
export function maskUrl(text: string): string {
  if (!text.includes('://')) return text;
  return text.replace(URL_IN_TEXT, (list) => list.split(NEXT_IN_LIST).map(maskOne).join(''));
}

function maskOne(url: string): string {
  const start = url.indexOf('://') + 3;
  const rest = url.slice(start);
  const authority = /^[^/?#\\]*/.exec(rest)?.[0] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (isHostAndPort(host))
    return url.slice(0, start) + host + cutQuery(rest.slice(authority.length));
  // Not a host: most likely a password with a raw slash, question mark or hash, so all up to the last
  // `@` is secret. `/@v/` belongs to module paths.
  const secretEnd = lastAt(rest);
  if (secretEnd === -1) return `${url.slice(0, start)}[hidden]`;
  return url.slice(0, start) + cutQuery(rest.slice(secretEnd + 1));
}

function isHostAndPort(host: string): boolean {
  return host.length <= LONGEST_HOST && /^(?:\[[^\]]*\]|[^:]*)(?::\d*)?[^\w:]*$/.test(host);
}

function cutQuery(path: string): string {
  return path.replace(/[?#].*$/s, '');
}

function lastAt(text: string): number {
  for (let at = text.lastIndexOf('@'); at > 0; at = text.lastIndexOf('@', at - 1)) {
    if (text[at - 1] !== '/') return at;
  }
  return -1;
}

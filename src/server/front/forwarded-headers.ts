import { CONNECTION_HEADERS } from '../connection-headers.ts';

/** Who asked the worker; trusted on the private socket alone, and taken off what clients send. */
export const CLIENT_HEADER = 'cofferdam-client';

/** Of one connection, or told anew by whoever sends it on. */
const HOP_REQUEST: ReadonlySet<string> = new Set([...CONNECTION_HEADERS, CLIENT_HEADER]);

const HOP_ANSWER = new Set([
  'connection',
  'date',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'cofferdam-keep',
]);

export type HeaderMap = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ForwardedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderMap;
  readonly client: string | undefined;
}

/** What the engine gets of a client's headers. */
export function forwardedHeaders(
  request: ForwardedRequest,
): Record<string, string | readonly string[]> {
  const hasBody = mayHaveBody(request.method);
  const takesCoding = isCodedThere(request.target);
  const named = listed(request.headers['connection']);
  const list: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const isDropped =
      value === undefined ||
      name.startsWith(':') ||
      HOP_REQUEST.has(name) ||
      named.has(name) ||
      (name === 'content-length' && !hasBody) ||
      (name === 'accept-encoding' && !takesCoding);
    if (!isDropped) list[name] = value;
  }
  list[CLIENT_HEADER] = request.client ?? 'unknown';
  return list;
}

/** What the client gets of the engine's. */
export function answeredHeaders(head: readonly string[]): string[] {
  const list: string[] = [];
  for (let index = 0; index < head.length; index += 2) {
    const name = head[index] ?? '';
    const lower = name.toLowerCase();
    if (HOP_ANSWER.has(lower)) continue;
    // A reply recognises the length by the name as we write it.
    list.push(lower === 'content-length' ? 'Content-Length' : name, head[index + 1] ?? '');
  }
  return list;
}

export function mayHaveBody(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/**
 * Files of versions and checksum records come as they are, so that they can be kept here and compressed
 * here; everything else keeps the coding that the client and the engine agree on.
 */
function isCodedThere(target: string): boolean {
  return !/\/@v\/[^/]+\.(?:info|mod|zip)$|^\/sumdb\//u.test(target);
}

function listed(connection: string | readonly string[] | undefined): ReadonlySet<string> {
  const text = typeof connection === 'string' ? connection : (connection ?? []).join();
  return new Set(text.split(',').map((name) => name.trim().toLowerCase()));
}

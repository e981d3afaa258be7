/** What the guard looks at. */
export interface GuardedRequest {
  readonly method: string;
  /** The address at the other end of the connection. */
  readonly client: string | undefined;
  /** Of a repeated header the first; names in lower case, `:authority` counts as `host`. */
  header(name: string): string | undefined;
}

export interface GuardRefusal {
  readonly status: 403;
  readonly cause: string;
  readonly next: string;
}

/**
 * Who may ask the API, as long as there are no tokens. Reading is for whoever reaches the server, but a
 * web page must not read or change anything through the browser of somebody who can:
 *
 * - A page of another origin says so itself (Fetch Metadata `Sec-Fetch-Site`, or `Origin`).
 * - A page whose own name was pointed at this machine (DNS rebinding) does not, but its name stands in
 *   `Host`; so whoever comes over loopback must name loopback.
 *
 * Changing is for this machine alone. A reverse proxy makes everybody look local; the ones that say so
 * (`Forwarded`, `X-Forwarded-For`, `Via`) are refused.
 */
export function refuseUnsafe(request: GuardedRequest): GuardRefusal | undefined {
  const isChange = request.method !== 'GET' && request.method !== 'HEAD';
  if (isFromAnotherSite(request, isChange)) {
    return refusal(
      'this request comes from a web page of another site',
      'ask the API from a program, or from a page of this server',
    );
  }
  const isLocal = request.client !== undefined && isLoopbackAddress(request.client);
  if ((isLocal || isChange) && !isLoopbackHost(request.header('host'))) {
    return refusal(
      'over loopback the API must be asked by a loopback name',
      'use http://127.0.0.1 or http://localhost; a reverse proxy has to send such a Host',
    );
  }
  if (!isChange) {
    return undefined;
  }
  if (!isLocal) {
    return refusal(
      'only this machine itself may change something here',
      'send the request from the machine that the server runs on, to its loopback address',
    );
  }
  if (FORWARDED.some((name) => request.header(name) !== undefined)) {
    return refusal(
      'this request was forwarded, so nobody knows whether it comes from this machine',
      'send it to the server itself, not through a proxy',
    );
  }
  return undefined;
}

const FORWARDED = ['forwarded', 'x-forwarded-for', 'via'] as const;

function isFromAnotherSite(request: GuardedRequest, isChange: boolean): boolean {
  const site = request.header('sec-fetch-site');
  // `none` is a person who typed the address: fine to read, never to change.
  if (site !== undefined && site !== 'same-origin' && (isChange || site !== 'none')) {
    return true;
  }
  const origin = request.header('origin');
  return origin !== undefined && hostOf(origin) !== request.header('host');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function refusal(cause: string, next: string): GuardRefusal {
  return { status: 403, cause, next };
}

/** 127.0.0.0/8 (RFC 1122 3.2.1.3), ::1, and the first as IPv6 sockets show it. */
function isLoopbackAddress(address: string): boolean {
  return /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/u.test(address) || address === '::1';
}

/** `localhost` and names below it are loopback everywhere (RFC 6761 6.3). */
function isLoopbackHost(host: string | undefined): boolean {
  const name = host?.replace(/:\d*$/u, '').toLowerCase() ?? '';
  return (
    isLoopbackAddress(name) ||
    name === '[::1]' ||
    name === 'localhost' ||
    name.endsWith('.localhost')
  );
}

/** Outgoing HTTP as a port. Forward proxies, trust stores and redirects behave as Go's do. */
export interface HttpClient {
  /**
   * Resolves when the final response's headers are here (after redirects). Any status resolves;
   * throws ProgramError `http-connect-failed`, `http-dns-failed`, `http-tls-failed`,
   * `http-timeout` (kind timeout), `http-redirect-refused`, `http-protocol-error`, `offline`.
   * Secrets in URLs never reach an error.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface HttpRequest {
  /** A POST is sent once and never follows a redirect: its 3xx is the answer. */
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** May hold user info; it is sent as basic credentials over https and refused over http. */
  readonly url: string;
  /** Lower-case names. Credentials in here are dropped when a redirect leaves the host. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a POST. */
  readonly body?: Uint8Array | undefined;
  /** Aborting it breaks the request, also in the middle of the body. */
  readonly signal: AbortSignal;
  /** To connected, TLS included. */
  readonly connectMilliseconds: number;
  /** From the request sent to the response's headers. */
  readonly headersMilliseconds: number;
  /** Between two pieces of the body. */
  readonly idleMilliseconds: number;
  /** Told how long each step took, once it is over; a kept-alive connection leaves the first ones out. */
  readonly observe?: ((step: HttpStep, milliseconds: number) => void) | undefined;
  /** Told the host and port of each redirect that is followed, before it is asked. */
  readonly observeRedirect?: ((host: string) => void) | undefined;
}

/** `queue` is the wait for a free connection, `first-byte` from the request sent to the headers. */
export type HttpStep = 'queue' | 'dns' | 'connect' | 'tunnel' | 'tls' | 'first-byte' | 'transfer';

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; repeated headers joined with a comma and a space. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where the body came from after redirects, without user info and query. */
  readonly finalUrl: string;
  /**
   * The raw bytes, once. Throws `http-body-cut` (kind unavailable) when fewer bytes come than
   * Content-Length said or the connection breaks, `http-timeout` when it stalls.
   * gzip that was not asked for is decoded; `encoded` says that it was there.
   */
  readonly body: AsyncIterable<Buffer>;
  readonly encoded: boolean;
  /** Drops the rest of the body. Safe to call at any time, also after the end. */
  discard(): void;
}

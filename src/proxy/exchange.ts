/** The answering half of a request: what node:http and node:http2 have in common. */
export interface Reply {
  /** Headers as alternating names and values. */
  writeHead(status: number, headers: string[]): unknown;
  write(chunk: Uint8Array, callback: (error?: Error | null) => void): boolean;
  end(): unknown;
  end(chunk: Uint8Array): unknown;
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
}

/** One request, as the proxy needs it. */
export interface Exchange {
  readonly method: string;
  /** The raw path below the GOPROXY base, with its leading slash, without query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly reply: Reply;
  readonly mode: ExchangeMode;
  /** The address at the other end of the connection. */
  readonly client: string | undefined;
}

export interface ExchangeMode {
  /** Never asks an upstream: the cached-only base, `Disable-Module-Fetch`. */
  readonly cachedOnly: boolean;
}

/** The one value of a header; of a repeated one, the first. */
export function headerOf(exchange: Exchange, name: string): string | undefined {
  const value = exchange.headers[name];
  return typeof value === 'string' || value === undefined ? value : value[0];
}

/** Ends an answer; HEAD has the headers of GET and no body (RFC 9110 9.3.2). */
export function endWith(exchange: Exchange, body: Uint8Array): void {
  if (exchange.method === 'HEAD') {
    exchange.reply.end();
  } else {
    exchange.reply.end(body);
  }
}

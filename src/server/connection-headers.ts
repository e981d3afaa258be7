/** Headers of a request that say something about one connection (RFC 9110 7.6.1, RFC 9112 6 and 9). */
export const CONNECTION_HEADERS: readonly string[] = [
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

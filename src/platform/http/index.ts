// The port of the HTTP client, dates as HTTP writes them, Go's choice of forward proxies. Adapters: ../adapters.ts.
export { createForwardProxies } from './forward-proxy.ts';
export { parseProxyAddress } from './forward-proxy-address.ts';
export { formatHttpDate, parseHttpDate } from './http-date.ts';
export type { HttpClient, HttpRequest, HttpResponse, HttpStep } from './http-client.ts';
export type { ForwardProxies } from './forward-proxy.ts';
export type { ProxyAddress } from './forward-proxy-address.ts';

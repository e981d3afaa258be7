// The port of the HTTP client, dates as HTTP writes them, URLs without their secrets, Go's choice of forward proxies. Adapters: ../adapters.ts.
export { createForwardProxies } from './forward-proxy.ts';
export { parseProxyAddress } from './forward-proxy-address.ts';
export { formatHttpDate, parseHttpDate } from './http-date.ts';
export { maskUrl } from './mask-url.ts';
export type { HttpClient, HttpRequest, HttpResponse, HttpStep } from './http-client.ts';
export type { ForwardProxies } from './forward-proxy.ts';
export type { ProxyAddress } from './forward-proxy-address.ts';

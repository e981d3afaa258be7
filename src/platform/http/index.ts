// The port of the HTTP client, dates as HTTP writes them, URLs without their secrets. Adapters: ../adapters.ts.
export { formatHttpDate } from './http-date.ts';
export { maskUrl } from './mask-url.ts';
export type { HttpClient, HttpRequest, HttpResponse, HttpStep } from './http-client.ts';

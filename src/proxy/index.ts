// The caching module proxy: one engine that answers GOPROXY requests, mounted by serve, run and drills.
export { createProxy } from './create-proxy.ts';
export type { Proxy } from './create-proxy.ts';
export type { ProxyNeeds, ProxySettings } from './proxy-settings.ts';
export type { ProxySummary } from './proxy-counts.ts';
export type { KeptRecord } from './requests/index.ts';
export type { ChecksumDatabase } from './checksum-sources.ts';
export type { ExpectedModule } from './look-ahead/index.ts';
export type { StoreCare, StoreReports } from './store-care.ts';
export { healing } from './healing-parameters.ts';
export type { Exchange } from './exchange.ts';
export type { OverrideWish, UpstreamsSnapshot } from './health/index.ts';
export { PROXY_MIGRATIONS } from './facts/index.ts';
export { createCredentials, parseUpstreamList } from './upstream/index.ts';
export type { Credentials } from './upstream/index.ts';

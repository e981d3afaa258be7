// The Go settings in force, as `go env` reports them, and the syntax of those that name servers.
export { readGoVariables } from './ask-go.ts';
export { readEffectiveSettings } from './effective-settings.ts';
export { formatProxies, parseGoProxyList } from './go-proxy-list.ts';
export { mainFile, readGoSums } from './go-sums.ts';
export { readGoSettings } from './read-go-settings.ts';
export { isVerifierKey } from './verifier-key.ts';
export type { EffectiveSettings } from './effective-settings.ts';
export type { GoVariables } from './ask-go.ts';
export type { GoProxyList, ProxyEntry } from './go-proxy-list.ts';
export type { ExpectedHash, GoSums } from './go-sums.ts';
export type { GoPlaces, GoSettings } from './go-settings.ts';

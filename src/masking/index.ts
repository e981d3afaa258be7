// The one place that knows what a secret looks like: every text of ours passes here before it leaves.
export { hideSecrets } from './hide-secrets.ts';
export { isSecretName } from './named-secrets.ts';
export { maskAddressList, maskProxyAddress } from './mask-address-list.ts';
export { maskSecrets } from './mask-secrets.ts';
export { maskUrl } from './mask-url.ts';

import { domainToASCII } from 'node:url';
import { bareHost } from './forward-proxy.ts';
import { isInNetwork, parseAddress, parseNetwork } from './forward-proxy-networks.ts';

/**
 * This machine and what only it reaches: loopback (RFC 1122 3.2.1.3, RFC 4291 2.5.3), the unspecified
 * address, which connects to loopback, and link-local (RFC 3927, RFC 4291 2.5.6), where clouds answer
 * with the machine's own credentials.
 */
const LOCAL = ['127.0.0.0/8', '0.0.0.0/8', '169.254.0.0/16', '::1/128', '::/128', 'fe80::/10'].map(
  (text) => parseNetwork(text),
);

export function isLocalAddress(text: string): boolean {
  const address = parseAddress(text.replace(/%.*$/u, ''));
  return (
    address !== undefined &&
    LOCAL.some((network) => network !== undefined && isInNetwork(address, network))
  );
}

/** By what the URL says; a name may still lead here, which shows when it is connected to. */
export function isLocalHost(url: URL): boolean {
  const host = bareHost(url);
  const name = (domainToASCII(host) || host).toLowerCase().replace(/\.$/u, '');
  // RFC 6761 6.3.
  return isLocalAddress(host) || name === 'localhost' || name.endsWith('.localhost');
}

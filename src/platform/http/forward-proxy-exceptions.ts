import { domainToASCII } from 'node:url';
import { isInNetwork, parseAddress, parseNetwork, sameAddress } from './forward-proxy-networks.ts';
import type { AddressBytes } from './forward-proxy-networks.ts';

/** Says whether NO_PROXY excepts a place, by the rules of golang.org/x/net/http/httpproxy. */
export type ProxyExceptions = (host: string, port: string) => boolean;

interface Place {
  readonly host: string;
  readonly port: string;
  /** Present when the host is an IP address: names never match those, nor the other way round. */
  readonly address: AddressBytes | undefined;
}

type Matcher = (place: Place) => boolean;

/** Loopback is never proxied, whatever the list says. `host` is lower case and without brackets. */
export function parseProxyExceptions(list: string): ProxyExceptions {
  const items = list
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
  const matchers = items.includes('*')
    ? [() => true]
    : items.map(matcherOf).filter((matcher) => matcher !== undefined);
  return (host, port) => {
    const address = parseAddress(host);
    if (host === 'localhost' || (address !== undefined && isLoopback(address))) {
      return true;
    }
    return matchers.some((matches) => matches({ host, port, address }));
  };
}

function matcherOf(item: string): Matcher | undefined {
  const network = parseNetwork(item);
  if (network !== undefined) {
    return ({ address }) => address !== undefined && isInNetwork(address, network);
  }
  const split = splitHostPort(item);
  const host = split?.host ?? item;
  const port = split?.port ?? '';
  function portMatches(place: Place): boolean {
    return port === '' || port === place.port;
  }
  const address = parseAddress(host);
  if (address !== undefined) {
    return (place) =>
      place.address !== undefined && sameAddress(place.address, address) && portMatches(place);
  }
  return host === '' ? undefined : nameMatcher(host, portMatches);
}

/** `name` and its subdomains; `.name` and `*.name` the subdomains only. */
function nameMatcher(item: string, portMatches: (place: Place) => boolean): Matcher {
  const name = item.startsWith('*.') ? item.slice(1) : item;
  const alsoItself = !name.startsWith('.');
  const suffix = toAscii(alsoItself ? `.${name}` : name);
  return (place) =>
    place.address === undefined &&
    (place.host.endsWith(suffix) || (alsoItself && place.host === suffix.slice(1))) &&
    portMatches(place);
}

function isLoopback(address: AddressBytes): boolean {
  return address.length === 4
    ? address[0] === 127
    : address.every((byte, index) => byte === (index === 15 ? 1 : 0));
}

/** Names outside ASCII are compared in their xn-- form; a name that has none stays as it is. */
function toAscii(name: string): string {
  // ASCII is what is asked for.
  if (/^[\u0000-\u007f]*$/.test(name)) {
    return name;
  }
  const dot = name.startsWith('.') ? '.' : '';
  const ascii = domainToASCII(name.slice(dot.length));
  return ascii === '' ? name : `${dot}${ascii}`;
}

/** net.SplitHostPort; undefined where that fails. */
function splitHostPort(text: string): { host: string; port: string } | undefined {
  const bracketed = /^\[([^[\]]*)\]:([^[\]:]*)$/.exec(text);
  const plain = bracketed ?? /^([^[\]:]*):([^[\]:]*)$/.exec(text);
  return plain === null ? undefined : { host: plain[1] ?? '', port: plain[2] ?? '' };
}

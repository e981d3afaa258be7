import { isIPv6 } from 'node:net';
import { bad, good, type Parsed } from './parsed.ts';

/** Where to listen. Without a host: on every address of the machine. */
export interface Address {
  readonly host: string | undefined;
  /** 0 takes any free port. */
  readonly port: number;
}

const expected = 'is not HOST:PORT, such as 127.0.0.1:8080, :8080 or [::1]:8080';

export function parseAddress(text: string): Parsed<Address> {
  if (text.includes('://')) return bad(`${expected}; leave out the scheme`);
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  if (parts === null) {
    if (/^\d{1,5}$/.test(text)) return bad(`${expected}; write :${text} for every address`);
    if (isIPv6(text)) return bad(`${expected}; put an IPv6 address in brackets`);
    return bad(expected);
  }
  const [, bracketed, plain, digits] = parts;
  const port = Number(digits);
  if (port > 65_535) return bad('has a port above 65535');
  if (bracketed !== undefined) {
    if (!isIPv6(bracketed)) return bad('has no IPv6 address in its brackets');
    return good({ host: bracketed, port });
  }
  const host = plain ?? '';
  if (host === '' || host === '*') return good({ host: undefined, port });
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(host)) return bad('has no valid host name');
  if (/^[\d.]+$/.test(host) && !isIPv4(host)) return bad('has no valid IPv4 address');
  return good({ host, port });
}

function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => part !== '' && Number(part) <= 255);
}

export function formatAddress(address: Address): string {
  const { host, port } = address;
  if (host === undefined) return `:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

import { isIPv4, isIPv6 } from 'node:net';

/** 4 or 16 bytes; an IPv4 address inside IPv6 (`::ffff:…`) counts as IPv4, as in Go's net package. */
export type AddressBytes = readonly number[];

export interface Network {
  readonly base: AddressBytes;
  readonly prefixBits: number;
}

export function parseAddress(text: string): AddressBytes | undefined {
  const bytes = parseRaw(text);
  return bytes === undefined ? undefined : unmapped(bytes);
}

/** CIDR notation (net.ParseCIDR). */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const bytes = slash < 0 ? undefined : parseRaw(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (bytes === undefined || !/^[0-9]{1,8}$/.test(digits)) {
    return undefined;
  }
  const prefixBits = Number(digits);
  if (prefixBits > bytes.length * 8) {
    return undefined;
  }
  const base = bytes.map((byte, index) => byte & maskByte(prefixBits, index));
  const short = unmapped(base);
  return short.length === base.length
    ? { base, prefixBits }
    : { base: short, prefixBits: Math.max(0, prefixBits - 96) };
}

export function isInNetwork(address: AddressBytes, network: Network): boolean {
  return (
    address.length === network.base.length &&
    address.every(
      (byte, index) => (byte & maskByte(network.prefixBits, index)) === network.base[index],
    )
  );
}

export function sameAddress(one: AddressBytes, other: AddressBytes): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function maskByte(prefixBits: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefixBits - index * 8));
  return (0xff << (8 - bits)) & 0xff;
}

function parseRaw(text: string): number[] | undefined {
  if (isIPv4(text)) {
    return text.split('.').map(Number);
  }
  return isIPv6(text) && !text.includes('%') ? parseV6(text) : undefined;
}

/** `text` is known to be valid. */
function parseV6(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const front = groupsOf(head);
  const back = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: 16 - front.length - back.length }, () => 0);
  return [...front, ...zeros, ...back];
}

function groupsOf(text: string): number[] {
  return text
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => {
      if (group.includes('.')) {
        return group.split('.').map(Number);
      }
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    });
}

function unmapped(bytes: number[]): AddressBytes {
  const mapped =
    bytes.length === 16 &&
    bytes.slice(0, 10).every((byte) => byte === 0) &&
    bytes[10] === 0xff &&
    bytes[11] === 0xff;
  return mapped ? bytes.slice(12) : bytes;
}

import type { DnsReply, Endpoint } from '../../platform/network/index.ts';

/** What one resolver said about one name. */
export interface ServerSaid {
  readonly server: Endpoint;
  /** Tries, until one was answered. */
  readonly udp: readonly DnsReply[];
  readonly udp6: DnsReply;
  readonly tcp: DnsReply;
}

export interface NameSaid {
  readonly name: string;
  /** Of the servers with this name. */
  readonly scopes: readonly string[];
  readonly isNeeded: boolean;
  /** Looked up for a forward proxy, and for nothing else. */
  readonly isForwardProxy: boolean;
  readonly servers: readonly ServerSaid[];
  /** Programs of this machine find it, whatever the resolvers say: in the hosts file, for example. */
  readonly isFoundHere: boolean;
}

export function nameOfServer({ host, port }: Endpoint): string {
  if (port === 53) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export function describeReply(reply: DnsReply): string {
  if (reply.kind === 'failed') return reply.reason === 'silent' ? 'no answer' : reply.reason;
  if (reply.code !== 'NOERROR') return reply.code;
  return reply.addresses.length === 0 ? 'no address' : reply.addresses.slice(0, 3).join(' ');
}

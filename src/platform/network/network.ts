/**
 * The network below HTTP as a port, for whoever must say which step of a connection fails. What the
 * network does is an answer and never an error; only an aborted signal rejects.
 */
export interface Network {
  /** One question to one DNS server. */
  askResolver(question: DnsQuestion, signal: AbortSignal): Promise<DnsReply>;
  /** As programs of this machine look names up, with its hosts file and its resolvers. */
  lookUp(host: string, milliseconds: number, signal: AbortSignal): Promise<LookedUp>;
  /** Opens a TCP connection and closes it. */
  connect(endpoint: Endpoint, milliseconds: number, signal: AbortSignal): Promise<Reached>;
  /** Asks a forward proxy for a tunnel, and closes it. */
  tunnel(request: TunnelTrial, signal: AbortSignal): Promise<Tunnelled>;
  /** A TLS handshake that goes on whatever the certificate is, so that it can be shown. */
  handshake(request: HandshakeRequest, signal: AbortSignal): Promise<Handshake>;
  /** Whether an interface of this machine has an address beyond itself, of each family. */
  families(): { readonly ipv4: boolean; readonly ipv6: boolean };
}

export interface Endpoint {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

export type Transport = 'udp' | 'tcp';

export interface DnsQuestion {
  readonly server: Endpoint;
  readonly name: string;
  readonly type: 'A' | 'AAAA';
  readonly transport: Transport;
  readonly milliseconds: number;
}

export interface DnsAnswer {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED`… (RFC 1035, section 4.1.1). */
  readonly code: string;
  /** Sorted. */
  readonly addresses: readonly string[];
  /** Cut to what fits into a datagram. */
  readonly truncated: boolean;
}

export type DnsReply =
  | ({ readonly kind: 'answer'; readonly milliseconds: number } & DnsAnswer)
  | SocketFailure;

/** Why bytes do not get through. */
export interface SocketFailure {
  readonly kind: 'failed';
  readonly reason: SocketReason;
  /** The system's own code, empty where there is none. */
  readonly code: string;
  readonly milliseconds: number;
}

export type SocketReason =
  | 'name'
  | 'refused'
  | 'reset'
  | 'closed'
  | 'silent'
  | 'no-route'
  | 'no-address'
  | 'not-permitted'
  | 'nonsense'
  | 'other';

export type LookedUp =
  | { readonly kind: 'found'; readonly addresses: readonly string[]; readonly milliseconds: number }
  | {
      readonly kind: 'failed';
      /** `absent`: there is an answer, and no address is in it. */
      readonly reason: 'absent' | 'temporary' | 'silent' | 'other';
      readonly code: string;
      readonly milliseconds: number;
    };

export type Reached = { readonly kind: 'connected'; readonly milliseconds: number } | SocketFailure;

export interface ProxyEndpoint extends Endpoint {
  /** TLS to the proxy itself. */
  readonly secure: boolean;
  /** The value of Proxy-Authorization. */
  readonly authorization?: string | undefined;
}

export interface TunnelTrial {
  readonly proxy: ProxyEndpoint;
  readonly target: Endpoint;
  readonly milliseconds: number;
}

export type Tunnelled =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The schemes of Proxy-Authenticate, empty where there is none. */
      readonly schemes: readonly string[];
      readonly milliseconds: number;
    }
  | (SocketFailure & { readonly connected: boolean });

export interface HandshakeRequest {
  readonly endpoint: Endpoint;
  /** For which the certificate must be; an address is asked without name indication. */
  readonly serverName: string;
  readonly proxy?: ProxyEndpoint | undefined;
  readonly milliseconds: number;
}

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
  /** `DNS:example.com, IP Address:192.0.2.1`; empty when only the common name says it. */
  readonly names: string;
  /** `ecdsa-with-SHA256`, as OpenSSL calls it. */
  readonly signature: string;
}

export type Handshake =
  | {
      readonly kind: 'done';
      /** `TLSv1.3` */
      readonly protocol: string;
      /** `h2`, `http/1.1`, or empty. */
      readonly application: string;
      /** The server's own first, as it was sent. */
      readonly chain: readonly CertificateFacts[];
      /** OpenSSL's code for why no trusted root vouches for it; undefined when one does. */
      readonly distrust: string | undefined;
      readonly namesServer: boolean;
      readonly milliseconds: number;
    }
  | (SocketFailure & { readonly step: 'connect' | 'tunnel' | 'tls' });

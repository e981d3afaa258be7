// The port of the network below HTTP: resolvers, connections, tunnels and handshakes. Adapters: ../adapters.ts.
export type {
  CertificateFacts,
  DnsReply,
  Endpoint,
  Handshake,
  LookedUp,
  Network,
  ProxyEndpoint,
  Reached,
  SocketFailure,
  Transport,
  Tunnelled,
} from './network.ts';

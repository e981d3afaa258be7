import { onTheWayTo, type Failure } from './failure.ts';

export const dnsFailures: readonly Failure[] = [
  {
    id: 'dns-no-such-host',
    class: 'dns',
    title: 'a host name does not exist for the resolver that was asked',
    meaning:
      'The resolver answered, and its answer was that there is no such name, or no address for it.',
    owner: 'network',
    retry: 'permanent',
    remedy:
      'correct the name; give the container the DNS server that knows it; for an internal module set GOPRIVATE so that the internal host is asked, from a network that has its zone',
    command: 'getent hosts {host}',
    probe: 'ask each resolver of this machine and of the container for the same name',
    needs: ['target', 'environment'],
    mistakenFor: ['http-proxy-misconfigured', 'git-insteadof-broken', 'sumdb-not-found'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: ['no such host'],
        pattern: /lookup (?!(?:ftp|https?|socks5h?)\b)[^\s:]{1,253}.{0,300}: no such host/,
        said: 'go',
      },
      // Windows says it in the language of the machine; the structure stays.
      { phrases: ['getaddrinfow:'], pattern: /lookup \S{1,253}: getaddrinfow: /, said: 'go' },
      { phrases: ['no address associated with hostname'], said: 'go' },
    ],
  },
  {
    id: 'dns-timeout',
    class: 'dns',
    title: 'no answer from the DNS server',
    meaning: 'A question to the resolver went out and nothing came back in time.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy:
      'give the container a resolver that it can reach; restart the container daemon after a network change; put a caching resolver on the node',
    command: 'cat /etc/resolv.conf && getent hosts {host}',
    probe:
      'ask every nameserver of the container over UDP and TCP, three times, with the time each took',
    needs: ['target', 'repetition', 'environment'],
    mistakenFor: ['tcp-dial-timeout', 'dns-dial-budget'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: ['i/o timeout'],
        pattern: /(?:read|write|dial) udp .{1,120}: i\/o timeout/,
        said: 'go',
      },
      {
        phrases: ['i/o timeout'],
        pattern:
          /lookup \S{1,253}(?: on \S{1,64})?: (?:(?:read|dial|write) tcp .{1,120}: )?i\/o timeout/,
        said: 'go',
        dialect:
          'without a server: Go 1.22 and later, when the time for dialing ended during the lookup',
      },
    ],
  },
  {
    id: 'dns-dial-budget',
    class: 'dns',
    title: 'the time for connecting ran out while a name was being resolved',
    meaning:
      'No address stands behind "dial tcp", so the 30 seconds for connecting were used up by DNS before any packet went to the host.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy:
      'treat it as a resolver that does not answer: give the build a reachable one, and look at search domains that multiply each question',
    command: 'cat /etc/resolv.conf',
    probe: 'time a lookup with each nameserver of the build environment',
    needs: ['go-version', 'repetition'],
    mistakenFor: ['tcp-dial-timeout'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: ['i/o timeout'],
        pattern: /dial tcp: i\/o timeout/,
        said: 'go',
        dialect: 'up to Go 1.20',
      },
    ],
  },
  {
    id: 'dns-server-misbehaving',
    class: 'dns',
    title: 'the DNS server answered with an error of its own',
    meaning:
      'Go prints "server misbehaving" for SERVFAIL, REFUSED, NOTIMP and FORMERR alike: the resolver was reached and could not or would not answer.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy:
      'find the response code with one raw query: SERVFAIL is the forwarder behind it, REFUSED is an access list that leaves this client out',
    command: 'dig {host}',
    probe: 'one raw query to that server, and the response code it gives',
    needs: ['target', 'repetition'],
    mistakenFor: ['dns-no-such-host', 'dns-server-unreachable'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: [
          'cannot unmarshal dns message',
          'invalid dns response',
          'no answer from dns server',
          'dns server returned answer with no data',
        ],
        said: 'go',
      },
      {
        phrases: ['server misbehaving'],
        pattern: /lookup .{1,300}: server misbehaving/,
        said: 'go',
      },
      {
        phrases: ['temporary failure in name resolution'],
        pattern: /lookup .{1,300}: Temporary failure in name resolution/i,
        said: 'go',
        dialect: 'with the C resolver',
      },
    ],
  },
  {
    id: 'dns-server-unreachable',
    class: 'dns',
    title: 'nothing listens where DNS is asked',
    meaning:
      'The resolver that the environment names refuses the packet or cannot be routed to; an empty resolv.conf makes Go ask this machine itself.',
    owner: 'platform',
    retry: 'permanent-but-cheap',
    remedy:
      'set real nameservers for the container runtime; a stub at 127.0.0.53 of the host does not exist inside a container',
    command: 'cat /etc/resolv.conf',
    probe: 'resolv.conf inside the container, and one packet to each server in it',
    needs: ['environment'],
    mistakenFor: ['tcp-connection-refused', 'dns-timeout'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: ['cannot assign requested address'],
        pattern: /lookup \S{1,253} on \S{1,64}: dial udp .{1,160}: cannot assign requested address/,
        said: 'go',
        weight: 4,
      },
      {
        phrases: ['connection refused', 'no route to host', 'network is unreachable'],
        pattern:
          /(?:(?:read|write|dial) udp|lookup \S{1,253} on \S{1,64}: (?:dial|read|write) tcp) .{1,160}: (?:connection refused|no route to host|network is unreachable)/,
        said: 'go',
        weight: 3,
      },
    ],
  },
];

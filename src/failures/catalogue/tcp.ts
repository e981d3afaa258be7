import { onTheWayTo, type Failure } from './failure.ts';

export const tcpFailures: readonly Failure[] = [
  {
    id: 'tcp-dial-timeout',
    class: 'tcp',
    title: 'no answer to the attempt to connect',
    meaning: 'The name was resolved; then packets to that address got no reply at all.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy:
      'open the firewall for the address, or use a module proxy that this network reaches, with the checksum database through it',
    command: 'curl -sS -o /dev/null --connect-timeout 10 -w "%{http_code}\\n" https://{host}/',
    probe:
      'connect to the same address, to the other Go hosts and to a neutral host, from host and container',
    needs: ['target', 'repetition', 'environment'],
    mistakenFor: ['dns-dial-budget', 'sumdb-unreachable', 'http-proxy-unreachable'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: ['i/o timeout', 'connection timed out', 'operation timed out', 'connectex:'],
        pattern:
          /dial tcp4? ?\S{1,280}:\d{1,5}: (?:i\/o timeout|connect: (?:connection|operation) timed out|connectex: )/,
        said: 'go',
      },
    ],
  },
  {
    id: 'tcp-connection-refused',
    class: 'tcp',
    title: 'the connection was refused',
    meaning: 'The address is reachable, and nothing accepts connections on that port.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy:
      'see whether the service runs and the port is right; inside a container 127.0.0.1 is the container itself, not the host',
    command: 'curl -sS -o /dev/null -w "%{http_code}\\n" {url}',
    probe: 'connect to that address and port from inside the build environment',
    needs: ['target', 'environment'],
    mistakenFor: ['http-proxy-unreachable', 'dns-server-unreachable', 'git-ssh-unreachable'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: ['connection refused'],
        pattern: /dial tcp4? ?\S{1,280}:\d{1,5}: (?:connect: )?connection refused/,
        said: 'go',
      },
      {
        phrases: ['connectex:'],
        pattern:
          /connectex: (?:No connection could be made|.{0,80}(?:积极拒绝|verweigert|refus|拒否))/,
        said: 'go',
        weight: 3,
        dialect: 'Windows',
      },
    ],
  },
  {
    id: 'tcp-connection-reset',
    class: 'tcp',
    title: 'the connection was reset while it was in use',
    meaning: 'The other side, or something in between, tore the connection down.',
    owner: 'network',
    retry: 'transient',
    remedy:
      'try again; when each try ends right after the handshake, a filter resets by host name and the network team must allow it',
    probe: 'repeat it, and see whether the peer address is the server or a forward proxy',
    needs: ['target', 'repetition'],
    mistakenFor: ['conn-eof', 'http-proxy-unreachable', 'tls-plaintext-peer'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: [
          'use of closed network connection',
          'cannot rewind body after connection loss',
          'software caused connection abort',
          'an established connection was aborted',
        ],
        said: 'go',
        weight: 1,
      },
      {
        phrases: ['connection reset by peer', 'broken pipe'],
        pattern:
          /(?:read|write|readfrom|local error|Get|EOF).{0,300}: (?:connection reset by peer|broken pipe)/,
        said: 'go',
      },
      { phrases: ['wsarecv:', 'wsasend:'], said: 'go', dialect: 'Windows, in any language' },
    ],
  },
  {
    id: 'tcp-no-route',
    class: 'tcp',
    title: 'there is no route to the address',
    meaning: 'The machine does not know how to reach that network, or a firewall said so.',
    owner: 'network',
    retry: 'permanent-but-cheap',
    remedy:
      'bring the link or the default route back; allow the destination in the firewall that rejects it',
    command: 'ip route get $(getent hosts {host} | cut -d" " -f1)',
    probe: 'the route for that address, for IPv4 and IPv6 apart',
    needs: ['target', 'environment'],
    mistakenFor: ['ipv6-unusable', 'dns-server-unreachable'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: ['no route to host', 'network is unreachable', 'host is down'],
        pattern:
          /dial tcp4? ?[^\s[]{1,280}:\d{1,5}: connect: (?:no route to host|network is unreachable|host is down)/,
        said: 'go',
      },
      {
        phrases: ['connectex: a socket operation was attempted to an unreachable'],
        said: 'go',
        weight: 3,
        dialect: 'Windows',
      },
    ],
  },
  {
    id: 'ipv6-unusable',
    class: 'tcp',
    title: 'IPv6 was tried and does not work here',
    meaning: 'The name has an IPv6 address, and this machine or container cannot use IPv6.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'enable IPv6 for the container network, or switch it off inside the container so that no IPv6 address is tried; look whether IPv4 to the same host works',
    command: 'sysctl net.ipv6.conf.all.disable_ipv6',
    probe:
      'is there a global IPv6 address and a default route, and does IPv4 to the same host connect',
    needs: ['environment'],
    mistakenFor: ['tcp-no-route', 'tcp-dial-timeout'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: ['cannot assign requested address', 'network is unreachable', 'no route to host'],
        pattern:
          /dial tcp6? ?\[[0-9a-fA-F:.%\w]{2,60}\]:\d{1,5}: connect: (?:cannot assign requested address|network is unreachable|no route to host)/,
        said: 'go',
        weight: 3,
      },
    ],
  },
  {
    id: 'conn-eof',
    class: 'tcp',
    title: 'the server closed the connection without an answer',
    meaning: 'The request was sent and the connection ended before the first byte of a reply.',
    owner: 'network',
    retry: 'transient',
    remedy: 'try again; if it stays, look at the load balancer or filter in front of that host',
    command: 'curl -sS -o /dev/null -w "%{http_code}\\n" {url}',
    probe: 'the same request three times',
    needs: ['target', 'repetition'],
    mistakenFor: ['download-truncated', 'proxy-non-json'],
    elsewhere: onTheWayTo,
    forms: [
      { phrases: ['server closed connection', 'transport failed to read from server'], said: 'go' },
      {
        phrases: [': eof'],
        pattern:
          /(?:Get|Head|Post) "?https?:\/\/[^\s"]{1,1000}"?: (?:net\/http: )?(?:HTTP\/1\.x transport connection broken: )?EOF$/,
        said: 'go',
      },
      { phrases: ['server closed idle connection'], said: 'go' },
    ],
  },
  {
    id: 'net-sandboxed',
    class: 'tcp',
    title: 'this step is not allowed to use the network',
    meaning: 'The system forbids sockets or connections here, as build sandboxes do.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'download before the sandboxed step, then build from vendor/ or a filled module cache with GOPROXY=off',
    probe: 'whether a socket can be opened at all in that environment',
    needs: ['environment'],
    mistakenFor: ['cache-permission-denied', 'tcp-connection-refused'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: ['operation not permitted', 'permission denied'],
        pattern:
          /(?:socket|connect|sendto|dial (?:tcp|udp) .{0,200}): (?:operation not permitted|permission denied)/,
        weight: 3,
        said: 'go',
      },
      { phrases: ['network disabled', 'cmdgonetlimit'], said: 'go' },
      {
        phrases: ['access a socket in a way forbidden by its access permissions'],
        said: 'go',
        weight: 3,
        dialect: 'Windows',
      },
    ],
  },
  {
    id: 'net-hang',
    class: 'tcp',
    title: 'a download hung without an error',
    meaning:
      'The go command sets no limit on how long an answer may take. A server that accepted the connection and fell silent holds the step until somebody ends it.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy:
      'run the download under a limit that names what hangs; look for an MTU that is too small on the way when small answers pass and large ones stall',
    command: 'cofferdam run --timeout 5m -- go mod download -x',
    probe:
      'a TCP connect, a handshake and a small request to the same host, each with its own limit',
    needs: ['target', 'repetition'],
    mistakenFor: ['step-timeout', 'tcp-dial-timeout', 'cache-lock-stuck'],
    depth: 34,
    forms: [
      {
        phrases: [
          'timeout awaiting response headers',
          'request canceled (client.timeout',
          'request canceled while waiting for connection',
        ],
        said: 'go',
      },
      {
        phrases: ['i/o timeout', 'connection timed out', 'operation timed out'],
        pattern: /read tcp .{1,200}: (?:i\/o timeout|read: (?:connection|operation) timed out)/,
        said: 'go',
      },
      { phrases: ['client.timeout exceeded'], said: 'go', weight: 1 },
    ],
  },
];

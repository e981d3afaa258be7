import { onTheWayTo, type Failure } from './failure.ts';

export const tlsFailures: readonly Failure[] = [
  {
    id: 'tls-unknown-ca',
    class: 'tls',
    title: 'the certificate was signed by an authority that this machine does not trust',
    meaning:
      'The chain that the server sent ends in a root that is not in the bundle which Go reads here. Most often a company inspects TLS and its root is missing in this image.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'put the root of the company or of the private proxy into the image before the first step that uses the network, and run update-ca-certificates there; or name the bundle in SSL_CERT_FILE',
    command: 'openssl s_client -connect {host}:443 -servername {host} -showcerts </dev/null',
    probe: 'fetch the chain and print its issuer; look for that root in the bundle that Go uses',
    needs: ['target', 'environment'],
    mistakenFor: ['tls-no-root-store', 'tls-hostname-mismatch', 'git-tls'],
    elsewhere: onTheWayTo,
    forms: [
      { phrases: ['x509: ', 'tls: failed to verify certificate'], said: 'go', weight: 1 },
      { phrases: ['certificate signed by unknown authority'], said: 'go' },
      {
        phrases: ['certificate is not trusted', 'root certificate which is not trusted'],
        pattern: /x509: .{0,200}(?:is not trusted|certificate which is not trusted)/,
        said: 'go',
        dialect: 'macOS and Windows',
      },
    ],
  },
  {
    id: 'tls-no-root-store',
    class: 'tls',
    title: 'there are no root certificates on this machine',
    meaning: 'Go found no bundle of certificate authorities at all, so it can trust nobody.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'install ca-certificates in the image, or copy the bundle from a stage that has it; see that SSL_CERT_FILE names a file that exists',
    command:
      'ls -l /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt "$SSL_CERT_FILE"',
    probe: 'whether any of the files that Go looks for exists',
    needs: ['environment'],
    mistakenFor: ['tls-unknown-ca'],
    depth: 19,
    forms: [{ phrases: ['failed to load system roots'], said: 'go', weight: 3 }],
  },
  {
    id: 'tls-cert-expired',
    class: 'tls',
    title: 'a certificate in the chain has expired',
    meaning:
      'The time here is later than the end of a certificate: that of the server, or of an old root in an old image. A clock that runs ahead looks the same.',
    owner: 'author',
    retry: 'permanent',
    remedy:
      'compare the clock first; then ask the owner of the host to renew, renew the CA bundle of the image, or use a proxy that has the module',
    command:
      'date -u && openssl s_client -connect {host}:443 -servername {host} </dev/null | openssl x509 -noout -dates',
    probe:
      'the clock against the Date header of other hosts, then the dates of each certificate in the chain',
    needs: ['target', 'environment'],
    mistakenFor: ['tls-clock-skew', 'tls-unknown-ca'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: ['certificate has expired or is not yet valid'],
        not: /current time \S+ is before /,
        said: 'go',
      },
      {
        phrases: ['certificate is expired'],
        pattern: /x509: .{0,200}certificate is expired/,
        said: 'go',
        dialect: 'macOS',
      },
    ],
  },
  {
    id: 'tls-clock-skew',
    class: 'tls',
    title: 'the clock of this machine is wrong',
    meaning:
      'A certificate is said to be not valid yet, or to have ended many years ago: the time here is not the time of the others.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'set the clock and keep it set by NTP; a virtual machine that was resumed needs it again',
    command: 'date -u && curl -sSI http://{host}/ | grep -i ^date',
    probe: 'the clock against the Date headers of several hosts; more than five minutes is a fault',
    needs: ['environment'],
    mistakenFor: ['tls-cert-expired'],
    depth: 18,
    forms: [
      {
        phrases: ['certificate has expired or is not yet valid'],
        pattern: /current time \S{1,40} is before /,
        weight: 3,
        said: 'go',
      },
    ],
  },
  {
    id: 'tls-hostname-mismatch',
    class: 'tls',
    title: 'the certificate belongs to another host',
    meaning:
      'Somebody answered with a certificate for another name: a captive portal, a block page, a wrong virtual host, or an address in place of the name.',
    owner: 'network',
    retry: 'permanent',
    remedy:
      'use the name that the certificate has; behind a portal or filter let the network team allow the host',
    command:
      'openssl s_client -connect {host}:443 -servername {host} </dev/null | openssl x509 -noout -subject -issuer -ext subjectAltName',
    probe: 'whose certificate it is that answers under that name',
    needs: ['target'],
    mistakenFor: ['tls-unknown-ca', 'tls-legacy-common-name'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: [
          'x509: certificate is valid for',
          "it doesn't contain any ip sans",
          'is not valid for any names',
          'certificate name does not match input',
        ],
        said: 'go',
      },
    ],
  },
  {
    id: 'tls-legacy-common-name',
    class: 'tls',
    title: 'the certificate names its host only in the Common Name',
    meaning: 'Go reads names from the Subject Alternative Name, and this certificate has none.',
    owner: 'proxy',
    retry: 'permanent',
    remedy:
      'issue the certificate again with a Subject Alternative Name; no switch of Go helps any more',
    command:
      'openssl s_client -connect {host}:443 </dev/null | openssl x509 -noout -ext subjectAltName',
    probe: 'the names in the certificate',
    needs: ['target'],
    mistakenFor: ['tls-hostname-mismatch'],
    elsewhere: onTheWayTo,
    forms: [{ phrases: ['legacy common name field'], said: 'go', dialect: 'Go 1.15 and later' }],
  },
  {
    id: 'tls-handshake-timeout',
    class: 'tls',
    title: 'the TLS handshake was not finished in ten seconds',
    meaning: 'TCP connected, and then too little came back in time.',
    owner: 'network',
    retry: 'transient',
    remedy:
      'try again, with fewer downloads at once on a weak builder; when it stays, look at the MTU and at the IPv6 path',
    command: 'GOMAXPROCS=2 go mod download',
    probe: 'the time of a handshake over IPv4 and IPv6, with a small and a large first message',
    needs: ['target', 'repetition'],
    mistakenFor: ['tcp-dial-timeout', 'tls-plaintext-peer'],
    elsewhere: onTheWayTo,
    forms: [{ phrases: ['tls handshake timeout'], said: 'go' }],
  },
  {
    id: 'tls-handshake-rejected',
    class: 'tls',
    title: 'the server refused the TLS handshake',
    meaning:
      'The other side sent an alert: it wants a client certificate, another name, or another version.',
    owner: 'proxy',
    retry: 'permanent-but-cheap',
    remedy:
      'read the word of the alert: "certificate required" wants a client certificate, "unrecognized name" another host name, "protocol version" another TLS version',
    command: 'openssl s_client -connect {host}:443 -servername {host} </dev/null',
    probe: 'handshakes with and without the name, and with each version',
    needs: ['target'],
    mistakenFor: ['tls-plaintext-peer', 'tcp-connection-reset'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: [
          'local error: tls:',
          'tls: downgrade attempt',
          'tls: bad record mac',
          'tls: unexpected message',
          'tls: invalid signature by the server',
        ],
        said: 'go',
        weight: 1,
      },
      {
        phrases: [
          'remote error: tls:',
          'tls: server selected unsupported',
          'tls: no supported versions',
          'tls: protocol version not supported',
        ],
        said: 'go',
      },
    ],
  },
  {
    id: 'tls-plaintext-peer',
    class: 'tls',
    title: 'https was spoken to a service that speaks plain http',
    meaning: 'The first bytes of the answer are not TLS.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'correct the scheme or the port in GOPROXY; a forward proxy is mostly named with http://',
    command: 'go env GOPROXY',
    probe: 'a plain http request to the same host and port',
    needs: ['target', 'environment'],
    mistakenFor: ['http-proxy-misconfigured', 'http-garbage'],
    elsewhere: { ...onTheWayTo, 'forward-proxy': 'http-proxy-misconfigured' },
    forms: [
      {
        phrases: ['oversized record received', 'unsupported sslv2 handshake'],
        said: 'go',
        weight: 3,
      },
      {
        phrases: [
          'first record does not look like a tls handshake',
          'http response to https client',
        ],
        said: 'go',
      },
    ],
  },
  {
    id: 'tls-weak-cert',
    class: 'tls',
    title: 'the certificate is made in a way that Go no longer accepts',
    meaning: 'A hash or a number in it is of a kind that was given up for good reasons.',
    owner: 'proxy',
    retry: 'permanent',
    remedy:
      'issue the certificate again with SHA-256 and a positive serial number; renew the inspecting appliance',
    command: 'openssl s_client -connect {host}:443 </dev/null | openssl x509 -noout -text',
    probe: 'algorithm and serial number of each certificate in the chain',
    needs: ['target'],
    mistakenFor: ['tls-unknown-ca'],
    elsewhere: onTheWayTo,
    forms: [
      {
        phrases: ['insecure algorithm'],
        pattern: /x509: .{0,120}insecure algorithm/,
        said: 'go',
        weight: 3,
      },
      { phrases: ['negative serial number'], said: 'go' },
    ],
  },
];

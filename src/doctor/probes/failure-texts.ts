import type { HttpFailure } from '../explain-http-error.ts';

/** What a failure below HTTP means for people. */
export interface FailureText {
  readonly title: string;
  readonly explanation: string;
  readonly fix: string;
}

type Text = readonly [title: string, explanation: string, fix: string];

/** HOST stands for the server. */
const TEXTS: Readonly<Record<string, Text>> = {
  'dns-no-such-host': [
    'the name HOST does not exist for this machine',
    'The resolvers of this machine answered, and no address was in the answer.',
    'correct the name; or give this machine or container a resolver that knows it',
  ],
  'dns-timeout': [
    'the name HOST cannot be looked up',
    'No resolver of this machine gave an answer in time.',
    'give this machine or container resolvers that it can reach',
  ],
  'dns-server-misbehaving': [
    'the resolvers of this machine refuse or fail to look up HOST',
    'They answer, but with a failure instead of an address.',
    'ask whoever runs the resolver; a refusal is a policy, a failure may pass',
  ],
  'tcp-dial-timeout': [
    'HOST does not answer: packets to it are dropped',
    'No connection and no refusal came in time. A firewall that drops packets looks like this.',
    'have outgoing connections to this host and port allowed, or set a GOPROXY that can be reached from here',
  ],
  'tcp-connection-refused': [
    'nothing listens at HOST',
    'The machine is there and refuses the connection. In a container, localhost is the container itself.',
    'start the server, or correct host and port; from a container, use the address of the host',
  ],
  'tcp-connection-reset': [
    'the connection to HOST is broken off',
    'Somebody on the way, or the server, ends it in the middle.',
    'try again; when it is so each time, a filter on the way is the cause: ask whoever runs the network',
  ],
  'tcp-no-route': [
    'no route leads to HOST',
    'The network of this machine or container ends before the server.',
    'check the default route and the network mode of the container',
  ],
  'ipv6-unusable': [
    'HOST is only reachable by IPv6, which does not work here',
    'No address of this machine can reach it.',
    'give the container IPv6, or let the server have an IPv4 address',
  ],
  'conn-eof': [
    'HOST closes the connection without an answer',
    'The connection was made, the request sent, and not one byte came back.',
    'check that the port is that of the service; behind a load balancer, that something runs there',
  ],
  'net-hang': [
    'HOST takes the request and then says nothing',
    'Go has no time limit of its own here: a build would hang until CI ends it.',
    'tell whoever runs the server; meanwhile use another GOPROXY',
  ],
  'net-sandboxed': [
    'this process may not open network connections',
    'The sandbox, the container or a security profile forbids it.',
    'download modules in a step that has the network, and build from the module cache or vendor directory',
  ],
  'tls-handshake-timeout': [
    'the TLS handshake with HOST does not end',
    'The connection is there, and the handshake is never answered: a filter, a path that loses large packets, or a service without TLS.',
    'try from another network; check the MTU of the container network',
  ],
  'tls-unknown-ca': [
    'the certificate of HOST is signed by somebody whom this machine does not trust',
    'A private authority, or a device that looks into TLS, whose root certificate is missing here.',
    'put the root certificate of your company into the trust store of this machine or image before the first download',
  ],
  'tls-cert-expired': [
    'the certificate of HOST has expired, or one of its issuers has',
    'Every client refuses it until it is renewed. A wrong clock looks the same.',
    'have the certificate renewed; check the clock and the age of the trust store',
  ],
  'tls-clock-skew': [
    'the certificate of HOST is not yet valid by the clock of this machine',
    'Either the clock is behind, or the certificate was made for later.',
    'set the clock of this machine',
  ],
  'tls-hostname-mismatch': [
    'the certificate of HOST is for another name',
    'Another server answers: a captive portal, a wrong virtual host, a wrong DNS entry, or an address instead of a name.',
    'use the name that the certificate has; check who answers at this address',
  ],
  'tls-plaintext-peer': [
    'HOST does not speak TLS on this port',
    'The URL says https, and the server answers in plain text.',
    'correct the scheme or the port in the URL',
  ],
  'tls-weak-cert': [
    'the certificate of HOST uses an algorithm that is not trusted any more',
    'Old inspection devices and old authorities make such certificates.',
    'have the certificate issued again',
  ],
  'tls-handshake-rejected': [
    'HOST ends the TLS handshake with an alert',
    'It may want a client certificate, another protocol version, or not know the name.',
    'ask whoever runs the server; check what a client has to bring',
  ],
  'http-proxy-unreachable': [
    'the forward proxy on the way to HOST cannot be reached',
    'HTTP_PROXY or HTTPS_PROXY names a proxy that does not answer here.',
    'correct or unset the variable in this environment',
  ],
  'http-proxy-auth': [
    'the forward proxy on the way to HOST wants credentials',
    'Go sends only Basic credentials, which stand in the URL of the proxy variable.',
    'put user name and password, percent-encoded, into the URL of HTTPS_PROXY',
  ],
  'http-proxy-denied': [
    'the forward proxy does not allow HOST',
    'It refused the tunnel: the host is not on its allow-list.',
    'have the host allowed, or except it in NO_PROXY when it can be reached directly',
  ],
  'http-proxy-bad-gateway': [
    'the forward proxy cannot reach HOST',
    'It answered with a failure of its own.',
    'try again; then ask whoever runs the forward proxy',
  ],
  'http-proxy-connect-timeout': [
    'the forward proxy does not answer the request for a tunnel to HOST',
    'The proxy took the connection and never opened the way.',
    'ask whoever runs the forward proxy; meanwhile use a GOPROXY that is reached without it',
  ],
  'http-proxy-misconfigured': [
    'the forward proxy variable for HOST cannot be used',
    'Its value leads nowhere.',
    'write it as http://host:port',
  ],
  'redirect-problem': [
    'HOST redirects to where nobody may follow',
    'A log-in page or a captive portal often looks like this.',
    'open the URL in a browser, and have the host allowed without a log-in',
  ],
  'http-garbage': [
    'what HOST sends is no HTTP',
    'Another service listens on this port.',
    'correct the port or the scheme in the URL',
  ],
  'download-truncated': [
    'answers of HOST end too early',
    'Fewer bytes came than were announced.',
    'try again; when it is the same file each time, ask whoever runs the proxy or the filter on the way',
  ],
  'proxy-file-missing': [
    'the directory of a file:// entry in GOPROXY is not there',
    'go reads modules from this directory.',
    'correct the path, or mount the directory here',
  ],
};

export function failureTexts(code: string, host: string): FailureText {
  const [title, explanation, fix] = TEXTS[code] ?? [
    `HOST cannot be asked (${code})`,
    'The request failed.',
    'look at the evidence',
  ];
  return { title: title.replace('HOST', host), explanation, fix };
}

/** Of a request: the host that was asked is not always the one that fails. */
export function requestTexts({ code, ledTo }: HttpFailure, host: string): FailureText {
  if (ledTo === undefined) return failureTexts(code, host);
  if (code !== 'redirect-problem') {
    const texts = failureTexts(code, ledTo);
    return { ...texts, title: `${host} redirects to ${ledTo}: ${texts.title}` };
  }
  return {
    title: `${host} redirects to ${ledTo}, a name that does not exist for this machine`,
    explanation: `${host} itself answers, and sends on whoever asks. A log-in page of another network often looks like this.`,
    fix: `write the address that serves modules to programs in place of ${host}; or give this machine a resolver that knows ${ledTo}`,
  };
}

import type { Failure } from './failure.ts';

/** What is typed in a build ends in its log. */
const HIDDEN_PROXY_VARIABLES = 'env | grep -i _proxy | sed "s#//[^@]*@#//[hidden]@#"';

export const forwardProxyFailures: readonly Failure[] = [
  {
    id: 'http-proxy-unreachable',
    class: 'forward-proxy',
    title: 'the forward proxy cannot be reached',
    meaning:
      'HTTP_PROXY or HTTPS_PROXY names a proxy that does not accept the connection from here, often a tool on 127.0.0.1 of another machine.',
    owner: 'platform',
    retry: 'permanent-but-cheap',
    remedy:
      'name a proxy that this environment reaches, or unset the variables; inside a container the host is not 127.0.0.1',
    command: HIDDEN_PROXY_VARIABLES,
    probe:
      'the proxy variables in exactly that environment, both spellings, and a connection to each',
    needs: ['environment'],
    mistakenFor: ['tcp-connection-refused', 'tcp-dial-timeout', 'dns-no-such-host'],
    forms: [
      {
        phrases: ['proxyconnect tcp:'],
        not: /dial tcp :0|invalid port|lookup (?:ftp|https?|socks\d?)\b|first record|HTTP response to HTTPS/,
        weight: 3,
      },
      { phrases: ['socks connect tcp'], said: 'go', weight: 3 },
    ],
  },
  {
    id: 'http-proxy-auth',
    class: 'forward-proxy',
    title: 'the forward proxy wants credentials',
    meaning:
      'The proxy in HTTP_PROXY or HTTPS_PROXY answered that nobody was named, or not well enough.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'give the proxy credentials that it accepts, as a secret of the build; Go speaks only Basic, so NTLM and Kerberos need a relay on the machine',
    command: HIDDEN_PROXY_VARIABLES,
    probe: 'a CONNECT with the credentials that the environment has, and what the proxy answers',
    needs: ['environment'],
    mistakenFor: ['proxy-unauthorized', 'http-proxy-denied'],
    forms: [
      {
        phrases: ['proxy authentication required', 'authenticationrequired'],
        pattern:
          /(?:": |407 |proxyconnect tcp: )(?:Proxy Authentication Required|.{0,40}authenticationrequired)/i,
        said: 'go',
        weight: 3,
      },
    ],
  },
  {
    id: 'http-proxy-denied',
    class: 'forward-proxy',
    title: 'the forward proxy does not allow this host',
    meaning:
      'The word stands without a number: it is the answer of the forward proxy to CONNECT, and the request never reached the host.',
    owner: 'network',
    retry: 'permanent',
    remedy:
      'let the proxy allow the module proxy, the checksum database, storage.googleapis.com and the hosts of the code; or use an internal GOPROXY',
    command: 'curl -sSI https://{host}/',
    probe: 'CONNECT to that host and to one that is surely allowed',
    needs: ['target', 'environment'],
    mistakenFor: ['proxy-forbidden', 'no-proxy-missing'],
    forms: [
      {
        phrases: ['": forbidden', '": method not allowed', '": not found'],
        pattern:
          /(?:Get|Head) "https:\/\/[^"]{1,1000}": (?:Forbidden|Method Not Allowed|Not Found)$/,
      },
    ],
  },
  {
    id: 'http-proxy-bad-gateway',
    class: 'forward-proxy',
    title: 'the forward proxy could not reach the host',
    meaning:
      'The word stands without a number: the forward proxy answered CONNECT with a failure of its own.',
    owner: 'network',
    retry: 'transient',
    remedy: 'try again; tell who runs the forward proxy the host and the time when it stays so',
    command: 'curl -sSI https://{host}/',
    probe: 'CONNECT to the same host three times, with pauses',
    needs: ['target', 'repetition'],
    mistakenFor: ['proxy-5xx', 'no-proxy-missing'],
    forms: [
      {
        phrases: [
          '": bad gateway',
          '": service unavailable',
          '": gateway timeout',
          '": gateway time-out',
          '": internal server error',
        ],
        pattern:
          /(?:Get|Head) "https:\/\/[^"]{1,1000}": (?:Bad Gateway|Service Unavailable|Gateway Time-?out|Internal Server Error)$/i,
      },
    ],
  },
  {
    id: 'http-proxy-connect-timeout',
    class: 'forward-proxy',
    title: 'the forward proxy accepted the connection and never answered',
    meaning:
      'The go command has this limit only for CONNECT: 60 seconds in old versions, 120 in new ones. So a proxy took the connection and stayed silent.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy: 'tell who runs the forward proxy; until then use a GOPROXY that is reached without it',
    command: 'curl -sSI --max-time 10 https://{host}/',
    probe: 'the time of one CONNECT, with a limit of ten seconds',
    needs: ['target', 'environment', 'repetition'],
    mistakenFor: ['net-hang', 'tcp-dial-timeout'],
    forms: [
      {
        phrases: ['context deadline exceeded'],
        pattern:
          /(?:Get|Head) "https?:\/\/[^"]{1,1000}": (?:proxyconnect tcp: )?context deadline exceeded$/,
        said: 'go',
      },
    ],
  },
  {
    id: 'http-proxy-misconfigured',
    class: 'forward-proxy',
    title: 'a proxy variable holds something that is no proxy address',
    meaning:
      'The value of HTTP_PROXY or HTTPS_PROXY cannot be read as it was meant: scheme, host or port is wrong.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'write it as http://HOST:PORT, with the scheme that the proxy itself speaks',
    command: HIDDEN_PROXY_VARIABLES,
    probe: 'each proxy variable, read as a URL',
    needs: ['environment'],
    mistakenFor: ['dns-no-such-host', 'tls-plaintext-peer', 'http-proxy-unreachable'],
    forms: [
      {
        phrases: ['proxyconnect tcp:'],
        pattern:
          /proxyconnect tcp: .{0,200}(?:dial tcp :0|invalid port|lookup (?:ftp|https?|socks\d?)\b|first record|HTTP response to HTTPS)/,
        weight: 4,
      },
      {
        phrases: ['invalid proxy address', 'no host in proxy', 'invalid port'],
        pattern:
          /invalid proxy address|proxyconnect.{0,100}invalid port|(?:HTTPS?_PROXY|https?_proxy).{0,200}invalid port/,
        weight: 3,
      },
      {
        phrases: ['no such host'],
        pattern:
          /lookup (?:ftp|https?|socks5?h?)(?::| on \S{1,64}:) ?no such host|lookup (?:ftp|https?|socks5?h?) on/,
        said: 'go',
        weight: 3,
      },
    ],
  },
  {
    id: 'no-proxy-missing',
    class: 'forward-proxy',
    title: 'an internal host is asked through the forward proxy',
    meaning:
      'The host is one of your own network, and the forward proxy cannot or may not reach it. It is missing in NO_PROXY.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'add the domain with a leading dot to NO_PROXY and no_proxy of the build environment; git reads the lower-case one',
    command: 'export NO_PROXY=.corp.example,10.0.0.0/8 no_proxy=.corp.example,10.0.0.0/8',
    probe: 'a direct connection to the host, and NO_PROXY and no_proxy as they are',
    needs: ['target', 'environment'],
    mistakenFor: ['http-proxy-denied', 'http-proxy-bad-gateway'],
    forms: [
      {
        phrases: ['": forbidden', '": bad gateway', '": service unavailable'],
        pattern:
          /(?:Get|Head) "https:\/\/(?:10\.|192\.168\.|[^"/.]{1,63}[:/]|[^"/]{1,200}\.(?:corp|internal|intranet|local|lan)(?:[.:/]))[^"]{0,900}": (?:Forbidden|Bad Gateway|Service Unavailable)$/i,
        weight: 3,
      },
    ],
  },
];

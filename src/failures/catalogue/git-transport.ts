import type { Failure } from './failure.ts';

/** The way to the host of the repository, and the clones that git keeps. */
export const gitTransportFailures: readonly Failure[] = [
  {
    id: 'git-dns',
    class: 'version-control',
    title: 'git cannot resolve the name of its host',
    meaning: 'The resolver did not give an address for the host of the repository.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy:
      'give the build a resolver that knows the host; use a module proxy so that the host is not needed',
    command: 'getent hosts {host}',
    probe: 'the name at each resolver of the build environment',
    needs: ['target', 'environment', 'repetition'],
    mistakenFor: ['dns-no-such-host', 'git-insteadof-broken'],
    forms: [
      {
        phrases: ['could not resolve host:', 'could not resolve proxy:'],
        pattern: /Could not resolve host: /i,
        weight: 3,
      },
    ],
  },
  {
    id: 'git-connect',
    class: 'version-control',
    title: 'git cannot connect to its host',
    meaning: 'The name was resolved and the connection was not made.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy: 'open the way to the host, set https_proxy for git, or use a module proxy',
    command: 'curl -sSI https://{host}/',
    probe: 'TCP to port 443 of the host from the build environment',
    needs: ['target', 'environment', 'repetition'],
    mistakenFor: ['tcp-dial-timeout', 'git-proxy'],
    forms: [
      {
        phrases: [
          'ssl_error_syscall',
          'ssl_read',
          'ssl_write',
          'non-properly terminated',
          'gnutls recv error',
          'error in the pull function',
          'connection was reset',
          'connection was aborted',
          'http2 framing layer',
        ],
        pattern:
          /(?:unable to access|fatal: ).{0,700}(?:SSL_ERROR_SYSCALL|SSL_read|SSL_write|non-properly terminated|GnuTLS recv error|pull function|was reset|was aborted|framing layer)/,
        not: /RPC failed/,
        weight: 4,
      },
      {
        phrases: ['fatal: unable to access'],
        pattern:
          /fatal: unable to access .{1,700}(?:Connection (?:refused|reset)|Failed connect to|port \d+: (?:Connection|No route))/,
        weight: 2,
      },
      {
        phrases: [
          'failed to connect to',
          "couldn't connect to server",
          'unable to connect to',
          'connection timed out',
          'recv failure',
          'send failure',
          'operation timed out',
        ],
        pattern:
          /(?:unable to access|fatal:|error:|curl).{0,700}(?:Failed to connect to|Couldn't connect to server|Connection timed out|Recv failure|Send failure|Operation timed out)|fatal: unable to connect to/i,
        not: /: dial tcp|proxyconnect tcp/,
        weight: 3,
      },
    ],
  },
  {
    id: 'git-tls',
    class: 'version-control',
    title: 'git does not trust the certificate of its host',
    meaning:
      'git checks with a library and a bundle of its own, so Go may work where git does not, and the other way round.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'put the root of the company into the image and run update-ca-certificates; name the bundle in http.sslCAInfo where git looks elsewhere',
    command:
      'git config --get http.sslCAInfo; openssl s_client -connect {host}:443 -servername {host} </dev/null',
    probe: 'the chain of the host, and the bundle that git uses',
    needs: ['target', 'environment'],
    mistakenFor: ['tls-unknown-ca', 'tls-cert-expired'],
    depth: 21,
    forms: [
      {
        phrases: [
          'server certificate verification failed',
          'ssl certificate problem',
          'schannel:',
          'gnutls_handshake',
          'ssl_connect',
          'error setting certificate',
          'no alternative certificate subject name',
        ],
        not: /RPC failed|SSL_connect: Connection re(?:set|fused)/,
        pattern:
          /(?:fatal|error|unable to access|server certificate|SSL certificate|schannel|gnutls|CAfile|OpenSSL|SSL_|LibreSSL)/i,
        weight: 3,
      },
    ],
  },
  {
    id: 'git-proxy',
    class: 'version-control',
    title: 'the forward proxy refuses git',
    meaning:
      'git asked the proxy for a tunnel to its host, and the proxy wants credentials or does not allow the host.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'give git the credentials of the proxy, let the proxy allow the host, or use a module proxy',
    command:
      '(git config --get-regexp "http.*proxy"; env | grep -i _proxy) | sed "s#//[^@]*@#//[hidden]@#"',
    probe: 'CONNECT through the proxy that git uses',
    needs: ['environment'],
    mistakenFor: ['http-proxy-auth', 'http-proxy-denied', 'git-connect'],
    depth: 23,
    forms: [
      {
        phrases: [
          'connect tunnel failed',
          'code 407 from proxy',
          'code 403 from proxy',
          'from proxy after connect',
          'could not resolve proxy',
          'proxy connect aborted',
          'unsupported proxy syntax',
        ],
        weight: 4,
      },
    ],
  },
  {
    id: 'git-http-5xx',
    class: 'version-control',
    title: 'the git host failed',
    meaning: 'It answered with a 5xx status or with nothing.',
    owner: 'author',
    retry: 'transient',
    remedy: 'try again with pauses; a module proxy shields from it',
    command: 'git ls-remote {repository}',
    probe: 'the same again later, and the status page of the host',
    needs: ['target', 'repetition'],
    mistakenFor: ['git-transfer-broken', 'proxy-5xx'],
    forms: [
      {
        phrases: [
          'requested url returned error: 5',
          'bad gateway',
          'gitlab is not responding',
          'internal server error',
        ],
        pattern:
          /remote: .{0,200}(?:Bad Gateway|not responding|Internal Server Error)|requested URL returned error: 5\d\d/i,
        weight: 2,
      },
      { phrases: ['requested url returned error: 5', 'empty reply from server'], weight: 3 },
      { phrases: ['remote: internal server error', 'fatal: remote error: internal'], weight: 2 },
    ],
  },
  {
    id: 'git-rate-limited',
    class: 'version-control',
    title: 'the git host asks for a pause',
    meaning: 'Too many requests came from this address or account.',
    owner: 'platform',
    retry: 'transient',
    remedy:
      'wait, then ask with a token, which has a higher limit; keep the module cache between jobs',
    command: 'curl -sSI https://{host}/ | grep -i -e retry-after -e ratelimit',
    probe: 'the limit headers of the host',
    needs: ['target'],
    mistakenFor: ['proxy-rate-limited', 'git-forbidden'],
    forms: [
      {
        phrases: [
          'requested url returned error: 429',
          'api rate limit exceeded',
          'exceeded a secondary rate limit',
        ],
        weight: 3,
      },
    ],
  },
  {
    id: 'git-transfer-broken',
    class: 'version-control',
    title: 'a transfer of git broke off',
    meaning: 'The connection ended while a large pack was on its way.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy: 'try again; let a module proxy fetch it, which has the better line and sends a zip',
    command: 'git clone --depth 1 {repository}',
    probe: 'a fetch of one commit of that repository',
    needs: ['module', 'repetition'],
    mistakenFor: ['git-http-5xx', 'download-truncated'],
    forms: [
      {
        phrases: [
          'curl 92 ',
          'curl 56 ',
          'curl 18 ',
          'fetch-pack: unexpected disconnect',
          'fatal: protocol error',
          'bad line length character',
          'unpack-objects',
          'fatal: pack has',
          'was not closed cleanly',
          'transfer closed with outstanding read data',
          'hung up upon initial contact',
        ],
        pattern:
          /RPC failed|not closed cleanly|transfer closed with|upon initial contact|curl \d\d |unexpected disconnect|protocol error|bad line length|pack has/,
        weight: 2,
      },
      {
        phrases: [
          'rpc failed',
          'early eof',
          'remote end hung up unexpectedly',
          'index-pack failed',
          'unexpected disconnect while reading sideband',
          'fetch-pack: invalid index-pack',
          'unexpected eof',
        ],
        pattern:
          /RPC failed|early EOF|hung up unexpectedly|index-pack failed|sideband packet|invalid index-pack/i,
        weight: 3,
      },
    ],
  },
  {
    id: 'git-cache-corrupt',
    class: 'version-control',
    title: 'a cached clone of git is damaged',
    meaning:
      'An object below cache/vcs of the module cache is missing or empty, as after a killed fetch or a bad cache restore.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'remove that directory below cache/vcs; see why the write was cut',
    command: 'rm -rf "$(go env GOMODCACHE)/cache/vcs"',
    probe: 'git fsck in the directory that is named',
    needs: ['environment'],
    mistakenFor: ['version-unknown-revision', 'cache-corrupt', 'git-transfer-broken'],
    depth: 14,
    forms: [
      {
        phrases: [
          'on a complete repository does not make sense',
          'from a shallow repository',
          'shallow update not allowed',
        ],
        weight: 2,
      },
      {
        phrases: [
          'error: could not read',
          'object file ',
          'bad object',
          'shallow file has changed',
          'loose object',
          'not a valid object name',
          'bad tree object',
          'unable to read tree',
        ],
        pattern:
          /error: Could not read [0-9a-f]{7,64}|object file \S{1,600} is empty|bad (?:tree )?object|shallow file has changed|loose object \S{1,600} is corrupt|packfile \S{1,600} (?:cannot be accessed|does not match)|unable to read tree/,
        weight: 3,
        said: 'go',
      },
      {
        phrases: ['not a git repository'],
        pattern: /not a git repository.{0,300}|cache\/vcs/,
        said: 'go',
        weight: 1,
      },
    ],
  },
  {
    id: 'git-lock-left',
    class: 'version-control',
    title: 'a lock file of git was left behind',
    meaning: 'Another git is at work there, or one was killed before it removed its lock.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'make sure that no other build uses the directory, then remove the lock file that is named',
    command: 'find "$(go env GOMODCACHE)/cache/vcs" -name "*.lock" -mmin +10',
    probe: 'the age of the lock, and who holds it',
    needs: ['environment'],
    mistakenFor: ['cache-lock-stuck', 'git-cache-corrupt'],
    depth: 14,
    forms: [
      { phrases: [".lock': file exists", '.lock: file exists'], weight: 4 },
      { phrases: ['another git process seems to be running'], weight: 3 },
      {
        phrases: ['could not lock config file', 'cannot lock ref', 'unable to create '],
        pattern:
          /(?:could not lock config file|cannot lock ref|Unable to create '?\S{1,600}\.lock).{0,600}File exists/i,
        weight: 3,
      },
    ],
  },
];

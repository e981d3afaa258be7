import type { Failure } from './failure.ts';

/** `reading URL: STATUS` since Go 1.13, `unexpected status (URL): STATUS` before. */
export const moduleProxyFailures: readonly Failure[] = [
  {
    id: 'proxy-not-found',
    class: 'module-proxy',
    title: 'the module proxy does not have this module or version',
    meaning:
      'It answered 404 or 410: for it there is no such path, no such version, or the repository is closed to it.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'a private module: GOPRIVATE for its host, so that it is not asked publicly; else correct the path or tag. A tag that was pushed a moment ago needs some minutes',
    command: 'go list -m -versions {module}',
    probe: 'what the proxy lists for the module, and what its host says with credentials',
    needs: ['target', 'server-text', 'module'],
    mistakenFor: ['sumdb-not-found', 'version-unknown-revision', 'go-import-missing'],
    elsewhere: {
      'checksum-database': 'sumdb-not-found',
      'vanity-host': 'go-import-missing',
      'git-host': 'git-repo-not-found',
      toolchain: 'toolchain-not-available',
    },
    forms: [
      {
        phrases: ['404 not found', '410 gone', ': 404', ': 410'],
        pattern:
          /(?:reading |unexpected status \(|Get "?)https?:\/\/\S{1,1000}\)?"?: (?:404|410)\b/,
      },
    ],
  },
  {
    id: 'proxy-fetch-timeout',
    class: 'module-proxy',
    title: 'the module proxy ran out of time while it fetched the repository',
    meaning:
      'The proxy answers 404 or 410 with "fetch timed out": the repository is larger than it can fetch in its time.',
    owner: 'proxy',
    retry: 'transient-then-permanent',
    remedy:
      'ask again in some minutes: it goes on where it stopped; for one module that never works, fetch it from its host',
    command: 'GONOPROXY={module} go mod download {module}@{version}',
    probe: 'the .info of that version again after five minutes',
    needs: ['server-text', 'repetition', 'module'],
    mistakenFor: ['proxy-not-found', 'sumdb-not-found'],
    depth: 39,
    forms: [
      { phrases: ['fetch timed out'], said: 'server', weight: 4 },
      { phrases: ['fetch timed out'], weight: 4 },
    ],
  },
  {
    id: 'proxy-unauthorized',
    class: 'module-proxy',
    title: 'the module proxy wants credentials',
    meaning: 'It answered 401: no token was sent, or one that is no longer valid.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'put a valid token for that host into netrc, or let GOAUTH give it; see that HOME is the one where the file lies, and that the URL is https: over http go sends none',
    command: 'ls -l "$HOME/.netrc" && go env GOAUTH',
    probe: 'the same URL with the credentials that the build has',
    needs: ['environment'],
    mistakenFor: ['http-proxy-auth', 'proxy-forbidden', 'git-auth-https-prompt'],
    elsewhere: { 'vanity-host': 'go-import-missing' },
    forms: [
      { phrases: ["'git credential fill' failed", 'goauth command', 'goauth='], weight: 2 },
      {
        phrases: ['401 unauthorized', ': 401'],
        pattern: /(?:reading |unexpected status \()https?:\/\/\S{1,1000}\)?: 401\b/,
      },
    ],
  },
  {
    id: 'proxy-forbidden',
    class: 'module-proxy',
    title: 'the module proxy refuses this module',
    meaning:
      'It answered 403: a policy holds the module back, or the token has no right to it. A list with commas stops here and never asks the next entry.',
    owner: 'proxy',
    retry: 'permanent',
    remedy:
      'read what the answer says, ask for the module to be approved, or take a version that is allowed',
    command: 'curl -sS --netrc {url}',
    probe: 'the same URL with the credentials of the build, and the text of the answer',
    needs: ['target', 'server-text'],
    mistakenFor: ['proxy-zip-storage-blocked', 'http-proxy-denied', 'git-forbidden'],
    elsewhere: {
      'checksum-database': 'sumdb-unreachable',
      'vanity-host': 'go-import-missing',
      'git-host': 'git-forbidden',
    },
    forms: [
      {
        phrases: ['403 forbidden', ': 403'],
        pattern: /(?:reading |unexpected status \()https?:\/\/\S{1,1000}\)?: 403\b/,
      },
    ],
  },
  {
    id: 'proxy-zip-storage-blocked',
    class: 'module-proxy',
    title: 'the storage behind the public mirror is blocked',
    meaning:
      'Only the zip is refused: the mirror leads to the storage host for it, and the go command shows the URL that it asked first. The list of allowed hosts has the mirror and not its storage.',
    owner: 'network',
    retry: 'permanent',
    remedy:
      'allow storage.googleapis.com beside the mirror, or use an internal module proxy that fetches for you',
    command: 'curl -sSIL {url}',
    probe: 'a HEAD of the zip, followed by hand to where it leads',
    needs: ['target', 'environment'],
    mistakenFor: ['proxy-forbidden', 'http-proxy-denied'],
    depth: 38,
    forms: [
      {
        phrases: ['403 forbidden'],
        pattern:
          /reading https:\/\/(?:proxy\.golang\.org|[^/\s]{0,200}googleapis\.com)\/\S{1,1000}\.zip(?:\?\S{0,1000})?: 403/,
        weight: 3,
      },
    ],
  },
  {
    id: 'proxy-rate-limited',
    class: 'module-proxy',
    title: 'too many requests: the server asks for a pause',
    meaning:
      'It answered 429. The go command does not wait and does not show for how long it was asked to.',
    owner: 'proxy',
    retry: 'transient',
    remedy:
      'wait and try again; keep the module cache between jobs, or put one proxy of your own in front of them all',
    command: 'curl -sSI {url} | grep -i retry-after',
    probe: 'the Retry-After header of the same URL',
    needs: ['target'],
    mistakenFor: ['git-rate-limited', 'image-rate-limited'],
    forms: [
      {
        phrases: ['429 too many requests', ': 429'],
        pattern: /(?:reading |unexpected status \()https?:\/\/\S{1,1000}\)?: 429\b/,
      },
    ],
  },
  {
    id: 'proxy-5xx',
    class: 'module-proxy',
    title: 'the module proxy failed',
    meaning:
      'It answered with a 5xx status. A list with commas stops here and never asks the next entry.',
    owner: 'proxy',
    retry: 'transient',
    remedy:
      'try again with pauses; a second proxy behind a pipe in GOPROXY takes over in such moments. The same URL for days is a module that this proxy cannot fetch',
    command: 'cofferdam run -- go mod download',
    probe: 'the same URL three times with pauses, and another module beside it',
    needs: ['target', 'repetition'],
    mistakenFor: ['http-proxy-bad-gateway', 'sumdb-5xx', 'vanity-host-5xx'],
    elsewhere: {
      'checksum-database': 'sumdb-5xx',
      'vanity-host': 'vanity-host-5xx',
      toolchain: 'toolchain-download-failed',
    },
    forms: [
      {
        phrases: ['500 internal', '502 bad', '503 service', '504 gateway', ': 50', ': 52', ': 53'],
        pattern: /(?:reading |unexpected status \()https?:\/\/\S{1,1000}\)?: 5\d\d\b/,
      },
    ],
  },
  {
    id: 'proxy-bad-request',
    class: 'module-proxy',
    title: 'the module proxy does not understand what it was asked',
    meaning: 'It answered 400, mostly because the version or the path is not one that can exist.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'let go write the version: name the commit and keep what it makes of it',
    command: 'go get {module}@COMMIT',
    probe: 'the version string against the rules for versions',
    needs: ['module'],
    mistakenFor: ['pseudo-version-invalid', 'proxy-not-found'],
    elsewhere: { 'checksum-database': 'sumdb-not-found' },
    forms: [
      {
        phrases: ['400 bad request', ': 400'],
        pattern: /(?:reading |unexpected status \()https?:\/\/\S{1,1000}\)?: 400\b/,
      },
      {
        // Statuses that have no cause of their own: the proxy refuses what was asked
        phrases: ['reading http'],
        pattern: /reading https?:\/\/\S{1,1000}: 4(?:0[2569]|1[1-8]|2[0-8]|51)\b/,
        not: /\/lookup\/|\?go-get=1/,
        weight: 1,
      },
    ],
  },
  {
    id: 'proxy-non-json',
    class: 'module-proxy',
    title: 'the module proxy answered with something that is no JSON',
    meaning:
      'A status of 200 came with a web page or half a document: a login page, a block page, or a cut answer.',
    owner: 'network',
    retry: 'permanent-but-cheap',
    remedy:
      'log in to the network or let the host be allowed; correct the path of the proxy in GOPROXY',
    command: 'curl -sS {url} | head -c 300',
    probe: 'the first hundred bytes of the answer: do they begin with <',
    needs: ['target', 'go-version'],
    mistakenFor: ['redirect-problem', 'gomod-syntax'],
    forms: [
      { phrases: ['invalid response from proxy'], weight: 3 },
      {
        phrases: ['unexpected end of json input', 'looking for beginning of value'],
        said: 'go',
      },
    ],
  },
  {
    id: 'proxy-bad-gomod',
    class: 'module-proxy',
    title: 'the go.mod of a dependency came as something else',
    meaning:
      'What was served as go.mod of that version has no module line: a web page or an empty body.',
    owner: 'proxy',
    retry: 'permanent-but-cheap',
    remedy:
      'look at the bytes that are served; correct the route to the proxy, or let it forget that file',
    command: 'curl -sS {url} | head -c 300',
    probe: 'the first hundred bytes of the .mod of that version',
    needs: ['target', 'module'],
    mistakenFor: ['gomod-missing-module-line', 'gomod-syntax'],
    forms: [
      {
        phrases: [
          'missing module line',
          'missing module declaration',
          'unknown directive: <',
          'unexpected input character',
        ],
        pattern:
          /@v\S{1,120}: (?:parsing|reading) .{0,300}(?:missing module (?:line|declaration)|unknown directive: <[!a-zA-Z]|unexpected input character)/,
        weight: 3,
      },
    ],
  },
];

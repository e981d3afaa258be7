import type { Failure } from './failure.ts';

/** `/v2/` is the root of a registry's API, and the end of many a module's path. */
const ofModules = /\/@v\/|\/@latest|\?go-get=1|\/lookup\/|\.git\b/;

/** Container images, and what is sent to their builder. */
export const imageFailures: readonly Failure[] = [
  {
    id: 'image-not-found',
    class: 'surroundings',
    title: 'the container image does not exist',
    meaning: 'The registry answered that it has no such tag: mistyped, or not published yet.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'name a tag that exists; a new Go is published for each base system some days apart',
    command: 'docker manifest inspect IMAGE:TAG',
    probe: 'the manifest of that tag at the registry',
    needs: [],
    mistakenFor: ['image-denied', 'build-context-missing'],
    forms: [
      {
        phrases: [
          'failed to resolve reference',
          'repository does not exist or',
          'pull model manifest',
          'manifest not found',
        ],
        pattern: /failed to resolve reference .{1,300}: not found|manifest not found/,
        weight: 2,
      },
      {
        phrases: ['failed to resolve source metadata', 'manifest unknown', 'manifest for '],
        pattern:
          /failed to resolve source metadata.{0,400}: not found|manifest unknown|manifest for \S{1,300} not found/,
        weight: 3,
      },
      {
        phrases: ['error: failed to solve: '],
        pattern:
          /failed to solve: [\w./-]{1,200}:[\w.-]{1,128}: [\w./-]{1,300}:[\w.-]{1,128}: not found$/,
        weight: 3,
      },
    ],
  },
  {
    id: 'image-denied',
    class: 'surroundings',
    title: 'the container image may not be pulled, or is no image at all',
    meaning:
      'The registry says that the repository does not exist or needs a login. Often it is a stage name that was mistyped in FROM or COPY --from.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'compare the name with the stages of the Dockerfile; log in to the registry for a private image',
    command: 'docker login && docker pull IMAGE',
    probe: 'stage names of the Dockerfile, and the manifest with and without login',
    needs: [],
    mistakenFor: ['image-not-found'],
    forms: [
      {
        phrases: ['pull access denied', 'insufficient_scope: authorization failed', 'errimagepull'],
        weight: 3,
      },
      {
        phrases: [
          'unauthorized: authentication required',
          'denied: requested access to the resource',
        ],
        weight: 3,
      },
    ],
  },
  {
    id: 'image-rate-limited',
    class: 'surroundings',
    title: 'the registry allows no more pulls for now',
    meaning: 'The limit for pulls without a login, or of this account, is reached.',
    owner: 'platform',
    retry: 'transient',
    remedy: 'log in, pull through a mirror, or wait',
    command: 'docker login',
    probe: 'the header with the remaining pulls',
    needs: [],
    mistakenFor: ['proxy-rate-limited', 'image-denied'],
    depth: 34,
    forms: [{ phrases: ['toomanyrequests', 'pull rate limit'], weight: 4 }],
  },
  {
    id: 'image-registry-5xx',
    class: 'surroundings',
    title: 'the container registry failed',
    meaning: 'It answered with a 5xx status or sent content that does not fit its digest.',
    owner: 'platform',
    retry: 'transient',
    remedy: 'try again, or pull through a mirror',
    command: 'docker pull IMAGE',
    probe: 'the manifest from the host of the builder, three times',
    needs: ['repetition'],
    mistakenFor: ['proxy-5xx', 'image-registry-unreachable'],
    forms: [
      {
        phrases: [
          'failed to fetch anonymous token',
          'failed to fetch oauth token',
          'received unexpected http status',
          'service unavailable',
        ],
        pattern:
          /(?:fetch (?:anonymous|oauth) token|unexpected HTTP status|registry|\/v2\/).{0,400}: ?5\d\d\b/,
        not: ofModules,
        weight: 3,
      },
      {
        phrases: [
          'httpreadseeker: failed open',
          'failed size validation',
          'unexpected status from',
          'unexpected status code http',
          'received unexpected http status',
          'failed to copy:',
          'unexpected commit digest',
        ],
        pattern:
          /httpReadSeeker: failed open(?!.{0,400}(?:dial tcp|lookup))|failed size validation|unexpected status.{0,300}: ?5\d\d|unexpected HTTP status: 5\d\d|failed to copy: .{0,300}5\d\d|unexpected commit digest/,
        weight: 3,
      },
    ],
  },
  {
    id: 'image-registry-unreachable',
    class: 'surroundings',
    title: 'the builder cannot reach the container registry',
    meaning: 'It is the network of the container daemon that failed, not that of the build step.',
    owner: 'platform',
    retry: 'transient-then-permanent',
    remedy: 'give the daemon a resolver and a proxy that work, or a mirror of the registry',
    command: 'docker info | grep -i -e proxy -e mirror',
    probe: 'the registry from the host of the daemon',
    needs: ['environment', 'repetition'],
    mistakenFor: ['dns-no-such-host', 'tcp-dial-timeout'],
    depth: 24,
    forms: [
      {
        phrases: [
          'failed to fetch anonymous token',
          'failed to fetch oauth token',
          'auth.docker.io/token',
        ],
        pattern:
          /(?:token|auth\.docker\.io).{0,400}(?:dial tcp|lookup|EOF|timeout|deadline|reset|x509|refused|net\/http)/,
        weight: 4,
      },
      {
        phrases: ['error pulling image configuration'],
        pattern:
          /error pulling image configuration.{0,600}(?:dial tcp|EOF|timeout|reset|refused|x509)/,
        weight: 3,
      },
      {
        phrases: ['failed to do request', 'registry-1.docker.io', '/v2/'],
        pattern:
          /(?:failed to do request: |(?:Get|Head) "?https?:\/\/[^"\s]{1,300}\/v2\/[^"\s]{0,400}"?: ).{0,400}(?:dial tcp|lookup|EOF|timeout|deadline|reset|x509|refused|Client\.Timeout|net\/http)/,
        not: ofModules,
        weight: 3,
      },
    ],
  },
  {
    id: 'build-context-missing',
    class: 'surroundings',
    title: 'a file to copy is not in the build context',
    meaning:
      'COPY names a path that was not sent to the builder: absent, outside the context, or left out by .dockerignore.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'correct the path or the context directory; commit go.sum; look at .dockerignore',
    command: 'ls go.mod go.sum; cat .dockerignore',
    probe: 'the files of the context, as .dockerignore leaves them',
    needs: [],
    mistakenFor: ['gomod-missing', 'image-not-found'],
    forms: [
      {
        phrases: [
          'file not found in build context',
          'failed to read dockerfile',
          'excluded by .dockerignore',
          'unable to prepare context',
          'not found in build context',
        ],
        weight: 3,
      },
      {
        phrases: ['failed to calculate checksum', 'failed to compute cache key', 'failed to walk'],
        pattern:
          /(?:failed to (?:calculate checksum|compute cache key|walk)).{0,400}(?:not found|no such file)/,
        weight: 4,
      },
      {
        phrases: [
          'copy failed:',
          'add failed:',
          'forbidden path outside the build context',
          'no source files were specified',
        ],
        weight: 4,
      },
    ],
  },
  {
    id: 'build-secret-missing',
    class: 'surroundings',
    title: 'the build wants a secret or an ssh agent that it was not given',
    meaning: 'A RUN --mount asks for it, and the build command does not pass it.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'pass it to the build: --ssh default, or --secret with the same id',
    command: 'docker build --ssh default --secret id=netrc,src=$HOME/.netrc .',
    probe: 'the ids in the Dockerfile against those of the build command',
    needs: [],
    mistakenFor: ['git-ssh-publickey', 'git-auth-https-prompt'],
    forms: [
      {
        phrases: ['invalid empty ssh agent socket', 'no ssh handler', 'unset ssh forward key'],
        weight: 4,
      },
      {
        phrases: [': not found', 'failed to find secret'],
        pattern: /secret [\w.:/-]{1,100}: not found|failed to find secret/,
        weight: 4,
      },
    ],
  },
];

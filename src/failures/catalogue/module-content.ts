import type { Failure } from './failure.ts';

/** What module proxies send as content, and how they are named. */
export const moduleContentFailures: readonly Failure[] = [
  {
    id: 'proxy-wrong-version',
    class: 'module-proxy',
    title: 'the module proxy answered about another version',
    meaning: 'The .info that came names another version than the one that was asked for.',
    owner: 'proxy',
    retry: 'permanent',
    remedy: 'let who runs the proxy purge that version; it mixes up what it stores',
    command: 'curl -sS {url}',
    probe: 'the .info of that version, by hand',
    needs: ['module'],
    mistakenFor: ['zip-unexpected-file', 'pseudo-version-invalid'],
    forms: [{ phrases: ['returned info for version'], weight: 3 }],
  },
  {
    id: 'zip-not-valid',
    class: 'module-proxy',
    title: 'what was downloaded as a module zip is no zip',
    meaning:
      'The bytes were cut, are a web page, or are empty. The go command does not say which module it was when no path stands before it.',
    owner: 'proxy',
    retry: 'transient-then-permanent',
    remedy:
      'try again, through another proxy if there is one; who runs the proxy deletes its copy when it is stored broken',
    command: 'cofferdam run -- go mod download',
    probe: 'the zip by hand: its length, and whether it begins with PK',
    needs: ['module', 'repetition'],
    mistakenFor: ['cache-corrupt', 'download-truncated'],
    forms: [{ phrases: ['zip: not a valid zip file'], not: /unzip \S{1,600}: zip:/ }],
  },
  {
    id: 'zip-checksum-error',
    class: 'module-proxy',
    title: 'a file inside a module zip is damaged',
    meaning:
      'The checksum that the zip itself carries does not fit its content: a bit was lost on the way or in storage.',
    owner: 'proxy',
    retry: 'transient-then-permanent',
    remedy:
      'download it again; if it is the same again, the stored copy is damaged and must be purged at the proxy',
    command: 'cofferdam run -- go mod download',
    probe: 'two downloads of the zip, and their hashes',
    needs: ['module', 'repetition'],
    mistakenFor: ['zip-not-valid', 'gosum-mismatch', 'cache-corrupt'],
    forms: [{ phrases: ['zip: checksum error'], not: /unzip \S{1,600}: zip:/ }],
  },
  {
    id: 'proxy-bad-content',
    class: 'module-proxy',
    title: 'the answer is not packed as it says',
    meaning: 'The Content-Encoding announces gzip and the bytes are none.',
    owner: 'proxy',
    retry: 'transient-then-permanent',
    remedy:
      'try again; then let who runs the proxy, or the cache in front of it, correct the encoding',
    command: 'curl -sS --compressed -D- -o /dev/null {url}',
    probe: 'headers and first bytes of the same URL, with and without Accept-Encoding',
    needs: ['target', 'repetition'],
    mistakenFor: ['zip-not-valid', 'zip-checksum-error'],
    forms: [
      {
        phrases: ['gzip: invalid header', 'gzip: invalid checksum', 'flate: corrupt input'],
        said: 'go',
      },
    ],
  },
  {
    id: 'zip-unexpected-file',
    class: 'module-proxy',
    title: 'the module zip holds files of another module or version',
    meaning: 'Every file in a module zip lies below its module and version, and one here does not.',
    owner: 'proxy',
    retry: 'permanent',
    remedy:
      'let who runs the proxy purge that version; a zip that was made by hand must be made by go',
    command: 'curl -sS -o module.zip {url} && unzip -l module.zip | head',
    probe: 'the names in the zip',
    needs: ['module'],
    mistakenFor: ['proxy-wrong-version', 'module-zip-rejected'],
    forms: [
      {
        phrases: [
          'path does not have prefix',
          'is larger than declared size',
          'multiple entries for file',
          'is both a file and a directory',
        ],
        weight: 3,
      },
      { phrases: ['has unexpected file'], weight: 3 },
    ],
  },
  {
    id: 'module-zip-rejected',
    class: 'module-proxy',
    title: 'the repository cannot be made into a module zip',
    meaning:
      'A file name, two names that differ only in case, or the size break the rules for module zips.',
    owner: 'author',
    retry: 'permanent',
    remedy:
      'the author renames or removes the file and sets a new tag; until then use another version',
    command: 'go list -m -versions {module}',
    probe: 'the words after "create zip:"',
    needs: ['module'],
    mistakenFor: ['proxy-not-found', 'sumdb-not-found', 'case-collision'],
    depth: 39,
    forms: [
      {
        phrases: [
          'go.mod files must have lowercase names',
          'go.mod file too large',
          'license file too large',
          'module zip file is too large',
          'size of module contents too large',
        ],
        weight: 3,
      },
      {
        phrases: [
          'create zip:',
          'malformed file path',
          'module source tree too large',
          'downloaded zip file too large',
          'case-insensitive file name collision',
        ],
        weight: 3,
      },
      {
        phrases: ['create zip:', 'malformed file path', 'module source tree too large'],
        said: 'server',
        weight: 3,
      },
    ],
  },
  {
    id: 'goproxy-misconfigured',
    class: 'module-proxy',
    title: 'GOPROXY cannot be read',
    meaning:
      'An entry has no scheme or one that is not known, or a password over http, or the list has no entries at all.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'write whole URLs with a comma or a pipe between them and no spaces, and https where a password is in one; an unquoted pipe in a shell cuts the value',
    command: 'go env GOPROXY && go env -changed',
    probe: 'the value, and where it was set',
    needs: ['environment'],
    mistakenFor: ['http-proxy-misconfigured', 'goproxy-off'],
    depth: 35,
    forms: [
      { phrases: ['unsupported protocol scheme'], said: 'go' },
      {
        phrases: [
          'invalid url escape',
          'net/url: invalid userinfo',
          'first path segment in url cannot contain colon',
          'refusing to pass credentials to insecure url',
        ],
        said: 'go',
        weight: 1,
      },
      { phrases: ['goproxy list is not the empty string', 'invalid proxy url'], weight: 3 },
    ],
  },
  {
    id: 'goproxy-off',
    class: 'module-proxy',
    title: 'a module is missing, and GOPROXY=off forbids to fetch it',
    meaning:
      'Somebody switched the network off on purpose, and the module is not in the cache of this step.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'download before the step that is offline and keep the cache, or vendor',
    command: 'go env GOPROXY GOFLAGS GOMODCACHE',
    probe: 'GOPROXY of exactly that step, and what its cache holds',
    needs: ['environment'],
    mistakenFor: ['proxy-not-found', 'net-sandboxed'],
    depth: 35,
    forms: [
      { phrases: ['module lookup disabled by goproxy=off', 'disabled by goproxy=off'], weight: 3 },
    ],
  },
  {
    id: 'proxy-file-missing',
    class: 'module-proxy',
    title: 'a file proxy does not have the file',
    meaning: 'GOPROXY names a directory, and the module or the directory is not there.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'correct the file URL, mount the directory into the container, or put the module into it',
    command: 'go env GOPROXY',
    probe: 'the directory of the URL, in that environment',
    needs: ['environment', 'module'],
    mistakenFor: ['cache-corrupt', 'proxy-not-found'],
    forms: [
      {
        phrases: ['reading file://'],
        pattern:
          /reading file:\/\/\S{1,1000}: (?:open .{1,1000}: )?(?:no such file or directory|.{0,100}cannot find the (?:file|path)|404)/,
        weight: 3,
      },
    ],
  },
];

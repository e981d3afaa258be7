import type { Failure } from './failure.ts';

export const checksumDatabaseFailures: readonly Failure[] = [
  {
    id: 'sumdb-not-found',
    class: 'checksum-database',
    title: 'the checksum database does not know this module version',
    meaning:
      'It answered 404 or 410: it could not fetch the module itself. Most often the module is private and was asked for publicly.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'only if the module is private, add it, or its whole organisation, to GOPRIVATE; public module: wait some minutes after a push, then see what the answer says',
    command: 'go env -w GOPRIVATE="$(go env GOPRIVATE),{module}"',
    probe: 'can the module be fetched without credentials, and what does the look-up say',
    needs: ['server-text', 'module'],
    mistakenFor: ['proxy-not-found', 'sumdb-unreachable'],
    forms: [
      {
        phrases: ['/lookup/'],
        pattern:
          /(?:reading |unexpected status \()https?:\/\/\S{1,900}\/lookup\/\S{1,600}\)?: (?:404|410)\b/,
        weight: 3,
      },
    ],
  },
  {
    id: 'sumdb-unreachable',
    class: 'checksum-database',
    title: 'the checksum database cannot be reached',
    meaning:
      'The module came, and its check did not: the host of the database is closed from here, or the module proxy does not relay it.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy:
      'open the host of the database, use a module proxy that relays /sumdb/, or name a mirror of the database in GOSUMDB',
    command: 'go env GOSUMDB GOPROXY',
    probe: 'the supported path at each proxy entry, and the database itself',
    needs: ['target', 'environment', 'repetition'],
    mistakenFor: ['dns-timeout', 'tcp-dial-timeout', 'tls-unknown-ca'],
    forms: [
      {
        phrases: ['/lookup/', '/sumdb/', '/tile/', 'sum.golang'],
        pattern:
          /Get "?https?:\/\/[^\s"]{0,900}(?:\/lookup\/|\/sumdb\/|\/tile\/|\/\/sum\.)[^\s"]{0,600}"?: (?!\d\d\d )(?!.{0,300}(?:stream error|GOAWAY|connection lost|proxyconnect|Authentication Required))/,
        weight: 3,
      },
    ],
  },
  {
    id: 'sumdb-5xx',
    class: 'checksum-database',
    title: 'the checksum database, or the relay in front of it, failed',
    meaning:
      'A 5xx status came for a look-up or a tile. On /supported it stops everything: the go command does not ask the database itself then.',
    owner: 'proxy',
    retry: 'transient',
    remedy:
      'try again; when the relay stays so, name another one in GOSUMDB or let its operator answer 404 on /supported',
    command: 'curl -sSI {url}',
    probe: 'supported, latest and one tile, at the relay and at the database',
    needs: ['target', 'repetition'],
    mistakenFor: ['proxy-5xx', 'sumdb-unreachable'],
    forms: [
      {
        phrases: ['/lookup/', '/sumdb/', '/tile/', 'sum.golang'],
        pattern:
          /(?:reading |unexpected status \()https?:\/\/\S{0,900}(?:\/lookup\/|\/sumdb\/|\/tile\/|\/\/sum\.)\S{0,600}\)?: 5\d\d\b/,
        weight: 3,
      },
    ],
  },
  {
    id: 'sumdb-tile-missing',
    class: 'checksum-database',
    title: 'a relay lacks part of the checksum database',
    meaning:
      'The proof that the database only ever grew needs a tile which the relay does not have.',
    owner: 'proxy',
    retry: 'transient-then-permanent',
    remedy:
      'use another relay, or the database itself; the operator lets the relay fetch tiles anew',
    command: 'go env GOSUMDB GOPROXY',
    probe: 'that tile at the relay and at the database',
    needs: ['target', 'repetition'],
    mistakenFor: ['sumdb-not-found', 'sumdb-fork'],
    depth: 41,
    forms: [
      { phrases: ['/tile/'], pattern: /\/tile\/\S{1,200}\)?: (?:404|410|403)\b/, weight: 4 },
      {
        phrases: ['checking tree#'],
        pattern: /checking tree#\d{1,12} against tree#\d{1,12}: reading /,
        weight: 3,
      },
    ],
  },
  {
    id: 'sumdb-bad-record',
    class: 'checksum-database',
    title: 'what came from the checksum database cannot be a record of it',
    meaning: 'A web page or rewritten bytes came in place of a signed record.',
    owner: 'network',
    retry: 'permanent-but-cheap',
    remedy:
      'find what answers: a portal, a filter or a broken relay; take it out of the way of that host',
    command: 'curl -sS {url} | head -c 300',
    probe: 'the first bytes of a look-up',
    needs: ['target'],
    mistakenFor: ['sumdb-fork', 'gosumdb-misconfigured'],
    forms: [
      { phrases: ['unknown key '], pattern: /unknown key \S{1,200}\+[0-9a-f]{8}\b/, weight: 3 },
      {
        phrases: [
          'malformed record data',
          'malformed note',
          'invalid signature for key',
          'malformed tree',
          'note has no verifiable signatures',
          'tilereader returned bad result slice',
        ],
        weight: 3,
      },
    ],
  },
  {
    id: 'sumdb-mismatch',
    class: 'checksum-database',
    title: 'the bytes are not those that the checksum database knows',
    meaning:
      'Either the tag was moved after its first publication, or somebody changed the bytes. Nothing tells these apart but a look at both.',
    owner: 'author',
    retry: 'permanent',
    remedy:
      'stop; compare the download with the same version through another network; tell the author and your security team. Take another version meanwhile',
    command: 'GOFLAGS=-modcacherw GOMODCACHE=$(mktemp -d) go mod download -x {module}@{version}',
    probe: 'the hash of the same version from the public mirror and from its host',
    needs: ['module'],
    mistakenFor: ['gosum-mismatch', 'cache-empty-file-hash'],
    depth: 5,
    forms: [
      { phrases: ['does not match the one reported by the checksum server'], weight: 4 },
      {
        phrases: ['h1:'],
        pattern: /^(?!downloaded:|go\.sum:|go\.work\.sum:)[\w.-]{3,200}: {1,12}h1:/,
        weight: 4,
        proof: 'head',
      },
    ],
  },
  {
    id: 'sumdb-absent',
    class: 'checksum-database',
    title: 'the answer of the checksum database has no hash for this version',
    meaning: 'A signed answer came and the line that was asked for is not in it.',
    owner: 'network',
    retry: 'permanent',
    remedy:
      'treat it as an attempt to get round the check until it is explained; ask the database from another network',
    command: 'curl -sS {url}',
    probe: 'the same look-up at the database, from another network',
    needs: ['module'],
    mistakenFor: ['sumdb-bad-record', 'sumdb-not-found'],
    depth: 5,
    forms: [
      {
        phrases: ['checksum missing from sumdb response'],
        weight: 4,
        dialect: 'Go 1.26 and later',
      },
    ],
  },
  {
    id: 'sumdb-fork',
    class: 'checksum-database',
    title: 'the checksum database contradicts what it signed before',
    meaning:
      'Two signed states of the database do not fit: a false server, or a damaged note of the earlier state on this disk.',
    owner: 'network',
    retry: 'permanent',
    remedy:
      'stop, keep the whole message, and give it to your security team; compare with a machine that has its own state',
    command: 'ls -l "$(go env GOPATH)/pkg/sumdb"',
    probe: 'the signed head from another network, and the state stored here',
    needs: ['environment'],
    mistakenFor: ['sumdb-bad-record', 'sumdb-tile-missing'],
    depth: 4,
    forms: [
      { phrases: ['cannot authenticate record data', 'cannot validate record'], weight: 3 },
      {
        phrases: [
          'security error: misbehaving server',
          'misbehaving server',
          'signed tree heads are inconsistent',
        ],
        not: /lookup \S+ on/,
        weight: 4,
      },
    ],
  },
  {
    id: 'gosumdb-misconfigured',
    class: 'checksum-database',
    title: 'GOSUMDB cannot be read',
    meaning: 'The value is not a name that go knows and not name+hash+key either.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'unset it, or write NAME+HASH+KEY and, after a space, the URL of a mirror',
    command: 'go env GOSUMDB && go env -changed',
    probe: 'the value, and where it was set',
    needs: ['environment'],
    mistakenFor: ['sumdb-bad-record', 'gosumdb-off-toolchain'],
    depth: 35,
    forms: [
      {
        phrases: [
          'invalid gosumdb',
          'missing gosumdb',
          'malformed verifier id',
          'invalid sumdb name',
        ],
        weight: 3,
      },
    ],
  },
  {
    id: 'gosumdb-off-toolchain',
    class: 'checksum-database',
    title: 'a toolchain cannot be fetched while the checksum database is off',
    meaning:
      'A Go toolchain is only ever taken when the database vouches for it, and GOSUMDB=off forbids to ask.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'put that Go into the image, or leave the checksum database on',
    command: 'go env GOSUMDB GOTOOLCHAIN',
    probe: 'GOSUMDB and GOTOOLCHAIN in that environment',
    needs: ['environment', 'go-version'],
    mistakenFor: ['toolchain-not-available', 'go-too-old-local'],
    depth: 35,
    forms: [{ phrases: ['checksum database disabled by gosumdb=off'], weight: 4 }],
  },
];

import type { Failure } from './failure.ts';

export const goSumFailures: readonly Failure[] = [
  {
    id: 'gosum-mismatch',
    class: 'go-sum',
    title: 'the bytes are not those that go.sum expects',
    meaning:
      'What was downloaded has another hash than the line in go.sum. The tag was moved, the source differs from the public one, or the file was merged badly.',
    owner: 'developer',
    retry: 'permanent',
    remedy:
      'fetch it once more outside of this module and compare "Sum" with both lines: the checksum database vouches for it unless the module is private. When it is the downloaded one, the line in go.sum is wrong; when it is that of go.sum, the source of the download was',
    // Go itself asks the database, by the name and the exceptions that are set here: a private path goes nowhere.
    command:
      '(cd "$(mktemp -d)" && GOFLAGS=-modcacherw GOMODCACHE="$PWD" go mod download -json {module}@{version})',
    probe: 'both hashes against the record of the checksum database',
    needs: ['module'],
    mistakenFor: ['cache-empty-file-hash', 'sumdb-mismatch', 'gosum-missing-entry'],
    depth: 6,
    forms: [{ phrases: ['checksum mismatch'], said: 'go', weight: 3 }],
  },
  {
    id: 'cache-empty-file-hash',
    class: 'go-sum',
    title: 'an empty file in the module cache was taken for the go.mod of a module',
    meaning:
      'The hash under "downloaded" is that of a file without content. No tag was moved and nobody attacked: a write was killed, a disk was full, or a proxy answered with nothing.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'remove the files of that version from the module cache, then find out what cut the write',
    command: 'cofferdam modcache heal',
    probe: 'files of length zero in the module cache',
    needs: ['module', 'environment'],
    mistakenFor: ['gosum-mismatch', 'sumdb-mismatch'],
    depth: 4,
    forms: [
      {
        phrases: [
          'h1:g7mayyxgms0lvkhyy2heolqcfb0dlqftmlwggykrydy=',
          'h1:47deqpj8hbsa+/timw+5jceuqerkm5nmpjwzg3hsufu=',
        ],
        pattern: /(?:^|\s)downloaded: /,
        weight: 4,
      },
    ],
  },
  {
    id: 'gosum-missing-entry',
    class: 'go-sum',
    title: 'go.sum has no line for a module that is needed',
    meaning:
      'Nothing was downloaded wrongly: the hash is missing, and with -mod=readonly go does not add it.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'run go mod tidy and commit go.sum; in a Dockerfile copy go.sum beside go.mod',
    command: 'go mod tidy',
    probe: 'go mod tidy in a copy, and the difference',
    needs: ['module'],
    mistakenFor: ['gosum-mismatch', 'require-no-package'],
    forms: [{ phrases: ['missing go.sum entry'], weight: 3, dialect: 'Go 1.16 and later' }],
  },
  {
    id: 'gosum-malformed',
    class: 'go-sum',
    title: 'go.sum has a line that cannot be read',
    meaning: 'A line has too few or too many parts, as merge conflicts leave them.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'resolve the conflict in go.sum and run go mod tidy',
    command: 'grep -n "^[<=>]" go.sum; go mod tidy',
    probe: 'the line that is named',
    needs: ['go-version'],
    mistakenFor: ['gomod-merge-conflict', 'gosum-missing-entry'],
    forms: [
      { phrases: ['malformed go.sum'], weight: 3, dialect: 'Go 1.16 and later say it' },
      {
        phrases: ['wrong number of fields'],
        pattern: /go(?:\.work)?\.sum.{0,200}wrong number of fields/,
        weight: 4,
      },
    ],
  },
  {
    id: 'gosum-update-needed',
    class: 'go-sum',
    title: 'go.sum is not up to date',
    meaning: 'A line would have to be added, and -mod=readonly forbids it.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'run go mod tidy and commit the difference',
    command: 'go mod tidy',
    probe: 'go mod tidy in a copy, and the difference',
    needs: ['go-version'],
    mistakenFor: ['gosum-missing-entry', 'gomod-update-needed'],
    forms: [{ phrases: ['updates to go.sum needed'], weight: 3, dialect: 'Go 1.14 and 1.15' }],
  },
];

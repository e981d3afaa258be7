import type { Failure } from './failure.ts';

export const transferFailures: readonly Failure[] = [
  {
    id: 'http2-stream-error',
    class: 'transfer',
    title: 'the server broke off one HTTP/2 stream',
    meaning:
      'The peer ended the stream of this one file; other files over the same connection may have been fine. The public mirror does so under load with modules that it has to fetch first.',
    owner: 'proxy',
    retry: 'transient',
    remedy:
      'try the download again, a few times with pauses; keep the module cache between builds, by go.sum',
    command: 'cofferdam run -- go mod download',
    probe: 'the same URL again, over HTTP/2 and over HTTP/1.1',
    needs: ['target', 'repetition'],
    mistakenFor: ['download-truncated', 'compile-error'],
    forms: [
      { phrases: ['stream error: stream id'], weight: 3 },
      { phrases: ['http2: stream closed', 'refused_stream'], said: 'go' },
    ],
  },
  {
    id: 'http2-goaway',
    class: 'transfer',
    title: 'the server closed the HTTP/2 connection in the middle of requests',
    meaning:
      'A GOAWAY frame or the loss of the whole connection ended everything that went over it.',
    owner: 'proxy',
    retry: 'transient',
    remedy: 'try again; servers do this when they restart or shed load',
    command: 'cofferdam run -- go mod download',
    probe: 'the same URL again, and over HTTP/1.1',
    needs: ['target', 'repetition'],
    mistakenFor: ['http2-stream-error', 'tcp-connection-reset'],
    forms: [
      {
        phrases: [
          'http2: client conn',
          'connection error: protocol_error',
          'connection error: compression_error',
          'connection error: flow_control_error',
          'http2: no cached connection',
        ],
        said: 'go',
      },
      {
        phrases: [
          'server sent goaway',
          'client connection lost',
          'graceful shutdown goaway',
          'client connection force closed',
        ],
        weight: 3,
        said: 'go',
      },
    ],
  },
  {
    id: 'download-truncated',
    class: 'transfer',
    title: 'a download ended before it was whole',
    meaning:
      'The connection closed in the middle of a body, so fewer bytes came than were announced.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy:
      'try again; when it is always the same module, something on the way cuts that one file, as virus scanners do with samples in its tests',
    command: 'curl -sS -o /dev/null -w "%{size_download}\\n" {url}',
    probe: 'the same file twice, its length against Content-Length',
    needs: ['target', 'repetition', 'module'],
    mistakenFor: ['conn-eof', 'zip-not-valid', 'gomod-syntax'],
    elsewhere: {
      registry: 'image-registry-unreachable',
      toolchain: 'toolchain-download-failed',
      'vanity-host': 'vanity-host-unreachable',
    },
    forms: [
      {
        phrases: ['unexpected eof'],
        not: /syntax error|\.go:\d+:\d+: (?!\S+@v|(?:read|Get|Head) "?http)|parsing .{0,100}go\.mod|(?:fatal|error): [^"]{0,80}unexpected EOF/,
        said: 'go',
      },
    ],
  },
  {
    id: 'http-garbage',
    class: 'transfer',
    title: 'what came back is not HTTP',
    meaning:
      'The answer could not be read as HTTP: the port belongs to another service, or something rewrites the traffic.',
    owner: 'network',
    retry: 'permanent-but-cheap',
    remedy:
      'look at the port and scheme in GOPROXY; ask what stands in between when they are right',
    command: 'curl -sv {url} 2>&1 | head -20',
    probe: 'the first bytes that come back',
    needs: ['target'],
    mistakenFor: ['tls-plaintext-peer', 'conn-eof'],
    forms: [
      {
        phrases: [
          'server response headers exceeded',
          'http2: frame too large',
          'failed reading the frame payload',
          'unexpected alpn protocol',
          'bad status code',
          'malformed response from server',
          'header list larger than advertised',
        ],
        said: 'go',
      },
      {
        phrases: ['malformed http', 'malformed mime header', 'transport connection broken'],
        not: /: EOF$/,
        said: 'go',
      },
    ],
  },
  {
    id: 'redirect-problem',
    class: 'transfer',
    title: 'the request was led somewhere else',
    meaning:
      'Redirects went in a circle, from https to http, or to a login page that nobody asked for.',
    owner: 'network',
    retry: 'permanent',
    remedy:
      'a login host in the URL is single sign-on or a captive portal: let the host be reached without it, or send credentials from netrc',
    command: 'curl -sSIL {url}',
    probe: 'each step of the redirects, by hand',
    needs: ['target'],
    mistakenFor: ['go-import-missing', 'proxy-non-json'],
    forms: [
      { phrases: ['stopped after 10 redirects', 'redirected from secure url'], weight: 3 },
      {
        phrases: [
          '"https://login',
          '"https://sso',
          '"https://auth',
          '"https://accounts.',
          '"https://signin',
          '"https://idp',
          '"https://portal',
        ],
        pattern:
          /(?:Get|reading) "https:\/\/(?:login|sso|auth|accounts|signin|idp|portal)[^"]{1,900}": /,
        said: 'go',
        weight: 3,
      },
    ],
  },
];

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDiagnoser, type Diagnosed } from './create-diagnosis.ts';

const diagnoser = createDiagnoser();

function diagnosed(log: string): Diagnosed {
  const diagnosis = diagnoser.start({ source: 'build.log' });
  diagnosis.write(Buffer.from(log));
  return diagnosis.end();
}

const LOG = `go: downloading m.test/x v1.0.0
main.go:2:8: m.test/x@v1.0.0: Get "http://p.test/m.test/x/@v/v1.0.0.zip": dial tcp: lookup p.test on 10.0.0.53:53: no such host
`;

test('a cause is told with its line, its target and what trying again brings', () => {
  const { outcome, findings, lines, bytes } = diagnosed(LOG);
  assert.equal(outcome, 'diagnosed');
  assert.equal(lines, 2);
  assert.equal(bytes, LOG.length);
  const [root, ...rest] = findings;
  assert.deepEqual(rest, []);
  assert.equal(root?.code, 'dns-no-such-host');
  assert.equal(root?.retry, 'permanent');
  assert.equal(root?.evidence[0]?.line, 2);
  assert.match(root?.explanation ?? '', /module m\.test\/x@v1\.0\.0, host p\.test/);
});

test('a log comes in pieces of any size', () => {
  const diagnosis = diagnoser.start();
  for (const byte of Buffer.from(LOG)) diagnosis.write(Buffer.of(byte));
  assert.equal(diagnosis.end().findings[0]?.evidence[0]?.line, 2);
});

test('a log without a failure has no finding, and an unknown failure is no guess', () => {
  assert.equal(diagnosed('ok  \tm.test/x\t0.1s\n').outcome, 'no-failure');
  const unknown = diagnosed('something odd\nmake: *** [build] Error 1\n');
  assert.equal(unknown.outcome, 'unknown-failure');
  assert.equal(unknown.failedAtLine, 2);
  assert.deepEqual(unknown.findings, []);
});

test('a log in UTF-16, as PowerShell writes it, is read', () => {
  const diagnosis = diagnoser.start();
  for (const byte of Buffer.from(`\uFEFF${LOG}`, 'utf16le')) diagnosis.write(Buffer.of(byte));
  const { findings, lines } = diagnosis.end();
  assert.equal(lines, 2);
  assert.equal(findings[0]?.evidence[0]?.line, 2);
});

test('what is missing in the standard library is an old Go or a broken one', () => {
  const old = diagnosed('a.go:3:2: package slices is not in GOROOT (/usr/local/go/src/slices)\n');
  assert.equal(old.findings[0]?.code, 'import-std-missing');
  assert.match(old.findings[0]?.explanation ?? '', /since Go 1\.21/);
  const broken = diagnosed('a.go:3:2: package fmt is not in GOROOT (/usr/local/go/src/fmt)\n');
  assert.equal(broken.findings[0]?.code, 'goroot-broken');
});

test('a certificate that ended decades ago is a clock that runs ahead', () => {
  const line =
    'go: m.test/x@v1.0.0: Get "https://p.test/m.test/x/@v/list": x509: certificate has expired or is not yet valid: current time 2091-01-01T00:00:00Z is after 2026-01-01T00:00:00Z\n';
  assert.equal(diagnosed(line).findings[0]?.code, 'tls-clock-skew');
});

test('what the words of Go 1.15 leave open is said, with less confidence', () => {
  const line =
    'go: m.test/x@v1.0.0: reading m.test/x/go.mod at revision v1.0.0: unknown revision v1.0.0\n';
  const open = diagnosed(line).findings[0];
  assert.equal(open?.code, 'version-unknown-revision');
  assert.equal(open?.confidence, 0.6);
  assert.match(open?.explanation ?? '', /every failure of git/);
  const closed = diagnosed(`go version go1.22.1 linux/amd64\n${line}`).findings[0];
  assert.ok((closed?.confidence ?? 0) > 0.8);
});

test('a step that ended while something was downloaded hung on that download', () => {
  const limit = 'ERROR: Job failed: execution took longer than 1h0m0s seconds\n';
  const [plain] = diagnosed(`go: downloading m.test/x v1.0.0\n${limit}`).findings;
  assert.equal(plain?.code, 'net-hang');
  assert.match(plain?.explanation ?? '', /module m\.test\/x@v1\.0\.0/);
  const [verbose] = diagnosed(`# get https://p.test/m.test/x/@v/v1.0.0.zip\n${limit}`).findings;
  assert.match(verbose?.explanation ?? '', /m\.test\/x@v1\.0\.0, host p\.test/);
  assert.equal(diagnosed(`ok  \tm.test\t1s\n${limit}`).findings[0]?.code, 'step-timeout');
});

test('where a builder cut its log is told, because the cause may be missing', () => {
  const log =
    '#9 1.0 ok\n#9 2.0 [output clipped, log limit 2MiB reached]\n#9 ERROR: process "/bin/sh -c go build" did not complete successfully: exit code: 1\n';
  const { outcome, clippedAtLine } = diagnosed(log);
  assert.deepEqual([outcome, clippedAtLine], ['unknown-failure', 2]);
});

test('what the server answered stands behind the line as proof, and never before it', () => {
  const [root] = diagnosed(
    `go: m.test/x@v1.0.0: reading https://p.test/m.test/x/@v/v1.0.0.zip: 403 Forbidden
\tserver response:
\tThe licence policy holds it back.
\tAsk licences@p.test.
\tA third line.
go: other words
`,
  ).findings;
  assert.equal(root?.code, 'proxy-forbidden');
  assert.deepEqual(
    root.evidence.slice(1).map(({ text, line }) => ({ text, line })),
    [
      { text: 'The licence policy holds it back.', line: 3 },
      { text: 'Ask licences@p.test.', line: 4 },
    ],
  );
});

test('a command names a repository, a private path goes nowhere, and a look-up that is off names no host', () => {
  const [auth] = diagnosed(
    `go: github.com/Corp/Lib/sub/v2@v2.0.0: git ls-remote -q origin in /x: exit status 128:\n\tfatal: could not read Username for 'https://github.com': terminal prompts disabled\n`,
  ).findings;
  assert.equal(
    auth?.fix?.command,
    'GIT_TERMINAL_PROMPT=0 git ls-remote https://github.com/Corp/Lib',
  );
  const [sum] = diagnosed('verifying m.test/x@v1.0.0: checksum mismatch\n').findings;
  assert.match(sum?.fix?.command ?? '', /go mod download -json m\.test\/x@v1\.0\.0\)$/);
  const [off] = diagnosed('go: m.test/x@v1.0.0: module lookup disabled by GOPROXY=off\n').findings;
  assert.match(off?.explanation ?? '', /It concerns module m\.test\/x@v1\.0\.0\.$/);
});

test('a phrase is found however it is painted, and in both orders of UTF-16', () => {
  const painted =
    'verifying m.test/x@v1.0.0: check\u001b[01;31m\u001b[Ksum mis\u001b[m\u001b[Kmatch\n';
  assert.equal(diagnosed(painted).findings[0]?.code, 'gosum-mismatch');
  const diagnosis = diagnoser.start();
  diagnosis.write(Buffer.from(`\uFEFF${LOG}`, 'utf16le').swap16());
  assert.equal(diagnosis.end().findings[0]?.code, 'dns-no-such-host');
});

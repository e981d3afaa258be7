import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDiagnoser, type Diagnosed } from './create-diagnosis.ts';
import { diagnosisFormats, renderDiagnosis } from './render/index.ts';

const diagnoser = createDiagnoser();

function diagnosed(...pieces: readonly (Uint8Array | string)[]): Diagnosed {
  const diagnosis = diagnoser.start({ source: 'x.log' });
  for (const piece of pieces) diagnosis.write(Buffer.from(piece));
  return diagnosis.end();
}

const CAUSE =
  'go: m.test/x@v1.0.0: Get "https://p.test/m.test/x/@v/v1.0.0.mod": dial tcp: lookup p.test on 10.0.0.53:53: no such host';

function allFormats(log: Diagnosed): readonly string[] {
  return diagnosisFormats.map((format) => renderDiagnosis([{ source: 'x.log', ...log }], format));
}

test('any bytes in any pieces give an answer, and the same as in one piece', () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom(
      ...[
        CAUSE,
        '\n',
        '\r\n',
        '\t',
        '#12 1.234 ',
        '\u001B[31m',
        '{"log":"',
        '\\n',
        '"}',
        '\u001B]0;',
        'server response:',
      ].map((text) => new Uint8Array(Buffer.from(text))),
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const inPieces = diagnosed(...parts);
      const whole = diagnosed(Buffer.concat(parts));
      assert.deepEqual(inPieces, whole);
      assert.equal(allFormats(whole).length, diagnosisFormats.length);
    }),
    { numRuns: 300 },
  );
});

test('a log that breaks off in the middle of a line still gives its cause', () => {
  assert.equal(diagnosed(`${CAUSE}\n2024-05-01T10:0`).findings[0]?.code, 'dns-no-such-host');
  assert.equal(diagnosed(CAUSE).findings[0]?.code, 'dns-no-such-host');
});

test('a cause far into a line without end is found, with what stands before it', () => {
  const noise = 'x'.repeat(3_000_000);
  const { findings, lines } = diagnosed(noise, ` ${CAUSE}\\n`, noise);
  assert.equal(lines, 1);
  assert.equal(findings[0]?.code, 'dns-no-such-host');
  assert.match(findings[0]?.explanation ?? '', /module m\.test\/x@v1\.0\.0/);
  assert.ok((findings[0]?.evidence[0]?.text.length ?? 0) < 1000);
});

test('nothing of a log commands a terminal or a build system', () => {
  const attacks = [
    '\u001B]0;title\u0007\u001B[2J',
    '::error file=a.go,line=1::injected',
    '::add-mask::x',
    '##vso[task.setvariable variable=a]b',
    '##[error]injected',
    'section_start:123:x',
    '\u202Egnp.exe',
  ];
  for (const attack of attacks) {
    const line = `go: m.test/x@v1.0.0: ${attack} invalid version: unknown revision v1 ${attack}\n`;
    for (const output of allFormats(diagnosed(line))) {
      const ours = output.replace(/^::(?:error|warning) title=/gm, '');
      assert.doesNotMatch(
        ours,
        /[\u001B\u0007\u202E]|::(?:error|add-mask)[ :]|##(?:vso)?\[|section_start:\d/,
        attack,
      );
    }
  }
});

test('secrets of a log stand in no output', () => {
  const secrets = [
    'https://user:Sup3rS3cret@p.test/x',
    'https://p.test/x?token=Sup3rS3cret',
    'ghp_Sup3rS3cretSup3rS3cretSup3rS3cret12',
    'glpat-Sup3rS3cret12345678',
    'Authorization: Bearer Sup3rS3cret.abc',
    'password=Sup3rS3cret',
    'AWS_SECRET_ACCESS_KEY=Sup3rS3cret',
    'machine p.test login me password Sup3rS3cret',
    'curl -u me:Sup3rS3cret',
    'AKIASUP3RS3CRET12345',
    'xoxb-Sup3rS3cret-123456',
  ];
  for (const secret of secrets) {
    const line = `go: m.test/x@v1.0.0: ${secret} invalid version: unknown revision v1\n`;
    for (const output of allFormats(diagnosed(line))) {
      assert.doesNotMatch(output, /sup3rs3cret/i, secret);
    }
  }
});

test('what the remote machine said of its own network is not taken for ours', () => {
  const log = [
    'go: m.test/x@v1.0.0: reading https://p.test/m.test/x/@v/v1.0.0.mod: 404 Not Found',
    '\tserver response:',
    '\tnot found: m.test/x@v1.0.0: dial tcp: lookup m.test on 8.8.8.8:53: no such host',
    '\tno space left on device',
  ].join('\n');
  const { findings } = diagnosed(log);
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['proxy-not-found'],
  );
});

test('a log of nothing but causes is read in bounded time, to its end', () => {
  const many = Buffer.from(`${CAUSE}\n`.repeat(2000));
  const diagnosis = diagnoser.start();
  for (let round = 0; round < 50; round += 1) diagnosis.write(many);
  diagnosis.write(Buffer.from('go: write /go/x: no space left on device\n'));
  const { findings, lines } = diagnosis.end();
  assert.equal(lines, 100_001);
  assert.equal(findings[0]?.code, 'disk-full');
});

test('patterns that make regular expressions explode do not', () => {
  for (const unit of [
    'lookup ',
    'Get "https://',
    '/lookup/',
    '@v1',
    'reading https://a/',
    '\\"',
    '[1;',
    'read udp ',
    'replaced by ./',
  ]) {
    const line = `${unit.repeat(Math.ceil(40_000 / unit.length))}: no such host i/o timeout x509: 404 not found no such file or directory h1: unexpected eof`;
    const started = process.cpuUsage();
    diagnosed(`${line}\n`.repeat(5));
    const { user } = process.cpuUsage(started);
    assert.ok(user < 1_000_000, `${unit}: ${user} µs`);
  }
});

import type { SeededRandom } from '../support/seeded.ts';

/** The whole of a log in another form: objects, quotes, other line ends, other letters. */
export type Carrier = (log: string, random: SeededRandom) => string;

function eachLine(write: (line: string) => string): Carrier {
  return (log) => `${log.replace(/\n$/u, '').split('\n').map(write).join('\n')}\n`;
}

function object(write: (line: string) => Readonly<Record<string, unknown>>): Carrier {
  return eachLine((line) => JSON.stringify(write(line)));
}

function quoted(before: string, after: string): Carrier {
  return (log) => `${before}${JSON.stringify(log.trimEnd()).slice(1, -1)}${after}\n`;
}

const TIME = '2025-03-14T10:11:12.131415Z';

const objects: Readonly<Record<string, Carrier>> = {
  'docker json': object((line) => ({ log: `${line}\n`, stream: 'stderr', time: TIME })),
  'docker build api': object((line) => ({ stream: `${line}\n` })),
  'go -json': object((line) => ({
    ImportPath: 'm.test/x',
    Action: 'build-output',
    Output: `${line}\n`,
  })),
  'journald json': object((line) => ({
    __REALTIME_TIMESTAMP: '1700000000000000',
    PRIORITY: '3',
    MESSAGE: line,
  })),
  'cloud logging': object((line) => ({
    insertId: 'x7f2k',
    severity: 'ERROR',
    textPayload: line,
    timestamp: TIME,
  })),
  'cloud logging, nested': object((line) => ({ jsonPayload: { message: line, stage: 'build' } })),
  elastic: object((line) => ({ '@timestamp': TIME, log: { level: 'error' }, message: line })),
  loki: object((line) => ({ labels: { job: 'build' }, line, timestamp: TIME })),
  'objects in objects': object((line) => ({
    log: `${JSON.stringify({ level: 'error', msg: line })}\n`,
    stream: 'stdout',
  })),
  logfmt: eachLine(
    (line) => `time=${TIME} level=error component=build msg=${JSON.stringify(line)}`,
  ),
  'logfmt with a quoted time': eachLine(
    (line) => `time="${TIME}" level=info msg=${JSON.stringify(line)} job=7`,
  ),
};

const oneLiners: Readonly<Record<string, Carrier>> = {
  linter: quoted(
    'level=error msg="Running error: context loading failed: failed to load packages: failed to load with go/packages: err: exit status 1: stderr: ',
    '"',
  ),
  'linter, typecheck': quoted(
    "ERRO Running error: 1 error occurred:\\n\\t* can't run linter goanalysis_metalinter: err: exit status 1: stderr: ",
    '\\n\\n',
  ),
  goreleaser: quoted(
    "  ⨯ release failed after 12s               error=hook failed: shell: 'go mod tidy': exit status 1: ",
    '',
  ),
  ansible: quoted(
    'fatal: [builder-7]: FAILED! => {"changed": true, "cmd": "go build ./...", "delta": "0:00:03.1", "rc": 1, "stderr": "',
    '", "stdout": ""}',
  ),
  'a field': quoted('    "stderr": "', '",'),
  'an error of go': quoted('panic: build failed: ', ''),
  python: (log) =>
    `subprocess.CalledProcessError: b'${log.trimEnd().replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'\n`,
  'buildx event': (log) =>
    `{"vertex":"sha256:5f1f","data":${JSON.stringify(log)},"timestamp":"${TIME}"}\n`,
  'test event': (log) => `{"Time":"${TIME}","Action":"output","Output":${JSON.stringify(log)}}\n`,
};

const letters: Readonly<Record<string, Carrier>> = {
  'windows line ends': (log) => log.replaceAll('\n', '\r\n'),
  'line ends twice': (log) => log.replaceAll('\n', '\r\r\n'),
  'no line end': (log) => log.trimEnd(),
  'empty lines between': (log) => log.replaceAll('\n', '\n\n'),
  red: eachLine((line) => `\u001B[31m${line}\u001B[0m`),
  'red, reset first': eachLine((line) => `\u001B[0m\u001B[91m${line}`),
  'a space behind': eachLine((line) => `${line}  `),
  'erased before': eachLine((line) => `\u001B[2K\r${line}`),
  'progress before': eachLine((line) => `10%\r55%\r100%\r${line}`),
  'web page': (log) =>
    log
      .replaceAll('&', '&amp;')
      .replaceAll('"', '&#34;')
      .replaceAll("'", '&#39;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;'),
  'web page, named': (log) =>
    log
      .replaceAll('&', '&amp;')
      .replaceAll('"', '&quot;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;'),
  'TAB as 4 spaces': (log) => log.replaceAll('\t', '    '),
  'TAB as 8 spaces': (log) => log.replaceAll('\t', '        '),
  'white space lost': eachLine((line) => line.trimStart()),
  'byte order mark': (log) => `\uFEFF${log}`,
  fenced: (log) =>
    `I get this error since today, any idea?\n\n\`\`\`\n$ go build ./...\n${log}\`\`\`\n`,
  prompt: (log) => `root@5f1f2a8b6d3c:/src# go build ./...\n${log}root@5f1f2a8b6d3c:/src# \n`,
  'said twice': (log) => `${log}------\n${log}`,
};

export const carriers: Readonly<Record<string, Carrier>> = { ...objects, ...oneLiners, ...letters };

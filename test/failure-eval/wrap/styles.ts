import type { SeededRandom } from '../../support/seeded.ts';

/** Writes a log down as a CI system or a container runtime does. */
export type Style = (log: string, random: SeededRandom) => string;

function linesOf(log: string): readonly string[] {
  return log.trimEnd().split('\n');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Times that go on from line to line. */
function clock(
  random: SeededRandom,
): () => { readonly iso: string; readonly short: string; readonly seconds: number } {
  let seconds = random.whole(40_000) + 20_000;
  const day = 1 + random.whole(27);
  const start = seconds;
  return () => {
    seconds += random.fraction() * 0.8;
    const whole = Math.floor(seconds);
    const short = `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
    const fraction = String(Math.floor((seconds - whole) * 1e7)).padStart(7, '0');
    return { iso: `2025-03-${two(day)}T${short}.${fraction}Z`, short, seconds: seconds - start };
  };
}

const COMMANDS = [
  'go mod download',
  'go build -o /app ./...',
  'go mod tidy && go build .',
  'make build',
  'CGO_ENABLED=0 go build -o /out/app ./cmd/app',
];

function command(random: SeededRandom): string {
  return COMMANDS[random.whole(COMMANDS.length)] as string;
}

function buildkit(log: string, random: SeededRandom): string {
  const step = 7 + random.whole(12);
  const at = 3 + random.whole(9);
  const run = command(random);
  const time = clock(random);
  const live = linesOf(log).map((line) => `#${step} ${time().seconds.toFixed(3)} ${line}`);
  const again = clock(random);
  const recap = linesOf(log)
    .slice(-12)
    .map((line) => `${again().seconds.toFixed(3)} ${line}`);
  return [
    '#1 [internal] load build definition from Dockerfile',
    '#1 DONE 0.0s',
    `#${step - 1} [builder ${at - 2}/${at}] COPY . .`,
    `#${step - 1} DONE 0.1s`,
    `#${step} [builder ${at - 1}/${at}] RUN ${run}`,
    ...live,
    `#${step} ERROR: process "/bin/sh -c ${run}" did not complete successfully: exit code: 1`,
    '------',
    ` > [builder ${at - 1}/${at}] RUN ${run}:`,
    ...recap,
    '------',
    'Dockerfile:9',
    '--------------------',
    '   7 |     WORKDIR /src',
    '   8 |     COPY . .',
    `   9 | >>> RUN ${run}`,
    '  10 |',
    '--------------------',
    `ERROR: failed to solve: process "/bin/sh -c ${run}" did not complete successfully: exit code: 1`,
    '',
  ].join('\n');
}

function classicDocker(log: string, random: SeededRandom): string {
  const run = command(random);
  return [
    'Sending build context to Docker daemon  48.13kB',
    'Step 1/9 : FROM golang:1.22 AS build',
    ' ---> 8b1d6a1fd0d1',
    `Step 5/9 : RUN ${run}`,
    ' ---> Running in 5f1f2a8b6d3c',
    ...linesOf(log).map((line) =>
      random.whole(2) === 0 && line !== '' ? `\u001B[91m${line}\u001B[0m` : line,
    ),
    `The command '/bin/sh -c ${run}' returned a non-zero code: 1`,
    '',
  ].join('\n');
}

function github(log: string, random: SeededRandom): string {
  const time = clock(random);
  const lines = [
    `##[group]Run ${command(random)}`,
    'shell: /usr/bin/bash -e {0}',
    '##[endgroup]',
    ...linesOf(log).map((line) => (/^\S+\.go:\d+:\d+: /u.test(line) ? `##[error]${line}` : line)),
    '##[error]Process completed with exit code 1.',
  ];
  return `${lines.map((line) => `${time().iso} ${line}`).join('\n')}\n`;
}

function gitlab(log: string, random: SeededRandom): string {
  const began = 1_710_000_000 + random.whole(1_000_000);
  return [
    '\u001B[0KRunning with gitlab-runner 17.4.0 (b92ee590)\u001B[0;m',
    `section_start:${began}:step_script\r\u001B[0K\u001B[0K\u001B[36;1mExecuting "step_script" stage of the job script\u001B[0;m\u001B[0;m`,
    `\u001B[32;1m$ ${command(random)}\u001B[0;m`,
    ...linesOf(log),
    `section_end:${began + 41}:step_script\r\u001B[0K`,
    '\u001B[31;1mERROR: Job failed: exit code 1\u001B[0;m',
    '',
  ].join('\n');
}

function jenkins(log: string, random: SeededRandom): string {
  const time = clock(random);
  const full = random.whole(2) === 0;
  const lines = [
    `+ ${command(random)}`,
    ...linesOf(log),
    'script returned exit code 1',
    'Finished: FAILURE',
  ];
  return `${lines.map((line) => (full ? `[${time().iso.replace(/\d{4}Z$/u, 'Z')}] ${line}` : `${time().short}  ${line}`)).join('\n')}\n`;
}

function kubernetes(log: string, random: SeededRandom): string {
  const time = clock(random);
  return `${linesOf(log)
    .map((line) => `${time().iso.replace('Z', '00Z')} stderr F ${line}`)
    .join('\n')}\n`;
}

function jsonLines(log: string, random: SeededRandom): string {
  const time = clock(random);
  return `${linesOf(log)
    .map((line) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: time().iso }))
    .join('\n')}\n`;
}

function levelJson(log: string, random: SeededRandom): string {
  const time = clock(random);
  return `${linesOf(log)
    .map((line) =>
      JSON.stringify({ level: 'error', ts: time().iso, component: 'builder', msg: line }),
    )
    .join('\n')}\n`;
}

function escaped(log: string, random: SeededRandom): string {
  const heads = [
    'level=error msg="Running error: context loading failed: failed to load packages: err: exit status 1: stderr: ',
    'Error: failed to build: "',
    'ERRO[0007] build failed: err="',
  ];
  const text = JSON.stringify(log.trimEnd()).slice(1, -1);
  return `${heads[random.whole(heads.length)] ?? ''}${text}"\n`;
}

function prefixed(
  prefix: (time: { iso: string; short: string; seconds: number }) => string,
  tail: readonly string[],
): Style {
  return (log, random) => {
    const time = clock(random);
    return `${[...linesOf(log), ...tail].map((line) => `${prefix(time())}${line}`).join('\n')}\n`;
  };
}

/** Those that the author of the rules may look at. */
export const openStyles: Readonly<Record<string, Style>> = {
  plain: (log) => log,
  buildkit,
  github,
  gitlab,
  jenkins,
  'json-lines': jsonLines,
  windows: (log) => log.replaceAll('\n', '\r\n'),
};

/** Those that are for unseen logs alone, beside the others. */
export const closedStyles: Readonly<Record<string, Style>> = {
  'classic-docker': classicDocker,
  kubernetes,
  'level-json': levelJson,
  escaped,
  obs: prefixed(
    ({ seconds }) => `[${String(Math.floor(seconds)).padStart(5)}s] `,
    ['error: Bad exit status from /var/tmp/rpm-tmp.x1 (%build)'],
  ),
  dagger: prefixed(
    ({ seconds }) => `102 : [${seconds.toFixed(1)}s] | `,
    ['102 : ERROR: process did not complete successfully: exit code: 1'],
  ),
  azure: prefixed(({ iso }) => `${iso} `, ["##[error]Bash exited with code '1'."]),
  quoted: prefixed(() => '> ', []),
  red: (log) =>
    `${linesOf(log)
      .map((line) => `\u001B[31m${line}\u001B[39m`)
      .join('\n')}\n`,
  progress: (log) => `resolving 1/3\rresolving 2/3\rresolving 3/3\r\n${log}`,
};

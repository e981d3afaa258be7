import type { SeededRandom } from '../support/seeded.ts';

/** What stands before each line of a log. */
export type LinePrefix = (random: SeededRandom) => () => string;

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Milliseconds that go on from line to line. */
function ticking(random: SeededRandom): () => Date {
  let now = 1_700_000_000_000 + random.whole(50_000_000) * 1000;
  return () => {
    now += random.whole(900);
    return new Date(now);
  };
}

function dated(write: (date: Date, iso: string, clock: string) => string): LinePrefix {
  return (random) => {
    const next = ticking(random);
    return () => {
      const date = next();
      const iso = date.toISOString();
      return write(date, iso, iso.slice(11, 19));
    };
  };
}

function fixed(text: string): LinePrefix {
  return () => () => text;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function month(date: Date): string {
  return MONTHS[date.getUTCMonth()] ?? '';
}

function numbered(width: number, glue: string): LinePrefix {
  return (random) => {
    let line = random.whole(900);
    return () => `${String((line += 1)).padStart(width)}${glue}`;
  };
}

function seconds(write: (seconds: number) => string): LinePrefix {
  return (random) => {
    let at = random.fraction() * 40;
    return () => write((at += random.fraction()));
  };
}

const timestamps: Readonly<Record<string, LinePrefix>> = {
  'iso with T': dated((_, iso) => `${iso} `),
  'iso with a space': dated((_, iso) => `${iso.slice(0, 19).replace('T', ' ')} `),
  'iso with a comma': dated(
    (_, iso) => `${iso.slice(0, 19).replace('T', ' ')},${iso.slice(20, 23)} `,
  ),
  'iso with an offset': dated((_, iso) => `${iso.slice(0, 19)}.123456+02:00 `),
  'iso in brackets': dated((_, iso) => `[${iso}] `),
  'iso and TAB': dated((_, iso) => `${iso}\t`),
  slashes: dated((_, iso) => `${iso.slice(0, 10).replaceAll('-', '/')} ${iso.slice(11, 19)} `),
  clock: dated((_, __, clock) => `${clock} `),
  'clock with milliseconds': dated((_, iso) => `${iso.slice(11, 23)} `),
  'clock in brackets': dated((_, iso) => `[${iso.slice(11, 23)}] `),
  'clock and a bar': dated((_, __, clock) => `${clock} | `),
  'twelve hours': dated((_, __, clock) => `${clock} AM: `),
  epoch: dated((date) => `${(date.getTime() / 1000).toFixed(3)} `),
  'epoch in brackets': dated((date) => `[${date.getTime()}] `),
  'moreutils ts': dated((date, _, clock) => `${month(date)} ${two(date.getUTCDate())} ${clock} `),
  kernel: seconds((at) => `[${at.toFixed(6).padStart(12)}] `),
  seconds: seconds((at) => `${at.toFixed(1)}s `),
  elapsed: dated((_, __, clock) => `+${clock} `),
};

const systems: Readonly<Record<string, LinePrefix>> = {
  journald: dated(
    (date, _, clock) => `${month(date)} ${two(date.getUTCDate())} ${clock} ci-7 runner[812]: `,
  ),
  'journald iso': dated((_, iso) => `${iso.slice(0, 19)}+0000 ci-7 runner[812]: `),
  'syslog 5424': dated((_, iso) => `<14>1 ${iso} ci-7 builder 812 - - `),
  klog: dated(
    (date, iso) =>
      `E${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())} ${iso.slice(11, 23)}456   12345 build.go:42] `,
  ),
  cri: dated((_, iso) => `${iso.replace('Z', '000000Z')} stderr F `),
  'kubectl --prefix': fixed('[pod/build-7d9f8/compile] '),
  stern: fixed('build-7d9f8 compile '),
  tekton: fixed('[build : compile] '),
  argo: dated((_, iso) => `build-go-x7f2k: ${iso} `),
  compose: fixed('build-1  | '),
  'compose 1': fixed('build_1  | '),
  swarm: fixed('ci_build.1.x7f2kq9@node1    | '),
  foreman: dated((_, __, clock) => `${clock} build.1  | `),
  heroku: dated((_, iso) => `${iso.replace('Z', '000+00:00')} app[build.1]: `),
  'git push': fixed('remote:        '),
  buildpack: fixed('       '),
  buildkit: seconds((at) => `#14 ${at.toFixed(3)} `),
  'buildkit without time': fixed('#14 '),
  'buildkit terminal': fixed(' => => # '),
  'buildkit compose': seconds((at) => `#14 [builder 4/6] ${at.toFixed(1)}s `),
  'cloud build': fixed('Step #2 - "build": '),
  'cloud build without a name': fixed('Step #2: '),
  codebuild: dated(
    (_, iso) => `[Container] ${iso.slice(0, 10).replaceAll('-', '/')} ${iso.slice(11, 19)}.123456 `,
  ),
  bamboo: dated(
    (date, _, clock) =>
      `error\t${two(date.getUTCDate())}-${month(date)}-${date.getUTCFullYear()} ${clock}\t`,
  ),
  teamcity: dated((_, __, clock) => `[${clock}]W:\t [Step 2/3] `),
  'teamcity plain': dated((_, __, clock) => `[${clock} ] [Step 2/3] `),
  drone: seconds((at) => `[build:${Math.floor(at)}] `),
  woodpecker: seconds((at) => `[compile:L${Math.floor(at)}:${Math.floor(at)}s] `),
  zuul: dated((_, iso) => `${iso.slice(0, 23).replace('T', ' ')}456 | ubuntu-jammy | `),
  act: fixed('[CI/build]   | '),
  'gitlab runner': dated((_, iso) => `${iso.replace('Z', '456Z')} 01E `),
  'gitlab runner, going on': dated((_, iso) => `${iso.replace('Z', '456Z')} 01E+`),
  'github annotation': dated((_, iso) => `${iso.replace('Z', '1234Z')} ##[error]`),
  'github table': dated((_, iso) => `build\tRun go build ./...\t${iso.replace('Z', '1234Z')} `),
  'github table, unknown step': dated(
    (_, iso) => `build (1.26, ubuntu-latest)\tUNKNOWN STEP\t${iso.replace('Z', '1234Z')} `,
  ),
  dagger: seconds((at) => `12: [${at.toFixed(1)}s] | `),
  'dagger bar': fixed('┃ '),
  terraform: fixed('│ '),
  earthly: fixed('               +build | '),
  'earthly path': fixed('  ./services/shop+build | '),
  'earthly failed': fixed('               +build *failed* | '),
  nix: fixed('app> '),
  'nix recap': fixed('       > '),
  packer: fixed('    docker.build: '),
  vagrant: fixed('    default: '),
  turbo: fixed('@acme/shop:build: '),
  nx: fixed('shop: '),
  npm: fixed('npm error '),
  'npm 8': fixed('npm ERR! '),
  yarn: fixed('➤ YN0000: │ '),
  task: fixed('[build] '),
  'open build service': seconds((at) => `[${String(Math.floor(at)).padStart(5)}s] `),
  maven: fixed('[ERROR] '),
  log4j: dated((_, iso) => `${iso.slice(0, 19).replace('T', ' ')},123 ERROR [main] builder - `),
  'python logging': fixed('ERROR:builder:'),
  'zap console': dated((_, iso) => `${iso}\tERROR\tbuilder/run.go:118\t`),
  'zerolog console': dated(() => `10:12AM ERR `),
  'logrus terminal': fixed('ERRO[0007] '),
  kaniko: fixed('INFO[0012] '),
  level: fixed('ERROR: '),
  error: fixed('Error: '),
  stderr: fixed('stderr: '),
  'err bar': fixed('ERR| '),
  xcaddy: dated(
    (_, iso) => `${iso.slice(0, 10).replaceAll('-', '/')} ${iso.slice(11, 19)} [ERROR] `,
  ),
  'aws logs': dated((_, iso) => `${iso.replace('Z', '000+00:00')} build/container/5f1f2a8b6d3c `),
  logcli: dated((_, iso) => `${iso} {container="build"} `),
  pipe: fixed('| '),
  quoted: fixed('> '),
  'quoted twice': fixed('> > '),
  indented: fixed('    '),
  'indented by TAB': fixed('\t'),
  list: fixed('- '),
  'cat -n': numbered(6, '\t'),
  'grep -n': numbered(1, ':'),
  'grep -n of a file': (random) => {
    let line = random.whole(900);
    return () => `logs/build.log:${(line += 1)}:`;
  },
  editor: numbered(5, ' | '),
  'bold bullet': fixed('  • '),
};

export const linePrefixes: Readonly<Record<string, LinePrefix>> = { ...timestamps, ...systems };

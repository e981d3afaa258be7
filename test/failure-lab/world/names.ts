import type { SeededRandom } from '../../support/seeded.ts';

/** What varies between two runs of one scenario: names, addresses and places, by the seed. */
export interface Names {
  readonly random: SeededRandom;
  /** `corp.example` and the like. */
  readonly domain: string;
  /** Where the build runs. */
  readonly folder: string;
  readonly home: string;
  readonly gopath: string;
  /** The main module's path. */
  readonly main: string;
  /** The k-th dependency: a path on the code host. */
  module(k: number): string;
  version(k: number): string;
  /** A company's host: `proxy` becomes `goproxy.corp.example` or `artifacts.…`. */
  host(kind: 'proxy' | 'git' | 'forward' | 'vanity'): string;
  pick<T>(choices: readonly T[]): T;
}

const DOMAINS = [
  'corp.example',
  'acme.example',
  'intern.example.net',
  'lan.example.org',
  'initech.example',
];
const OWNERS = [
  'kestrel',
  'openriver',
  'mbrandt',
  'tidewater',
  'go-harbor',
  'blue-anvil',
  'yarrow',
  'quillwork',
];
const THINGS = [
  'ledger',
  'router',
  'cfgx',
  'retry',
  'metricskit',
  'yamlite',
  'tokenbucket',
  'wirelog',
  'bufpool',
  'semtree',
  'uuidx',
  'chrono',
];
const APPS = ['shop', 'billing', 'gateway', 'inventory', 'notifier', 'portal', 'ratings'];
const HOSTS = {
  proxy: ['goproxy', 'athens', 'artifacts', 'nexus', 'go-mirror'],
  git: ['git', 'gitlab', 'code', 'scm'],
  forward: ['proxy', 'squid', 'webproxy', 'egress'],
  vanity: ['go', 'pkg', 'lib', 'modules'],
};

export function createNames(random: SeededRandom): Names {
  function pick<T>(choices: readonly T[]): T {
    return choices[random.whole(choices.length)] as T;
  }
  const app = pick(APPS);
  const domain = pick(DOMAINS);
  const first = random.whole(OWNERS.length);
  const second = random.whole(THINGS.length);
  const third = random.whole(20);
  const [folder, home, gopath] = pick([
    ['/src', '/root', '/go'],
    ['/app', '/root', '/go'],
    ['/workspace', '/root', '/go'],
    [`/home/runner/work/${app}/${app}`, '/home/runner', '/home/runner/go'],
    [`/builds/platform/${app}`, '/root', '/go'],
    [`/var/jenkins/workspace/${app}`, '/var/jenkins', '/var/jenkins/go'],
  ] as const);
  return {
    random,
    domain,
    folder,
    home,
    gopath,
    main: pick([
      `github.com/kestrel-labs/${app}`,
      `git.${domain}/platform/${app}`,
      `example.com/${app}`,
    ]),
    module: (k) =>
      `github.com/${OWNERS[(first + k) % OWNERS.length] ?? ''}/${THINGS[(second + 5 * k) % THINGS.length] ?? ''}`,
    version: (k) => `v${(third + k) % 2}.${(third * 7 + 3 * k) % 19}.${(third + 5 * k) % 11}`,
    host: (kind) => `${pick(HOSTS[kind])}.${domain}`,
    pick,
  };
}

// Which faults of the laboratory are there to be seen while the doctor looks, and how some are planted for it.
import type { Planted, Scenario } from '../failure-lab/scenario.ts';
import { scenarios } from '../failure-lab/scenarios/index.ts';

/** What is planted, with a command in front of the doctor's. */
export type LivePlanted = Omit<Planted, 'evidence' | 'command'> & { readonly before?: string };

export interface LiveCause {
  readonly scenario: Scenario;
  readonly name: string;
  /** Ids that name it; the first is the laboratory's own. */
  names(planted: Planted): readonly string[];
  plant(planted: Planted): LivePlanted;
  /** Its own planting has no network at all, which is no fault of this one. */
  readonly wantsMirror: boolean;
}

const TEXT =
  'it is in the text of files that only the go command reads; nothing around it is wrong';
const VERSION = 'it is in one version of one module, which only asking for it shows';
const HASH = 'it is a difference of hashes, for which every byte of a module is needed';

/** No probe can see these, and why. */
export const unseen: Readonly<Record<string, string>> = {
  'http2-stream-error': 'the doctor speaks HTTP/1.1',
  'http2-goaway': 'the doctor speaks HTTP/1.1',
  'sumdb-tile-missing': 'tiles are asked for after a whole look-up, and the doctor makes none',
  'sumdb-mismatch': HASH,
  'gosum-mismatch': HASH,
  'gosum-missing-entry': TEXT,
  'gosum-malformed': TEXT,
  'gosum-update-needed': TEXT,
  'gomod-missing-module-line': TEXT,
  'gomod-version-suffix': TEXT,
  'gomod-update-needed': TEXT,
  'gomod-missing': 'where nothing is to be built, nothing is missing',
  'gopath-gomod': TEXT,
  'replace-dir-missing': TEXT,
  'replace-invalid': TEXT,
  'require-no-package': TEXT,
  'module-without-package': TEXT,
  'ambiguous-import': TEXT,
  'vendor-inconsistent': TEXT,
  'vendor-lookup-disabled': TEXT,
  'work-module-missing': TEXT,
  'work-go-too-old': TEXT,
  'work-not-listed': TEXT,
  'import-std-missing': TEXT,
  'malformed-import-path': TEXT,
  'embed-missing': TEXT,
  'case-collision': TEXT,
  'module-path-mismatch': VERSION,
  'version-no-match': VERSION,
  'version-unknown-revision': VERSION,
  'zero-pseudo-version': VERSION,
  'major-version-suffix': VERSION,
  'pseudo-version-invalid': VERSION,
  'missing-gomod-at-revision': VERSION,
  'git-transfer-broken': 'only a whole fetch breaks; the doctor asks for the list of refs',
  'govcs-disallowed': 'it is a rule of go, which nothing but go applies',
  'vcs-stamp-failed':
    'it is in the ownership of the working copy, which only go build asks git about',
  'toolchain-language-version': 'only go knows which toolchains exist',
  'go-older-than-code': 'it is in what the code uses',
  'go-install-mixed': 'two installations differ in a stamp that only the compiler compares',
  'memory-address-limit': 'the limit ends the doctor as well',
  'text-file-busy': 'it lasts for a moment of the build',
  'exec-format': 'it is in one file that the build made',
  'cgo-toolchain-missing': 'it is wrong only for code that has C in it',
  'compile-error': TEXT,
  'test-failure': TEXT,
};

/** One way of a cause that can otherwise be seen. */
const unseenWays: readonly string[] = [
  // In the go.mod of a dependency.
  'go-too-old-gomod/of-a-dependency',
  'go-too-old-local/a-dependency',
  // In unpacked files, which `cofferdam modcache verify` compares.
  'cache-corrupt/verify',
  'cache-corrupt/file-gone',
];

/** Where the doctor's own name for what it sees is another one that is right as well. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  // What ends in an empty file of the cache is an empty answer of the proxy.
  'cache-empty-file-hash/empty-answer-of-the-proxy': ['proxy-bad-gomod'],
  // go says what remains when each scheme failed; why none works is in the words of git.
  'vcs-no-secure-protocol/every-scheme-fails': ['git-dns'],
  // The laboratory has no checksum database, without which no toolchain is taken either.
  'toolchain-not-available/proxy-without-it': ['gosumdb-off-toolchain'],
  'toolchain-not-available/proxy-off': ['gosumdb-off-toolchain'],
  // The toolchain comes the way of any module, and that way is what is broken.
  'toolchain-download-failed/dns': ['dns-no-such-host'],
  'toolchain-download-failed/refused-or-5xx': ['proxy-5xx'],
};

/** What cannot be planted for a program that has to start itself. */
const adapted: Readonly<Record<string, (planted: Planted) => Partial<LivePlanted>>> = {
  'fd-limit/few': () => ({ before: 'ulimit -n 256; ' }),
  // As dash calls it.
  'process-limit/ulimit-u': () => ({ before: 'ulimit -p 60; ' }),
  'cache-location-missing/no-home': () => ({ before: 'unset HOME GOPATH; ' }),
  // The launcher of the program needs what lies beside git.
  'git-missing/slim-image': ({ env }) => ({
    prepare: 'mkdir /slim && ln -s /usr/bin/* /slim/ && rm /slim/git*',
    env: { ...env, PATH: '/usr/local/go/bin:/slim' },
  }),
};

const withoutNetwork: readonly string[] = [
  'go-too-old-gomod/patch-in-go-line',
  'go-too-old-gomod/new-directive',
  'go-too-old-local/own-go-mod',
  'toolchain-not-in-path/path-only',
  'gotoolchain-invalid/variable',
  'gotoolchain-invalid/in-go-mod',
  'goroot-broken/no-such-folder',
];

export const liveCauses: readonly LiveCause[] = scenarios.flatMap((scenario) => {
  const name = `${scenario.id}/${scenario.name}`;
  if (unseen[scenario.id] !== undefined || unseenWays.includes(name)) return [];
  return [
    {
      scenario,
      name,
      wantsMirror: withoutNetwork.includes(name),
      names: ({ also = [] }) => [scenario.id, ...also, ...(otherNames[name] ?? [])],
      plant: (planted) => ({ ...planted, ...adapted[name]?.(planted) }),
    },
  ];
});

import { goServices } from '../../go-services.ts';
import { settingNames } from '../patient/index.ts';
import type { Patient } from '../patient/index.ts';
import { clean, finding } from '../probe.ts';
import type { Observation, Probe, ProbeFinding } from '../probe.ts';
import { checksumProblem } from './checksum-problem.ts';
import { flagProblem } from './go-flags.ts';
import { writtenFindings } from './judge-written.ts';
import { refusedFlags } from './refused-flags.ts';
import {
  originOf,
  setCommand,
  settingEvidence,
  unsetCommand,
  valueOf,
} from './setting-in-force.ts';

const MACHINE = 'machine';

/** Reads the settings in force, names those that cannot be meant, and those that CI sets otherwise. */
export const goSettingsProbe: Probe = {
  name: 'go-settings',
  about: 'Go settings and where each comes from',
  // One question more to `go`, whose start takes a second on a machine that is busy.
  limitMilliseconds: 5000,
  confirms: [
    'goproxy-misconfigured',
    'goproxy-off',
    'gosumdb-misconfigured',
    'goflags-invalid',
    'gotoolchain-invalid',
    'gomodules-off',
    'cache-path-relative',
    'gosumdb-off',
    'go-patterns-broken',
    'go-settings-differ',
  ],
  async run(patient, needs, signal) {
    const refused = await refusedFlags(patient, needs, signal);
    return {
      observations: observe(patient),
      findings: [
        ...proxyListFindings(patient),
        ...checksumFindings(patient),
        ...flagFindings(patient, refused),
        ...patternFindings(patient),
        ...otherFindings(patient),
        ...writtenFindings(patient),
      ],
    };
  },
};

function observe({ go }: Patient): readonly Observation[] {
  const seen: Observation[] = [];
  for (const name of settingNames) {
    const value = go.values.get(name) ?? '';
    const origin = go.origins.get(name) ?? 'default';
    if (value === '' && origin === 'default') continue;
    seen.push({
      subject: name,
      text: clean(`${value === '' ? '(empty)' : value}, from ${origin}`),
      ok: true,
    });
  }
  return seen;
}

function proxyListFindings(patient: Patient): readonly ProbeFinding[] {
  const value = valueOf(patient, 'GOPROXY');
  if (patient.proxiesProblem !== undefined) {
    return [
      finding('goproxy-misconfigured', {
        scope: MACHINE,
        title: `GOPROXY cannot be read: ${patient.proxiesProblem}`,
        explanation:
          'go refuses such a value, so no module is downloaded at all. Entries are full URLs with a comma or a pipe between them.',
        evidence: settingEvidence(patient, 'GOPROXY'),
        fix: `write GOPROXY as URLs, for example ${goServices.mirror},direct`,
        command: setCommand(patient, 'GOPROXY', `${goServices.mirror},direct`),
      }),
    ];
  }
  const { proxies } = patient;
  if (proxies?.proxies.length === 0 && proxies.end === 'off') {
    return [
      finding('goproxy-off', {
        scope: MACHINE,
        title: 'GOPROXY is off: go downloads no module',
        explanation: 'Only what is in the module cache or the vendor directory can be built.',
        severity: 'warning',
        evidence: settingEvidence(patient, 'GOPROXY'),
        fix: 'download modules in a step before this one, or set GOPROXY to a proxy',
      }),
    ];
  }
  return /\s/.test(value.trim()) ? [spacedList(patient, value)] : [];
}

function spacedList(patient: Patient, value: string): ProbeFinding {
  return finding('goproxy-misconfigured', {
    scope: MACHINE,
    title: 'GOPROXY has white space in it',
    explanation:
      'Entries are separated by a comma or a pipe only; white space inside an entry becomes part of its URL.',
    severity: /[^\s,|]\s+[^\s,|]/.test(value) ? 'error' : 'info',
    evidence: settingEvidence(patient, 'GOPROXY'),
    fix: 'remove the white space, and put a comma or a pipe between the entries',
  });
}

function checksumFindings(patient: Patient): readonly ProbeFinding[] {
  const value = valueOf(patient, 'GOSUMDB');
  if (value === 'off') {
    return [
      finding('gosumdb-off', {
        scope: MACHINE,
        title: 'GOSUMDB is off: new modules are not checked against a database',
        explanation:
          'go.sum still protects what it lists. What is new here is believed as it comes, and go refuses to download toolchains.',
        severity: 'info',
        evidence: settingEvidence(patient, 'GOSUMDB'),
        fix: 'unset GOSUMDB, and name private modules in GONOSUMDB or GOPRIVATE instead',
        command: unsetCommand(patient, 'GOSUMDB'),
      }),
    ];
  }
  const problem = checksumProblem(value);
  if (problem === undefined) return [];
  return [
    finding('gosumdb-misconfigured', {
      scope: MACHINE,
      title: `GOSUMDB cannot be used: ${problem}`,
      explanation: 'go refuses such a value as soon as it has a new module to check.',
      evidence: settingEvidence(patient, 'GOSUMDB'),
      fix: 'unset GOSUMDB, or write it as NAME+HASH+KEY, and the URL of the database behind it',
      command: unsetCommand(patient, 'GOSUMDB'),
    }),
  ];
}

function flagFindings(patient: Patient, refused: string | undefined): readonly ProbeFinding[] {
  const problem = flagProblem(valueOf(patient, 'GOFLAGS')) ?? refused?.replace(OWN_WORDS, '');
  if (problem === undefined) return [];
  const said = refused === undefined ? [] : [{ kind: 'log', text: refused, source: 'go build -h' }];
  return [
    finding('goflags-invalid', {
      scope: MACHINE,
      title: `GOFLAGS cannot be used: ${problem}`,
      explanation:
        'Each command reads GOFLAGS, and stops at what is no flag, or at a flag that no command has.',
      evidence: [...settingEvidence(patient, 'GOFLAGS'), ...said],
      fix: 'take the word out; write each flag as -name or -name=value, separated by spaces',
      command: unsetCommand(patient, 'GOFLAGS'),
    }),
  ];
}

/** Of `go`, around what is wrong. */
const OWN_WORDS = /^go: (?:parsing \$GOFLAGS: )?| \(from \$GOFLAGS\)/g;

const PATTERN_NAMES = ['GOPRIVATE', 'GONOPROXY', 'GONOSUMDB', 'GOINSECURE'];

function patternFindings(patient: Patient): readonly ProbeFinding[] {
  const found: ProbeFinding[] = [];
  for (const name of PATTERN_NAMES) {
    const origin = originOf(patient, name);
    // The same text would be named twice.
    if (origin === 'GOPRIVATE') continue;
    const problem = patternProblem(valueOf(patient, name));
    if (problem === undefined) continue;
    found.push(
      finding('go-patterns-broken', {
        scope: MACHINE,
        title: `${name} has a pattern that matches nothing: ${problem}`,
        explanation:
          'The modules that it should name are treated as public: they are asked of public proxies and databases.',
        severity: 'warning',
        evidence: settingEvidence(patient, name),
        fix: 'write path prefixes separated by commas, without scheme and spaces: git.example.com/team,*.corp.example',
      }),
    );
  }
  return found;
}

export function patternProblem(value: string): string | undefined {
  for (const pattern of value.split(',')) {
    if (/^[a-z]+:\/\//i.test(pattern)) return `"${clean(pattern)}" has a scheme`;
    if (/\s/.test(pattern)) return `"${clean(pattern)}" has white space in it`;
    if (/^\[[^\]]*$/.test(pattern)) return `"${clean(pattern)}" has a bracket without its end`;
  }
  return undefined;
}

function otherFindings(patient: Patient): readonly ProbeFinding[] {
  const found: ProbeFinding[] = [];
  const toolchain = valueOf(patient, 'GOTOOLCHAIN');
  if (
    !/^(?:auto|local|path|(?:go1\.\d{1,3}[\w.-]{0,30}|default)(?:\+(?:auto|path))?)?$/.test(
      toolchain,
    )
  ) {
    found.push(
      finding('gotoolchain-invalid', {
        scope: MACHINE,
        title: 'GOTOOLCHAIN is nothing that go knows',
        explanation: 'Every go command stops at once with "invalid GOTOOLCHAIN".',
        evidence: settingEvidence(patient, 'GOTOOLCHAIN'),
        fix: 'set GOTOOLCHAIN to auto, to local, or to a version such as go1.26.0',
        command: unsetCommand(patient, 'GOTOOLCHAIN'),
      }),
    );
  }
  if (valueOf(patient, 'GO111MODULE') === 'off') {
    found.push(
      finding('gomodules-off', {
        scope: MACHINE,
        title: 'GO111MODULE is off: go.mod files are not read',
        explanation: 'Modern projects do not build so, and no module is downloaded.',
        evidence: settingEvidence(patient, 'GO111MODULE'),
        fix: 'unset GO111MODULE',
        command: unsetCommand(patient, 'GO111MODULE'),
      }),
    );
  }
  for (const name of ['GOMODCACHE', 'GOCACHE', 'GOPATH']) {
    const written = patient.environment[name] ?? '';
    if (written === '' || written === 'off' || /^(?:\/|[A-Za-z]:[\\/])/.test(written)) continue;
    found.push(
      finding('cache-path-relative', {
        scope: MACHINE,
        title: `${name} is not an absolute path`,
        explanation: 'go refuses relative places for its caches.',
        evidence: [{ kind: 'setting', text: `${name}=${written}`, source: 'environment' }],
        fix: `set ${name} to an absolute path, or unset it`,
      }),
    );
  }
  return found;
}

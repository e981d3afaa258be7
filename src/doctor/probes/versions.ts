import { join } from 'node:path';
import {
  compareGoVersions,
  goVersionOfToolchain,
  isValidGoVersion,
} from '../../gomod/version/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { Observation, Probe, ProbeFinding } from '../probe.ts';
import { readImages } from './go-images.ts';
import type { GoImage } from './go-images.ts';
import { unknownDirective } from './unknown-directive.ts';

/** The `go` command against the go and toolchain lines of go.mod, and against the images of the repository. */
export const versionsProbe: Probe = {
  name: 'versions',
  about: 'the go command, go.mod and the images of the repository',
  limitMilliseconds: 3000,
  confirms: [
    'go-missing',
    'go-too-old-local',
    'go-too-old-gomod',
    'toolchain-not-available',
    'toolchain-not-in-path',
    'gosumdb-off-toolchain',
    'gomod-syntax',
    'gomod-merge-conflict',
    'gotoolchain-invalid',
    'goroot-broken',
  ],
  async run(patient, needs) {
    const images = await readImages(needs.files, patient.directory);
    return {
      observations: observe(patient, images),
      findings: [
        ...(await brokenRoot(patient, needs)),
        ...missingGo(patient),
        ...brokenModfile(patient),
        ...judge(patient, images),
      ],
    };
  },
};

function observe({ go, module }: Patient, images: readonly GoImage[]): readonly Observation[] {
  const seen: Observation[] = [];
  const version = go.version ?? go.problem ?? 'unknown';
  seen.push({ subject: 'go command', text: version, ok: go.version !== undefined });
  if (module?.goLine !== undefined) {
    const toolchain =
      module.toolchainLine === undefined ? '' : `, toolchain ${module.toolchainLine}`;
    seen.push({ subject: 'go.mod', text: `go ${module.goLine}${toolchain}`, ok: true });
  }
  for (const { version: of, file, line } of images) {
    seen.push({ subject: 'image', text: `golang ${of} in ${file}:${line}`, ok: true });
  }
  return seen;
}

/** Copied from another machine or an older image, and then no go command starts. */
async function brokenRoot(
  { environment }: Patient,
  { files }: DoctorNeeds,
): Promise<readonly ProbeFinding[]> {
  const root = environment['GOROOT'] ?? '';
  if (root === '') return [];
  const tools = await files.status(join(root, 'pkg', 'tool')).catch(() => undefined);
  if (tools?.kind === 'directory') return [];
  return [
    finding('goroot-broken', {
      scope: 'machine go',
      title: `GOROOT is ${root}, and no Go is installed there`,
      explanation: 'go looks for its compiler and its standard library below GOROOT.',
      evidence: [{ kind: 'setting', text: `GOROOT=${root}`, source: 'environment' }],
      fix: 'unset GOROOT: go knows itself where it is installed',
      command: 'unset GOROOT',
    }),
  ];
}

function missingGo({ go, module }: Patient): readonly ProbeFinding[] {
  if (go.problem === undefined) return [];
  return [
    finding('go-missing', {
      scope: 'machine go',
      title: go.problem,
      explanation: 'What go would use is taken from the environment and from the defaults of Go.',
      // Where nothing is to be built, nothing is missing.
      severity: module === undefined ? 'info' : 'error',
      evidence: [{ kind: 'setting', text: 'go env gave no answer', source: 'PATH' }],
      fix: 'install Go, or run this inside the image that builds',
      dependsOn: ['goroot-broken'],
    }),
  ];
}

function brokenModfile({ moduleProblem }: Patient): readonly ProbeFinding[] {
  if (moduleProblem === undefined) return [];
  const { file, text, line, isConflict } = moduleProblem;
  const code = /invalid toolchain/.test(text) ? 'gotoolchain-invalid' : 'gomod-syntax';
  return [
    finding(isConflict ? 'gomod-merge-conflict' : code, {
      scope: file,
      title: isConflict ? 'go.mod has a merge conflict in it' : `go.mod cannot be read: ${text}`,
      explanation: 'Every go command in this module stops there.',
      evidence: [{ kind: 'file', text, source: file, line }],
      fix: isConflict ? 'keep one side of the conflict, then run go mod tidy' : 'correct the line',
    }),
  ];
}

function judge(patient: Patient, images: readonly GoImage[]): readonly ProbeFinding[] {
  const { go, module } = patient;
  if (module === undefined) return [];
  const found: ProbeFinding[] = [];
  const local = go.version === undefined ? undefined : goVersionOfToolchain(go.version);
  const unknown = local === undefined ? undefined : unknownDirective(patient, local);
  if (unknown !== undefined) found.push(unknown);
  const wanted = module.goLine;
  if (wanted === undefined || !isValidGoVersion(wanted)) return found;
  const evidence = { kind: 'file', text: `go ${wanted}`, source: module.file };
  if (local !== undefined && unknown === undefined && compareGoVersions(local, wanted) < 0) {
    const one = tooOld(patient, local, wanted, evidence);
    if (one !== undefined) found.push(one);
  }
  for (const image of images) {
    const version = image.version;
    // A tag such as 1.26 moves along with the patches.
    const floor = /^\d+\.\d+$/.test(version) ? wanted.replace(/^(\d+\.\d+)\..*$/, '$1') : wanted;
    if (!isValidGoVersion(version) || compareGoVersions(version, floor) >= 0) continue;
    const isSwitched = patient.written.some(
      ({ name, value, file }) => name === 'GOTOOLCHAIN' && file === image.file && value !== 'local',
    );
    if (isSwitched) continue;
    found.push(oldImage(image, wanted, evidence));
  }
  return found;
}

type FileEvidence = ProbeFinding['evidence'][number];

/** What `go` does about a go line that is newer than itself: https://go.dev/doc/toolchain */
function tooOld(
  patient: Patient,
  local: string,
  wanted: string,
  evidence: FileEvidence,
): ProbeFinding | undefined {
  const { go } = patient;
  const setting = go.values.get('GOTOOLCHAIN') ?? '';
  const proof = [
    evidence,
    { kind: 'setting', text: `GOTOOLCHAIN=${setting}`, source: go.origins.get('GOTOOLCHAIN') },
  ];
  const scope = 'machine go';
  if (compareGoVersions(local, '1.21') < 0) {
    return finding('go-too-old-gomod', {
      scope,
      title: `go ${local} is older than go.mod wants, and cannot fetch a newer one`,
      explanation: `go.mod says go ${wanted}. Before Go 1.21 there is no toolchain switching, and a go line with a patch version cannot be read.`,
      // Without a patch version go tries, and says "note: module requires Go" where the code does not compile.
      severity: /^\d+\.\d+$/.test(wanted) ? 'warning' : 'error',
      evidence: [evidence],
      fix: `use an image with Go ${wanted} or newer`,
    });
  }
  if (setting.startsWith('local')) {
    return finding('go-too-old-local', {
      scope,
      title: `go.mod wants go ${wanted}, here is ${local}, and GOTOOLCHAIN forbids another`,
      explanation:
        'Official images of Go set GOTOOLCHAIN=local, so that no toolchain is downloaded unasked.',
      evidence: proof,
      fix: `use an image with Go ${wanted} or newer, or set GOTOOLCHAIN=auto`,
    });
  }
  if (/(?:^|\+)path$/.test(setting)) {
    return finding('toolchain-not-in-path', {
      scope,
      title: `go.mod wants go ${wanted}, here is ${local}, and GOTOOLCHAIN looks into PATH only`,
      explanation: `Unless a program go${wanted} is in PATH, every command stops.`,
      severity: 'warning',
      confidence: 0.8,
      evidence: proof,
      fix: `install go${wanted}, or set GOTOOLCHAIN=auto`,
    });
  }
  return noToolchain(patient, local, wanted, proof);
}

/** Switching is allowed, and what it needs is missing. */
function noToolchain(
  { go, proxies }: Patient,
  local: string,
  wanted: string,
  proof: readonly FileEvidence[],
): ProbeFinding | undefined {
  const scope = 'machine go';
  if (go.values.get('GOSUMDB') === 'off') {
    return finding('gosumdb-off-toolchain', {
      scope,
      title: `go.mod wants go ${wanted}, here is ${local}, and GOSUMDB is off`,
      explanation: 'A toolchain is only downloaded when the checksum database vouches for it.',
      evidence: [...proof, { kind: 'setting', text: 'GOSUMDB=off' }],
      fix: `use an image with Go ${wanted} or newer, or set GOSUMDB again`,
    });
  }
  if (proxies?.proxies.length === 0) {
    return finding('toolchain-not-available', {
      scope,
      title: `go.mod wants go ${wanted}, here is ${local}, and no proxy is there to fetch it from`,
      explanation: 'Toolchains come from module proxies only.',
      evidence: [...proof, { kind: 'setting', text: `GOPROXY=${proxies.end ?? ''}` }],
      fix: `use an image with Go ${wanted} or newer`,
    });
  }
  return undefined;
}

function oldImage(
  { version, file, line }: GoImage,
  wanted: string,
  evidence: FileEvidence,
): ProbeFinding {
  return finding('go-too-old-local', {
    scope: `${file}:${line}`,
    title: `${file} builds with Go ${version}, and go.mod wants ${wanted}`,
    explanation:
      'The official image sets GOTOOLCHAIN=local: builds in it stop with "go.mod requires go >=".',
    severity: 'warning',
    evidence: [{ kind: 'file', text: `golang:${version}`, source: file, line }, evidence],
    fix: `raise the image to golang:${wanted}`,
  });
}

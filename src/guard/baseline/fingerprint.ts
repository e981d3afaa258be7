import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { mainFile, readGoVariables } from '../../gosettings/index.ts';
import type { Files, Processes } from '../../platform/index.ts';

/** What a build was made from: two builds of the same inputs have the same one. */
export interface Fingerprint {
  /** SHA-256 in hexadecimal digits. */
  readonly id: string;
  /** By name; files and the command only as digests, since they may hold secrets. */
  readonly inputs: Readonly<Record<string, string>>;
}

export interface FingerprintNeeds {
  readonly processes: Pick<Processes, 'run'>;
  readonly files: Pick<Files, 'readWhole' | 'status'>;
  readonly environment: Readonly<Record<string, string>>;
  /** Hides secrets in values that are shown. */
  readonly mask: (text: string) => string;
}

export interface FingerprintRequest {
  readonly command: readonly string[];
  readonly directory: string;
  /** As the build system names it; empty is unknown. */
  readonly image: string;
  /** `linux/x64` */
  readonly platform: string;
}

/** Those that decide what is compiled, and with what. */
const VARIABLES = [
  'GOVERSION',
  'GOOS',
  'GOARCH',
  'GOAMD64',
  'GOARM64',
  'GOARM',
  'GOFLAGS',
  'GOEXPERIMENT',
  'GOTOOLCHAIN',
  'CGO_ENABLED',
  'CC',
  'GOMOD',
  'GOWORK',
] as const;

/** Far above any go.sum. */
const FILE_LIMIT_BYTES = 64 * 1024 * 1024;
const RELEASE_LIMIT_BYTES = 64 * 1024;
/** Sixteen digits tell two builds apart, and stay readable. */
const SHOWN_DIGITS = 16;

export async function readFingerprint(
  needs: FingerprintNeeds,
  { command, directory, image, platform }: FingerprintRequest,
  signal: AbortSignal,
): Promise<Fingerprint> {
  const [go, host] = await Promise.all([
    readGoVariables(needs.processes, directory, needs.environment, signal, VARIABLES),
    readHost(needs, platform),
  ]);
  const values = go.kind === 'read' ? go.values : new Map<string, string>();
  const raw: Record<string, string> = { host, image, command: digest(JSON.stringify(command)) };
  for (const name of VARIABLES) {
    if (name !== 'GOMOD' && name !== 'GOWORK') raw[name] = values.get(name) ?? '';
  }
  const main = mainFile({
    GOMOD: values.get('GOMOD') ?? '',
    GOWORK: values.get('GOWORK') ?? '',
    GOMODCACHE: '',
    GOFLAGS: '',
  });
  Object.assign(raw, await readManifests(needs, main));
  const known = Object.entries(raw)
    .filter(([, value]) => value !== '')
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return {
    id: createHash('sha256').update(JSON.stringify(known)).digest('hex'),
    inputs: Object.fromEntries(
      known.map(([name, value]) => [name, needs.mask(value).slice(0, 200)]),
    ),
  };
}

/** go.mod or go.work with their sums, as digests. */
async function readManifests(
  { files }: FingerprintNeeds,
  main: string | undefined,
): Promise<Readonly<Record<string, string>>> {
  if (main === undefined) return {};
  const names = main.endsWith('.work')
    ? ['go.work', 'go.work.sum', 'go.mod', 'go.sum']
    : ['go.mod', 'go.sum'];
  const found: Record<string, string> = {};
  for (const name of names) {
    const path = name === names[0] ? main : join(dirname(main), name);
    // One that cannot be read is the command's to complain about.
    const bytes = await files.readWhole(path, FILE_LIMIT_BYTES).catch(() => undefined);
    if (bytes !== undefined) found[name] = digest(bytes);
  }
  return found;
}

/** `linux/x64 debian 12 container` */
async function readHost(
  { files, environment }: FingerprintNeeds,
  platform: string,
): Promise<string> {
  const release = await files
    .readWhole('/etc/os-release', RELEASE_LIMIT_BYTES)
    .catch(() => undefined);
  const text = release?.toString('utf8') ?? '';
  const words = ['ID', 'VERSION_ID'].map(
    (name) => new RegExp(`^${name}=["']?([\\w.-]{1,40})`, 'm').exec(text)?.[1] ?? '',
  );
  return [platform, ...words, await containerKind(files, environment)]
    .filter((word) => word !== '')
    .join(' ');
}

async function containerKind(
  files: Pick<Files, 'status'>,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  if ((environment['KUBERNETES_SERVICE_HOST'] ?? '') !== '') return 'kubernetes';
  const marks = ['/.dockerenv', '/run/.containerenv'];
  const found = await Promise.all(marks.map((mark) => files.status(mark).catch(() => undefined)));
  return found.some((status) => status !== undefined) ? 'container' : '';
}

function digest(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, SHOWN_DIGITS);
}

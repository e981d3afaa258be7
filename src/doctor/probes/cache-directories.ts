import { basename, dirname, join } from 'node:path';
import { isProgramError } from '../../platform/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import type { Observation, Probe, ProbeFinding } from '../probe.ts';
import {
  ABSENT,
  blockedPlace,
  brokenEntries,
  leftLocks,
  noLocation,
  noSpace,
  notWritable,
  notExecutable,
} from './judge-caches.ts';
import type { Obstacle, Place } from './judge-caches.ts';
import { readMounts } from './mounts.ts';
import type { Mount } from './mounts.ts';
import { scanCache } from './scan-module-cache.ts';

/** A build of a large program writes some hundred megabytes. */
const BYTES_NEEDED = 64 * 1024 * 1024;
const BYTES_WISHED = 512 * 1024 * 1024;
/** One zip of a large module has ten thousand files. */
const ENTRIES_NEEDED = 1000;

/** The directories that `go` writes to: rights, space, mount options, and broken entries. */
export const cacheDirectoriesProbe: Probe = {
  name: 'cache-directories',
  about: 'GOMODCACHE, GOCACHE and the temporary directory',
  limitMilliseconds: 10_000,
  confirms: [
    'cache-permission-denied',
    'cache-readonly',
    'disk-full',
    'disk-nearly-full',
    'tmp-noexec',
    'cache-corrupt',
    'cache-empty-file-hash',
    'git-lock-left',
    'cache-location-missing',
  ],
  async run(patient, needs, signal) {
    const mounts = await readMounts(needs.files);
    const places = placesOf(patient);
    const results = await Promise.all(
      places.map(async (place) => examinePlace(place, patient, needs, mounts)),
    );
    const modules = places.find(({ name }) => name === 'GOMODCACHE');
    const scan =
      modules === undefined
        ? undefined
        : await scanCache(needs, modules.path, patient.deep, signal);
    const findings = [
      ...noLocation(patient.go),
      ...results.flatMap(({ findings: found }) => found),
    ];
    const observations = results.map(({ observation }) => observation);
    if (scan === undefined) return { observations, findings };
    const broken = [brokenEntries(scan.empty), leftLocks(scan.locks)].filter(
      (one) => one !== undefined,
    );
    const text = `${scan.looked} file${scan.looked === 1 ? '' : 's'} looked at${scan.isWhole ? '' : ', and more are there'}`;
    return {
      observations: [...observations, { subject: 'entries', text, ok: broken.length === 0 }],
      findings: [...findings, ...broken],
    };
  },
};

function placesOf({ go, environment }: Patient): readonly Place[] {
  const places: Place[] = [];
  for (const name of ['GOMODCACHE', 'GOCACHE']) {
    const path = go.values.get(name) ?? '';
    if (path.startsWith('/')) places.push({ name, path, isRunFrom: false });
  }
  const temporary = go.values.get('GOTMPDIR') || environment['TMPDIR'] || '/tmp';
  const name = go.values.get('GOTMPDIR') ? 'GOTMPDIR' : 'TMPDIR';
  if (temporary.startsWith('/')) places.push({ name, path: temporary, isRunFrom: true });
  return places;
}

interface ExaminedPlace {
  readonly observation: Observation;
  readonly findings: readonly ProbeFinding[];
}

async function examinePlace(
  place: Place,
  patient: Patient,
  needs: DoctorNeeds,
  mounts: readonly Mount[],
): Promise<ExaminedPlace> {
  const { existing, obstacle, isKnown } = await nearest(needs, place.path);
  if (obstacle !== undefined) return blocked(place, obstacle, patient);
  // `go` makes its caches, and expects the temporary directory (os.TempDir).
  if (place.isRunFrom && isKnown && existing !== place.path) {
    return blocked(place, { path: place.path, what: ABSENT }, patient);
  }
  const [space, failure] = await Promise.all([
    needs.fileSystems.space(existing).catch(() => undefined),
    tryWriting(needs, existing, place.name),
  ]);
  const mount = mountOf(mounts, existing);
  const found: ProbeFinding[] = [];
  if (failure !== undefined) found.push(notWritable(place, existing, failure, mount));
  const isLow = space !== undefined && space.freeBytes < BYTES_WISHED;
  const isOutOfEntries = space?.freeEntries !== undefined && space.freeEntries < ENTRIES_NEEDED;
  if (failure !== 'disk-full' && space !== undefined && (isLow || isOutOfEntries)) {
    found.push(noSpace(place, space, space.freeBytes < BYTES_NEEDED || isOutOfEntries));
  }
  if (place.isRunFrom && mount?.options.includes('noexec') === true) {
    found.push(notExecutable(place, mount));
  }
  const free = space === undefined ? 'space unknown' : `${gibibytes(space.freeBytes)} GiB free`;
  const entries = space?.freeEntries === undefined ? '' : `, ${space.freeEntries} inodes`;
  const there = existing === place.path ? '' : ', not there yet';
  const text = `${place.path}${there}: ${free}${entries}`;
  return { observation: { subject: place.name, text, ok: found.length === 0 }, findings: found };
}

function gibibytes(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}

function blocked(place: Place, obstacle: Obstacle, patient: Patient): ExaminedPlace {
  const isThere = obstacle.path === place.path;
  const text = isThere ? ` ${obstacle.what}` : `: ${obstacle.path} ${obstacle.what}`;
  return {
    observation: { subject: place.name, text: `${place.path}${text}`, ok: false },
    findings: [blockedPlace(place, obstacle, patient)],
  };
}

interface Nearest {
  readonly existing: string;
  /** Where a directory would have to be. */
  readonly obstacle: Obstacle | undefined;
  /** This user may look at all that lies below. */
  readonly isKnown: boolean;
}

/** The directory itself, or the one in which it can be made. */
async function nearest({ files }: DoctorNeeds, path: string): Promise<Nearest> {
  let below = '';
  let isKnown = true;
  for (let current = path; ; below = current, current = dirname(current)) {
    const status = await files.status(current).catch(() => {
      isKnown = false;
      return undefined;
    });
    if (status !== undefined && status.kind !== 'directory') {
      return { existing: current, obstacle: { path: current, what: 'is no directory' }, isKnown };
    }
    if (status === undefined && current !== '/') continue;
    const entries = below === '' ? [] : await files.list(current).catch(() => undefined);
    const entry = entries?.find(({ name }) => name === basename(below));
    // It has an entry, and cannot be found all the same.
    const isLink = entry?.kind === 'other';
    const obstacle = isLink ? { path: below, what: 'is a link to what is not there' } : undefined;
    return { existing: current, obstacle, isKnown };
  }
}

/** Makes a file and removes it: rights, quotas and mount options all have their say. */
async function tryWriting(
  { files, random }: DoctorNeeds,
  folder: string,
  name: string,
): Promise<string | undefined> {
  const path = join(folder, `.cofferdam-doctor-${name}-${random.bytes(8).toString('hex')}`);
  try {
    const file = await files.create(path);
    await file.write(Buffer.from('written by cofferdam doctor\n'));
    await file.close();
    return undefined;
  } catch (error) {
    if (!isProgramError(error) || error.kind === 'bug') throw error;
    const { systemError } = error.details;
    return error.kind === 'full'
      ? 'disk-full'
      : typeof systemError === 'string'
        ? systemError
        : error.code;
  } finally {
    await files.remove(path).catch(() => undefined);
  }
}

/** The one with the longest path that holds it. */
function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  const holding = mounts.filter(({ at }) => at === '/' || path === at || path.startsWith(`${at}/`));
  // Of two mounts at one place the later one is seen.
  return holding.reduce<Mount | undefined>(
    (best, mount) => (best === undefined || mount.at.length >= best.at.length ? mount : best),
    undefined,
  );
}

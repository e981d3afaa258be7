import type { Patient } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { ProbeFinding } from '../probe.ts';
import type { Mount } from './mounts.ts';
import { originOf, unsetCommand } from './setting-in-force.ts';

export interface Place {
  /** `GOMODCACHE`, `TMPDIR` */
  readonly name: string;
  readonly path: string;
  /** Programs that were just built are run there. */
  readonly isRunFrom: boolean;
}

interface Space {
  readonly freeBytes: number;
  readonly freeEntries: number | undefined;
}

/** What is in the way of a directory. */
export interface Obstacle {
  readonly path: string;
  /** `is no directory` */
  readonly what: string;
}

export const ABSENT = 'is not there';

/** As the system says it to `go`: "mkdir /a/file: not a directory". */
export function blockedPlace(
  place: Place,
  { path, what }: Obstacle,
  patient: Patient,
): ProbeFinding {
  const { name } = place;
  const isSet = name === 'TMPDIR' && (patient.environment[name] ?? '') !== '';
  const origin = isSet ? 'environment' : originOf(patient, name);
  const removal = isSet ? `unset ${name}` : unsetCommand(patient, name);
  const mkdir = `mkdir -p '${place.path.replaceAll("'", "'\\''")}'`;
  return finding('cache-location-missing', {
    scope: name,
    title: `${name} is no place for files: ${path} ${what}`,
    explanation: place.isRunFrom
      ? 'go makes its work directory there, and stops in each build and test.'
      : `go stops as soon as it has something to put into ${place.path}.`,
    evidence: [
      // Whoever looks whether this is about another failure goes by the place, and not by where it is set.
      { kind: 'setting', text: `${name}=${place.path}, from ${origin}` },
      { kind: 'file', text: what, source: path },
    ],
    fix:
      what === ABSENT
        ? `make the directory, or set ${name} to one that is there`
        : `set ${name} to a directory`,
    command: what === ABSENT ? mkdir : (removal ?? `ls -ld ${path}`),
  });
}

export function notWritable(
  place: Place,
  existing: string,
  failure: string,
  mount: Mount | undefined,
): ProbeFinding {
  const evidence = [
    { kind: 'file', text: `a new file cannot be made: ${failure}`, source: existing },
  ];
  if (failure === 'disk-full') {
    return finding('disk-full', {
      scope: place.name,
      title: `${place.name} is full`,
      explanation: `Nothing can be written to ${place.path}: no space, no inodes, or a quota.`,
      evidence,
      fix: 'make space, or point the variable to another file system',
      command: `df -h ${existing} && df -i ${existing}`,
    });
  }
  const isReadOnly = failure === 'EROFS' || mount?.options.includes('ro') === true;
  return finding(isReadOnly ? 'cache-readonly' : 'cache-permission-denied', {
    scope: place.name,
    title: isReadOnly
      ? `${place.name} lies on a file system that is mounted read-only`
      : `this user may not write to ${place.name}`,
    explanation: `go stops as soon as it has something to put into ${place.path}.`,
    evidence: [
      ...evidence,
      ...(mount === undefined
        ? []
        : [
            {
              kind: 'file',
              text: `${mount.at} ${mount.kind} ${mount.options.join(',')}`,
              source: '/proc/self/mounts',
            },
          ]),
    ],
    fix: isReadOnly
      ? `mount it writable, or set ${place.name} to a directory that is`
      : `give the directory to the user that builds, or set ${place.name} to one of its own`,
    command: `ls -ld ${existing} && id`,
  });
}

/** Without HOME and GOPATH, as cron jobs and some containers start, go knows no place. */
export function noLocation({ version, values }: Patient['go']): readonly ProbeFinding[] {
  if (version === undefined || values.get('GOMODCACHE') !== '') return [];
  return [
    finding('cache-location-missing', {
      scope: 'GOMODCACHE',
      title: 'go has no place for its module cache',
      explanation: 'Neither HOME nor GOPATH nor GOMODCACHE is set in this environment.',
      evidence: [{ kind: 'setting', text: 'GOMODCACHE is empty', source: 'go env' }],
      fix: 'set HOME, or GOMODCACHE and GOCACHE, in the environment of exactly this step',
      command: 'export HOME=/root',
    }),
  ];
}

export function noSpace(place: Place, space: Space, isUsedUp: boolean): ProbeFinding {
  const megabytes = Math.floor(space.freeBytes / 1024 ** 2);
  const entries = space.freeEntries === undefined ? '' : `, ${space.freeEntries} inodes`;
  return finding(isUsedUp ? 'disk-full' : 'disk-nearly-full', {
    scope: place.name,
    title: `${place.name} has ${megabytes} MiB${entries} left`,
    explanation: isUsedUp
      ? 'No build of more than a few files fits there.'
      : 'A large build, or its module cache, may not fit.',
    severity: isUsedUp ? 'error' : 'warning',
    evidence: [{ kind: 'file', text: `${megabytes} MiB${entries} free`, source: place.path }],
    fix: 'make space, or point the variable to another file system',
    command: `df -h ${place.path} && df -i ${place.path}`,
  });
}

export function notExecutable(place: Place, mount: Mount): ProbeFinding {
  return finding('tmp-noexec', {
    scope: place.name,
    title: `programs may not run from ${place.name}`,
    explanation:
      '"go run" and "go test" build their programs there and start them, which ends with "permission denied".',
    severity: 'warning',
    evidence: [
      { kind: 'file', text: `${mount.at} is mounted with noexec`, source: '/proc/self/mounts' },
    ],
    fix: 'set GOTMPDIR to a directory on a file system without noexec',
    command: 'export GOTMPDIR="$HOME/.cache/go-tmp" && mkdir -p "$GOTMPDIR"',
  });
}

export function brokenEntries(paths: readonly string[]): ProbeFinding | undefined {
  const [first] = paths;
  if (first === undefined) return undefined;
  const isModfile = paths.some((path) => path.endsWith('.mod'));
  return finding(isModfile ? 'cache-empty-file-hash' : 'cache-corrupt', {
    scope: 'GOMODCACHE',
    title: `the module cache has ${paths.length === 1 ? 'a file' : `${paths.length} files`} without the content that such a file has`,
    explanation:
      'A full disk or a machine that lost power leaves such files. go takes them for whole, and then names the module or go.sum as the culprit.',
    evidence: paths
      .slice(0, 5)
      .map((path) => ({ kind: 'file', text: 'empty, or too small for a zip', source: path })),
    fix: 'remove these files; go downloads them again',
    command: paths
      .slice(0, 5)
      .reduce((line, path) => `${line} '${path.replaceAll("'", "'\\''")}'`, 'rm'),
  });
}

export function leftLocks(paths: readonly string[]): ProbeFinding | undefined {
  if (paths.length === 0) return undefined;
  return finding('git-lock-left', {
    scope: 'GOMODCACHE',
    title: 'a git command that was killed has left its lock in the module cache',
    explanation:
      'Each later fetch of that repository fails with "File exists", until the lock is removed.',
    severity: 'warning',
    evidence: paths
      .slice(0, 5)
      .map((path) => ({ kind: 'file', text: 'older than ten minutes', source: path })),
    fix: 'when no git command runs, remove the lock',
    command: paths
      .slice(0, 5)
      .reduce((line, path) => `${line} '${path.replaceAll("'", "'\\''")}'`, 'rm'),
  });
}

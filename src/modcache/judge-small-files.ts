import { modulePathOf } from '../gomod/modfile/index.ts';
import { hashGoMod } from '../gomod/sumfile/index.ts';
import { MAX_GO_MOD_SIZE } from '../gomod/zipfile/index.ts';
import type { Damage } from './damage.ts';
import { fileOf, nameOf } from './judged.ts';
import { readSmall } from './small-file.ts';
import type { Subject } from './judged.ts';

/** An `.info` is a version and a time. */
const INFO_BYTES = 1024 * 1024;

/** The go.mod file of a version: `go` reads nothing else of most modules. */
export async function judgeMod(
  subject: Subject,
  /** Of the go.mod in a zip that is what it should be. */
  goModInZip: string | undefined,
): Promise<readonly Damage[]> {
  const file = fileOf(subject, 'mod');
  const read = await readSmall(subject, file, MAX_GO_MOD_SIZE);
  if (read.kind === 'absent') return [];
  if (read.kind === 'too-large') {
    return [modDamage(subject, `it is larger than ${MAX_GO_MOD_SIZE} bytes`)];
  }
  const { bytes } = read;
  if (bytes.length === 0) {
    const damage = modDamage(subject, 'it is empty');
    return [{ ...damage, code: 'cache-empty-file-hash' }];
  }
  const hash = hashGoMod(bytes);
  const trusted = await subject.trusted.of(subject.module, 'mod');
  if (trusted?.hash === hash) return [];
  if (trusted !== undefined) {
    return goModInZip === hash
      ? [doubtfulSum(subject, `${trusted.from} has ${trusted.hash}, the zip's own go.mod ${hash}`)]
      : [modDamage(subject, `its hash is ${hash}, where ${trusted.from} has ${trusted.hash}`)];
  }
  if (goModInZip === hash) return [];
  // Versions from before modules may have a go.mod in the zip that does not count.
  if (goModInZip !== undefined && !subject.module.version.endsWith('+incompatible')) {
    return [modDamage(subject, `its hash is ${hash}, that of the go.mod in the zip ${goModInZip}`)];
  }
  const text = bytes.toString('utf8');
  const path = text.includes('\0') ? '' : modulePathOf(text);
  if (path === '') return [modDamage(subject, 'it is no go.mod: it has no module line')];
  return path === subject.module.path ? [] : [otherModule(subject, path)];
}

function modDamage(subject: Subject, proof: string): Damage {
  const file = fileOf(subject, 'mod');
  return {
    code: 'cache-corrupt',
    severity: 'error',
    title: `the cached go.mod of ${nameOf(subject)} is not that module's`,
    proof,
    file,
    module: subject.module,
    remove: [file],
    behaviour:
      'go believes a go.mod that is in the cache: it reports a checksum mismatch and does not fetch it again.',
    goMends: false,
    confidence: 1,
  };
}

/** Zip and go.mod agree, so it is the line that is in doubt. */
function doubtfulSum(subject: Subject, proof: string): Damage {
  return {
    ...modDamage(subject, proof),
    code: 'gosum-mismatch',
    title: `go.sum and the cache disagree about the go.mod of ${nameOf(subject)}`,
    remove: [],
    behaviour: 'The cached go.mod is the one of the cached zip, so the line of go.sum is in doubt.',
    confidence: 0.8,
  };
}

/** A fork that stands in by a replace line is cached like this, so nothing is removed. */
function otherModule(subject: Subject, path: string): Damage {
  return {
    ...modDamage(subject, `it is the go.mod of ${path}, and nothing here says which is right`),
    severity: 'warning',
    title: `the cached go.mod of ${nameOf(subject)} names another module`,
    remove: [],
    behaviour: 'A fork behind a replace line looks like this, and so does a mixed-up file.',
    confidence: 0.5,
  };
}

/** JSON with the version that it is about (https://go.dev/ref/mod#goproxy-protocol). */
export async function judgeInfo(subject: Subject): Promise<readonly Damage[]> {
  const file = fileOf(subject, 'info');
  const read = await readSmall(subject, file, INFO_BYTES);
  if (read.kind === 'absent') return [];
  const problem =
    read.kind === 'read'
      ? infoProblem(read.bytes, subject.module.version)
      : { text: `it is larger than ${INFO_BYTES} bytes`, isUnreadable: false };
  if (problem === undefined) return [];
  return [
    {
      code: 'cache-corrupt',
      severity: 'error',
      title: `the cached .info of ${nameOf(subject)} is wrong`,
      proof: problem.text,
      file,
      module: subject.module,
      remove: [file],
      behaviour:
        'go fetches an .info that is no JSON again, and believes one that speaks of another version.',
      goMends: problem.isUnreadable,
      confidence: 1,
    },
  ];
}

interface InfoProblem {
  readonly text: string;
  readonly isUnreadable: boolean;
}

function infoProblem(bytes: Buffer, version: string): InfoProblem | undefined {
  if (bytes.length === 0) return { text: 'it is empty', isUnreadable: true };
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch {
    return { text: 'it is no JSON', isUnreadable: true };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { text: 'it is no JSON object', isUnreadable: true };
  }
  const said: unknown = 'Version' in parsed ? parsed.Version : undefined;
  if (said === version) return undefined;
  const shown = typeof said === 'string' ? JSON.stringify(said.slice(0, 100)) : 'none';
  return { text: `its Version is ${shown}`, isUnreadable: false };
}

import { escapePath, escapeVersion } from '../../gomod/path/index.ts';
import { hashesOf } from './lookup-text.ts';
import type { RelayAnswer } from './relay-answer.ts';
import type { SecurityFinding } from './security-findings.ts';

/** What a checksum database says of one module version. */
export type RecordAnswer =
  | { readonly kind: 'record'; readonly hashes: KnownHashes }
  /** It says that it has none. */
  | { readonly kind: 'absent' }
  /** An answer came that contradicts its key, its tree or itself. */
  | {
      readonly kind: 'contradicted';
      readonly finding: SecurityFinding;
      readonly problem: string;
    }
  | { readonly kind: 'unavailable'; readonly problem: string };

interface KnownHashes {
  readonly zip: string;
  readonly mod: string;
}

/** Undefined for what cannot be the name of a module version. */
export function lookupResource(path: string, version: string): string | undefined {
  const escapedPath = escapePath(path);
  const escapedVersion = escapeVersion(version);
  return escapedPath.ok && escapedVersion.ok
    ? `lookup/${escapedPath.value}@${escapedVersion.value}`
    : undefined;
}

/** Only lines inside a record that was proven count: what else an answer holds, anybody can write. */
export function readRecord(
  answer: RelayAnswer,
  { path, version }: { readonly path: string; readonly version: string },
): RecordAnswer {
  switch (answer.kind) {
    case 'bytes': {
      if (answer.provenRecord === undefined) {
        return { kind: 'unavailable', problem: 'its tiles cannot be had' };
      }
      return readLines(answer.provenRecord, path, version);
    }
    case 'absent':
      return answer.certain
        ? { kind: 'absent' }
        : { kind: 'unavailable', problem: 'it could not look itself' };
    case 'failed': {
      const problem = answer.failures.at(-1)?.message ?? 'nobody answered';
      return answer.finding === undefined
        ? { kind: 'unavailable', problem }
        : { kind: 'contradicted', finding: answer.finding, problem };
    }
    default:
      return { kind: 'unavailable', problem: 'it is not asked here' };
  }
}

function readLines(record: Buffer, path: string, version: string): RecordAnswer {
  const hashes = hashesOf(record, path, version);
  if (hashes === undefined) {
    const problem = `its record says more than one thing about ${path}@${version}`;
    return { kind: 'contradicted', finding: 'checksum-record-ambiguous', problem };
  }
  const { zip, mod } = hashes;
  if (zip === undefined || mod === undefined) {
    const problem = `its record is not about the zip and the go.mod of ${path}@${version}`;
    return { kind: 'contradicted', finding: 'checksum-record-foreign', problem };
  }
  return { kind: 'record', hashes: { zip, mod } };
}

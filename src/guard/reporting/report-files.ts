import { dirname, isAbsolute, join } from 'node:path';
import { isProgramError, ProgramError } from '../../platform/index.ts';
import type { Files, Random } from '../../platform/index.ts';

/** What may be written of a run, each in its own form. */
export type ReportKind = 'json' | 'metrics' | 'variables' | 'junit' | 'page' | 'code-quality';

/** The names in the folder of --report-dir. */
const NAMES: Readonly<Record<ReportKind, string>> = {
  json: 'run.json',
  metrics: 'metrics.txt',
  variables: 'run.env',
  junit: 'junit.xml',
  page: 'summary.md',
  'code-quality': 'code-quality.json',
};

export interface ReportPlaces {
  /** Relative ones lie in this directory. */
  readonly directory: string;
  /** A folder with all of them; made when it is not there. */
  readonly folder: string | undefined;
  /** Flags as the user wrote them, such as `--metrics-file`, with their paths. */
  readonly files: readonly {
    readonly kind: ReportKind;
    readonly flag: string;
    readonly path: string;
  }[];
}

export interface ReportFile {
  readonly kind: ReportKind;
  readonly path: string;
}

export type ReportFilesNeeds = {
  readonly files: Pick<
    Files,
    'status' | 'create' | 'remove' | 'makeDirectory' | 'append' | 'writeAtomically'
  >;
  readonly random: Pick<Random, 'bytes'>;
};

/** Finds out before the command starts whether the files can be written. Throws where one cannot. */
export async function openReportFiles(
  needs: ReportFilesNeeds,
  places: ReportPlaces,
): Promise<readonly ReportFile[]> {
  const found: ReportFile[] = [];
  if (places.folder !== undefined) {
    const folder = inDirectory(places.directory, places.folder);
    await refuseWith('--report-dir', folder, async () => {
      await needs.files.makeDirectory(folder);
      await tryToWrite(needs, folder);
    });
    for (const [kind, name] of entriesOf(NAMES)) found.push({ kind, path: join(folder, name) });
  }
  for (const { kind, flag, path } of places.files) {
    const whole = inDirectory(places.directory, path);
    await checkReportFile(needs, flag, whole);
    found.push({ kind, path: whole });
  }
  return found;
}

/** Throws where a file of this name could not be made. Missing directories are a mistake, not a wish. */
export async function checkReportFile(
  needs: ReportFilesNeeds,
  flag: string,
  path: string,
): Promise<void> {
  await refuseWith(flag, path, async () => {
    const folder = dirname(path);
    const [status, parent] = await Promise.all([
      needs.files.status(path),
      needs.files.status(folder),
    ]);
    if (status?.kind === 'directory') throw refusal(flag, path, 'it is a directory');
    if (isDevice(path)) {
      if (status === undefined) throw refusal(flag, path, 'there is no such device');
      return;
    }
    if (parent === undefined) {
      throw refusal(flag, path, `there is no directory ${folder}`, `mkdir -p '${folder}'`);
    }
    if (parent.kind !== 'directory') throw refusal(flag, path, `${folder} is no directory`);
    if (status?.kind !== 'other') await tryToWrite(needs, folder);
  });
}

/** The same for a file that is made anew and grows: what is there before is removed, so it must be a file. */
export async function checkGrowingFile(
  needs: ReportFilesNeeds,
  flag: string,
  path: string,
): Promise<void> {
  await checkReportFile(needs, flag, path);
  if (isDevice(path) || (await needs.files.status(path))?.kind === 'other') {
    throw refusal(flag, path, 'it is no ordinary file');
  }
}

/** Whole or not at all; into a pipe or a device as it is. */
export async function writeReportFile(
  { files }: ReportFilesNeeds,
  path: string,
  text: string,
): Promise<void> {
  const bytes = Buffer.from(text);
  const isOther = isDevice(path) || (await files.status(path))?.kind === 'other';
  if (!isOther) {
    await files.writeAtomically(path, bytes, dirname(path));
    return;
  }
  try {
    await files.append(path, bytes);
  } catch (error) {
    // It was written; what is no file cannot be flushed.
    if (!isFlushRefused(error)) throw error;
  }
}

/** A path as the command line means it. */
export function inDirectory(directory: string, path: string): string {
  return isAbsolute(path) ? path : join(directory, path);
}

/** A rename would put a file in the place of what others use, such as /dev/null. */
function isDevice(path: string): boolean {
  return /^\/(?:dev|proc)\//.test(path);
}

function isFlushRefused(error: unknown): boolean {
  const cause = isProgramError(error) ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'EINVAL';
}

async function tryToWrite({ files, random }: ReportFilesNeeds, folder: string): Promise<void> {
  const name = join(folder, `.cofferdam-${random.bytes(8).toString('hex')}`);
  const file = await files.create(name);
  await file.close();
  await files.remove(name);
}

async function refuseWith(flag: string, path: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!isProgramError(error) || error.code === 'report-unwritable') throw error;
    throw refusal(flag, path, error.message, undefined, error);
  }
}

function refusal(
  flag: string,
  path: string,
  reason: string,
  hint: string = 'make it writable, or name another file',
  cause?: unknown,
): ProgramError {
  return new ProgramError({
    code: 'report-unwritable',
    kind: 'bad-input',
    message: `the command was not started: ${flag} ${path} cannot be written: ${reason}`,
    hint,
    ...(cause instanceof Error ? { cause: cause.cause } : {}),
  });
}

function entriesOf<K extends string, V>(record: Readonly<Record<K, V>>): readonly [K, V][] {
  const entries: [string, V][] = Object.entries(record);
  return entries.filter((entry): entry is [K, V] => entry[0] in record);
}

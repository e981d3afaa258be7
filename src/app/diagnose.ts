import type { DiagnoseRequest } from '../cli/index.ts';
import { createDiagnoser, type DiagnosedLog } from '../failures/index.ts';
import { ProgramError, type Files } from '../platform/index.ts';

/** One read of a file; the scanner keeps a window of its own. */
const READ_BYTES = 256 * 1024;

export interface LogSources {
  readonly files: Pick<Files, 'open'>;
  readonly stdin: AsyncIterable<Uint8Array>;
}

/** `cofferdam diagnose`: one log, from a file or through a pipe. */
export async function diagnose(
  { files, stdin }: LogSources,
  { file, goVersion }: DiagnoseRequest,
): Promise<DiagnosedLog> {
  const source = file === '-' ? 'stdin' : file;
  const diagnosis = createDiagnoser().start({ source, goVersion });
  if (file === '-') {
    for await (const bytes of stdin) diagnosis.write(bytes);
  } else {
    await readFile(files, file, (bytes) => {
      diagnosis.write(bytes);
    });
  }
  return { source, ...diagnosis.end() };
}

async function readFile(
  files: LogSources['files'],
  path: string,
  onBytes: (bytes: Uint8Array) => void,
): Promise<void> {
  const opened = await files.open(path);
  if (opened === undefined) {
    throw new ProgramError({
      code: 'log-absent',
      kind: 'bad-input',
      message: `there is no file ${path} to read a log from`,
      hint: 'name a file that exists, or - for stdin',
    });
  }
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let position = 0; ;) {
      const count = await opened.read(buffer, position);
      if (count === 0) return;
      onBytes(buffer.subarray(0, count));
      position += count;
    }
  } finally {
    await opened.close();
  }
}

import type { DiagnoseRequest } from '../cli/index.ts';
import { diagnoseTrace } from './diagnose-trace.ts';
import { createDiagnoser, type DiagnosedLog } from '../failures/index.ts';
import { createHttpClient } from '../platform/adapters.ts';
import { ProgramError, type Files } from '../platform/index.ts';

/** One read of a file; the scanner keeps a window of its own. */
const READ_BYTES = 256 * 1024;

export interface LogSources {
  readonly files: Pick<Files, 'open'>;
  readonly stdin: AsyncIterable<Uint8Array>;
}

interface Surroundings extends LogSources {
  readonly version: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** `cofferdam diagnose`: a log, or the requests that a server recorded. */
export async function diagnose(
  around: Surroundings,
  request: DiagnoseRequest,
): Promise<DiagnosedLog> {
  if ('file' in request) return diagnoseLog(around, request);
  const { version, environment } = around;
  const http = createHttpClient({}, { version, environment });
  try {
    return await diagnoseTrace({ http }, request);
  } finally {
    await http.close();
  }
}

/** One log, from a file or through a pipe. */
export async function diagnoseLog(
  { files, stdin }: LogSources,
  { file, goVersion }: Extract<DiagnoseRequest, { readonly file: string }>,
): Promise<DiagnosedLog> {
  const source = file === '-' ? 'stdin' : file;
  const diagnosis = createDiagnoser().start({ source, goVersion });
  let isFirst = true;
  function take(bytes: Uint8Array): void {
    if (isFirst) refusePacked(bytes, source);
    isFirst = false;
    diagnosis.write(bytes);
  }
  if (file === '-') {
    for await (const bytes of stdin) take(bytes);
  } else {
    await readFile(files, file, take);
  }
  return { source, ...diagnosis.end() };
}

const packers: Readonly<Record<string, string>> = {
  '1f8b': 'gzip -dc',
  '504b0304': 'unzip -p',
  '28b52ffd': 'zstd -dc',
  fd377a58: 'xz -dc',
};

/** The archives of logs that build systems offer: in them no line can be found. */
function refusePacked(bytes: Uint8Array, source: string): void {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  const unpack = Object.entries(packers).find(([magic]) => start.startsWith(magic))?.[1];
  if (unpack === undefined) return;
  throw new ProgramError({
    code: 'log-packed',
    kind: 'bad-input',
    message: `${source} is a compressed file`,
    hint: `unpack it on the way: ${unpack} FILE | cofferdam diagnose -`,
  });
}

async function readFile(
  files: LogSources['files'],
  path: string,
  onBytes: (bytes: Uint8Array) => void,
): Promise<void> {
  const opened = await files.open(path, { isPatient: true });
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

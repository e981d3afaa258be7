import type { DoctorRequest } from '../cli/index.ts';
import { createDoctor, type Doctor, type DoctorReport } from '../doctor/index.ts';
import {
  createFileSystems,
  createHttpClient,
  createNetwork,
  createQuietLogger,
  createTrustStore,
} from '../platform/adapters.ts';
import { createZipChecker } from '../module-zip/index.ts';
import { treeHeadProblem } from '../proxy/checksum/index.ts';
import { createCredentials, type Credentials } from '../proxy/index.ts';
import { ProgramError, type Files } from '../platform/index.ts';
import type { ProgramContext } from './program-context.ts';

/** `cofferdam doctor`: one visit, with connections of its own. */
export async function doctor(
  context: ProgramContext,
  request: DoctorRequest,
): Promise<DoctorReport> {
  const { environment, directory } = context;
  return withDoctor(context, undefined, async (visit) => {
    // Ctrl-C ends the program; there is nothing to save.
    const { signal } = new AbortController();
    return visit.examine({ ...request, directory, environment }, signal);
  });
}

/** A doctor for one use. Without credentials of somebody else he takes those of netrc. */
export async function withDoctor<T>(
  context: ProgramContext,
  known: Pick<Credentials, 'headersFor'> | undefined,
  use: (visit: Doctor) => Promise<T>,
): Promise<T> {
  const { environment, version, directory } = context;
  const logger = createQuietLogger();
  const trust = createTrustStore({ environment, platform: process.platform });
  const http = createHttpClient({ logger, trust }, { version, environment });
  // A command of GOAUTH may wait for a person, and is only run by `go` and `run`.
  const credentials =
    known ??
    createCredentials({ ...context, http, logger }, { goauth: 'netrc', directory, environment });
  const zips = createZipChecker(context, {});
  const visit = createDoctor({
    ...context,
    http,
    zips,
    fileSystems: createFileSystems(),
    network: createNetwork({ trust }, { environment }),
    authorize: (url) => credentials.headersFor(url).catch(() => ({})),
    treeHeadProblem,
    readTrust: async () => {
      // One that cannot be used is told by the probe of certificates.
      await trust.context().catch(() => undefined);
    },
  });
  try {
    return await use(visit);
  } finally {
    await zips.close();
    await http.close();
  }
}

/** A report has some ten kilobytes. */
const REPORT_BYTES = 16 * 1024 * 1024;

export async function readReportFile(
  files: Pick<Files, 'readWhole'>,
  path: string,
): Promise<string> {
  const bytes = await files.readWhole(path, REPORT_BYTES);
  if (bytes !== undefined) return bytes.toString('utf8');
  throw new ProgramError({
    code: 'doctor-report-absent',
    kind: 'bad-input',
    message: `there is no file ${path} to read a report from`,
    hint: 'write one with: cofferdam doctor --json > report.json',
  });
}

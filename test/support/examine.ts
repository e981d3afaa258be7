import type { TestContext } from 'node:test';
import { createDoctor } from '../../src/doctor/index.ts';
import type {
  Confirmation,
  Doctor,
  DoctorOptions,
  DoctorReport,
  Suspicion,
} from '../../src/doctor/index.ts';
import type { Files } from '../../src/platform/index.ts';
import {
  createDiskFiles,
  createFileSystems,
  createHttpClient,
  createNetwork,
  createProcesses,
  createSystemClock,
  createSystemRandom,
  createTrustStore,
} from '../../src/platform/adapters.ts';
import { createZipChecker } from '../../src/module-zip/index.ts';
import { treeHeadProblem } from '../../src/proxy/checksum/index.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * The doctor on an empty machine: its own home, no Go settings but those given, and no programs, which
 * saves each visit the time of `go env`.
 */
export async function examine(
  test: TestContext,
  environment: Readonly<Record<string, string>>,
  options: Partial<DoctorOptions> = {},
  change: (files: Files) => Files = (files) => files,
): Promise<DoctorReport> {
  return visit(test, environment, change, async (doctor, place) => {
    const asked = { ...place, deep: false, ...options };
    return doctor.examine(asked, new AbortController().signal);
  });
}

/** The same machine, looked at for one suspicion only. */
export async function confirm(
  test: TestContext,
  environment: Readonly<Record<string, string>>,
  suspicion: Suspicion,
  more: Pick<Partial<DoctorOptions>, 'directory' | 'resolvers'> = {},
): Promise<Confirmation | undefined> {
  const { signal } = new AbortController();
  return visit(
    test,
    environment,
    (files) => files,
    async (doctor, place) => doctor.confirm({ ...place, ...more }, suspicion, signal),
  );
}

async function visit<T>(
  test: TestContext,
  environment: Readonly<Record<string, string>>,
  change: (files: Files) => Files,
  use: (doctor: Doctor, place: Pick<DoctorOptions, 'directory' | 'environment'>) => Promise<T>,
): Promise<T> {
  const home = await temporaryFolder(test);
  const variables = {
    PATH: home,
    HOME: home,
    GOENV: 'off',
    GOFLAGS: '',
    GOSUMDB: 'off',
    GOTOOLCHAIN: 'local',
    ...environment,
  };
  const trust = createTrustStore({ environment: variables, platform: process.platform });
  const http = createHttpClient({ trust }, { version: 'test', environment: variables });
  const zips = createZipChecker({ files: createDiskFiles() }, {});
  try {
    const doctor = createDoctor({
      clock: createSystemClock(),
      random: createSystemRandom(),
      files: change(createDiskFiles()),
      processes: createProcesses(),
      fileSystems: createFileSystems(),
      network: createNetwork({ trust }, { environment: variables }),
      http,
      zips,
      authorize: async () => ({}),
      treeHeadProblem,
      readTrust: async () => {
        await trust.context();
      },
    });
    return await use(doctor, { directory: home, environment: variables });
  } finally {
    await zips.close();
    await http.close();
  }
}

/** For visits that need the real `go` or `git`. */
export const programs: Readonly<Record<string, string>> = { PATH: process.env['PATH'] ?? '' };

/** Codes that are errors or warnings, the most basic first. */
export function alarms({ findings }: DoctorReport): readonly string[] {
  return findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
}

import { compareGoVersions, goVersionOfToolchain } from '../../gomod/version/index.ts';
import { isProgramError } from '../../platform/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import { valueOf } from './setting-in-force.ts';
import { within } from './servers.ts';

/** It reads some flags and prints its help: milliseconds. */
const GO_MILLISECONDS = 3000;
const GO_BYTES = 64 * 1024;

/** The line with which `go` refuses GOFLAGS; undefined where it takes it, or cannot be asked. */
export async function refusedFlags(
  patient: Patient,
  { processes }: DoctorNeeds,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (patient.go.version === undefined || valueOf(patient, 'GOFLAGS') === '') return undefined;
  if (isSwitched(patient)) return undefined;
  try {
    // The flags of all commands are known to each; help is printed after those of `build` are read.
    const { stderr } = await processes.run(['go', 'build', '-h'], {
      directory: patient.directory,
      // The question alone must not download a toolchain.
      environment: { ...patient.environment, GOTOOLCHAIN: 'local' },
      timeoutMilliseconds: within(patient, GO_MILLISECONDS),
      maximumOutputBytes: GO_BYTES,
      signal,
    });
    return /^go: (?:parsing \$GOFLAGS: .*|.* \(from \$GOFLAGS\).*)$/m.exec(stderr.toString())?.[0];
  } catch (error) {
    signal.throwIfAborted();
    if (!isProgramError(error) || error.kind === 'bug') throw error;
    return undefined;
  }
}

/** Another `go` than the one on PATH builds here, and it may know more flags. */
function isSwitched(patient: Patient): boolean {
  const setting = valueOf(patient, 'GOTOOLCHAIN');
  const local = goVersionOfToolchain(patient.go.version ?? '');
  if (setting === 'local' || local === undefined) return false;
  if (setting.startsWith('go')) return !setting.startsWith(`go${local}`);
  const { goLine, toolchainLine = '' } = patient.module ?? {};
  return [goLine, goVersionOfToolchain(toolchainLine)].some(
    (wanted) => wanted !== undefined && compareGoVersions(wanted, local) > 0,
  );
}

import { isProgramError } from '../../platform/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import { within } from './servers.ts';

export interface GitResult {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly isTooLate: boolean;
}

/** Local questions take milliseconds. */
const LOCAL_MILLISECONDS = 4000;
/** A sound host lists its refs within a second or two, ssh handshake included. */
const REMOTE_MILLISECONDS = 9000;
/** A repository with many refs says megabytes; HEAD alone is a line. */
const OUTPUT_BYTES = 1024 * 1024;

/** Undefined without a git command. */
export async function runGit(
  patient: Patient,
  { processes }: DoctorNeeds,
  words: readonly string[],
  signal: AbortSignal,
  milliseconds: number = LOCAL_MILLISECONDS,
): Promise<GitResult | undefined> {
  const { environment, directory } = patient;
  // What the user set for ssh stays; nobody is there to answer a question.
  const ssh = environment['GIT_SSH_COMMAND'] || 'ssh';
  try {
    const { code, stdout, stderr } = await processes.run(['git', ...words], {
      directory,
      environment: {
        ...environment,
        LC_ALL: 'C',
        GIT_TERMINAL_PROMPT: '0',
        GIT_ASKPASS: '',
        SSH_ASKPASS: '',
        GCM_INTERACTIVE: 'never',
        GIT_SSH_COMMAND: `${ssh} -o BatchMode=yes -o ConnectTimeout=5`,
      },
      timeoutMilliseconds: within(patient, milliseconds),
      maximumOutputBytes: OUTPUT_BYTES,
      signal,
    });
    const isTooLate = false;
    return { code, stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8'), isTooLate };
  } catch (error) {
    signal.throwIfAborted();
    if (!isProgramError(error) || error.kind === 'bug') throw error;
    if (error.code === 'command-not-found') return undefined;
    return {
      code: undefined,
      stdout: '',
      stderr: error.message,
      isTooLate: error.kind === 'timeout',
    };
  }
}

/** Whether PATH has it. */
export async function hasProgram(
  { environment, directory }: Patient,
  { processes }: DoctorNeeds,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  const limits = { timeoutMilliseconds: LOCAL_MILLISECONDS, maximumOutputBytes: OUTPUT_BYTES };
  try {
    await processes.run([name, '--version'], { directory, environment, ...limits, signal });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!isProgramError(error) || error.kind === 'bug') throw error;
    return error.code !== 'command-not-found';
  }
}

/** As `go` lists them, for one ref only. */
export async function listRemote(
  patient: Patient,
  needs: DoctorNeeds,
  url: string,
  signal: AbortSignal,
): Promise<GitResult | undefined> {
  return runGit(
    patient,
    needs,
    ['ls-remote', '-q', '--', url, 'HEAD'],
    signal,
    REMOTE_MILLISECONDS,
  );
}

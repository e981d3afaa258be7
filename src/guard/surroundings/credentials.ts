import { join } from 'node:path';
import { ProgramError } from '../../platform/index.ts';
import type { Files } from '../../platform/index.ts';
import type { PrivateFolder } from '../../platform/machine/index.ts';

/** Where a password may be used; the password itself stands in a variable, never on a command line. */
export interface CredentialRequest {
  /** `git.corp.example`, with a port if it has one. */
  readonly host: string;
  readonly user: string;
  /** The name of the variable. */
  readonly variable: string;
}

/** What forges take for a token that belongs to no user. */
const DEFAULT_USER = 'x-access-token';
const FORM =
  /^(?<host>[a-z0-9][a-z0-9.-]{0,252}(?::\d{1,5})?)=(?:(?<user>[^\s:=@/]{1,100}):)?(?<variable>[A-Za-z_]\w{0,200})$/i;
/** A netrc of a person has some lines. */
const NETRC_LIMIT_BYTES = 1024 * 1024;

/** Reads `HOST=VARIABLE` or `HOST=USER:VARIABLE`. */
export function parseCredential(text: string): CredentialRequest {
  const { host, user = DEFAULT_USER, variable } = FORM.exec(text)?.groups ?? {};
  if (host === undefined || variable === undefined) {
    // What is wrong may be a token itself: the text is not repeated.
    throw new ProgramError({
      code: 'credential-unreadable',
      kind: 'bad-input',
      message: '--credential is not HOST=VARIABLE or HOST=USER:VARIABLE',
      hint: 'name the variable that holds the token, as in --credential git.corp.example=CI_JOB_TOKEN',
    });
  }
  return { host: host.toLowerCase(), user, variable };
}

/** The passwords themselves, to be hidden wherever they turn up. */
export function readCredentials(
  environment: Readonly<Record<string, string>>,
  requests: readonly CredentialRequest[],
): readonly string[] {
  return requests.map(({ host, variable }) => {
    const value = environment[variable] ?? '';
    const wrong =
      value === '' ? 'is not set' : /[\s\0]/.test(value) ? 'holds a space or a line end' : '';
    if (wrong === '') return value;
    throw new ProgramError({
      code: 'credential-unreadable',
      kind: 'bad-input',
      message: `the command was not started: ${variable}, which --credential names for ${host}, ${wrong}`,
      hint: 'set the variable to the token alone',
    });
  });
}

export interface CredentialFilesNeeds {
  readonly files: Pick<Files, 'readWhole'>;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Writes what `go` and git read: a netrc with the user's own lines below ours, and a store of git that only
 * these hosts use. Gives the variables of the child: paths, no secrets.
 */
export async function writeCredentialFiles(
  { files, environment }: CredentialFilesNeeds,
  folder: PrivateFolder,
  requests: readonly CredentialRequest[],
): Promise<Readonly<Record<string, string>>> {
  const passwords = readCredentials(environment, requests);
  const entries = requests.map((request, index) => ({
    ...request,
    password: passwords[index] ?? '',
  }));
  const lines = entries.map(
    ({ host, user, password }) => `machine ${host} login ${user} password ${password}\n`,
  );
  const netrc = await folder.write('netrc', lines.join('') + (await ownNetrc(files, environment)));
  const urls = entries.map(
    ({ host, user, password }) =>
      `https://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}\n`,
  );
  const store = await folder.write('git-credentials', urls.join(''));
  // The empty helper forgets those of the user for this host: one of them could ask a person.
  const sections = entries.map(
    ({ host }) =>
      `[credential "https://${host}"]\n\thelper =\n\thelper = "store --file='${store}'"\n`,
  );
  const config = await folder.write('gitconfig', sections.join(''));
  return { NETRC: netrc, ...includeInGit(environment, config) };
}

/** NETRC replaces the file in the home directory: its lines go along. */
async function ownNetrc(
  files: Pick<Files, 'readWhole'>,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const named = environment['NETRC'] ?? '';
  const home = environment['HOME'] ?? '';
  const path = named !== '' ? named : home === '' ? '' : join(home, '.netrc');
  if (path === '') return '';
  const bytes = await files.readWhole(path, NETRC_LIMIT_BYTES);
  return bytes === undefined ? '' : bytes.toString('utf8');
}

/** One more entry of the configuration that git takes from variables, behind those that are there. */
function includeInGit(
  environment: Readonly<Record<string, string>>,
  config: string,
): Readonly<Record<string, string>> {
  const count = Number(environment['GIT_CONFIG_COUNT'] ?? '0');
  const next = Number.isInteger(count) && count >= 0 ? count : 0;
  return {
    GIT_CONFIG_COUNT: String(next + 1),
    [`GIT_CONFIG_KEY_${next}`]: 'include.path',
    [`GIT_CONFIG_VALUE_${next}`]: config,
  };
}

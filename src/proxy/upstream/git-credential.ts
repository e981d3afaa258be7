import type { Clock, Processes } from '../../platform/index.ts';
import type { HttpClient } from '../../platform/http/index.ts';
import { basicHeaders } from './credential-table.ts';
import type { CredentialHeaders } from './goauth-output.ts';
import { unavailable } from './goauth-setting.ts';

/** How often a HEAD that fails to connect is tried; only then is the helper told nothing. */
const validationTries = 3;

/** One HEAD of a proxy's base; what takes longer teaches the helper nothing. */
const validationMilliseconds = 15_000;

export interface GitCredentialNeeds {
  readonly processes: Processes;
  readonly http: HttpClient;
  readonly clock: Clock;
}

export interface GitCredentialSettings {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMilliseconds: number;
  readonly maximumOutputBytes: number;
}

export interface GitCredential {
  readonly prefix: string;
  readonly headers: CredentialHeaders;
  /** Tries the credential and tells git's helper whether it is good; best effort, never rejects. */
  validate(): Promise<void>;
}

/** Asks `git credential fill` for one URL. Throws where git has none or answers for another URL. */
export async function fillFromGit(
  needs: GitCredentialNeeds,
  settings: GitCredentialSettings,
  url: string,
): Promise<GitCredential> {
  const answer = await runGit(needs, settings, 'fill', Buffer.from(`url=${url}\n`));
  if (answer.code !== 0) throw unavailable('git has no credential');
  const { prefix, username, password } = parseGitCredential(answer.stdout.toString('latin1'));
  // A helper must not hand the password of one host to another.
  if (prefix === '' || !url.startsWith(prefix))
    throw unavailable('git answered for another address');
  const headers = basicHeaders(username, password);
  return {
    prefix,
    headers,
    validate: async () => {
      const status = await headStatus(needs, prefix, headers);
      if (status !== 200 && status !== 401) return;
      const action = status === 200 ? 'approve' : 'reject';
      await runGit(needs, settings, action, answer.stdout).catch(() => undefined);
    },
  };
}

interface ParsedGitCredential {
  readonly prefix: string;
  readonly username: string;
  readonly password: string;
}

/** Reads `key=value` lines as git prints them; a valid `url` line stands for all parts before it. */
export function parseGitCredential(text: string): ParsedGitCredential {
  const parts = { protocol: '', host: '', path: '', username: '', password: '' };
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    const equals = trimmed.indexOf('=');
    if (equals === -1) continue;
    const key = trimmed.slice(0, equals);
    const value = trimmed.slice(equals + 1);
    if (key === 'url') Object.assign(parts, splitUrl(value));
    else if (Object.hasOwn(parts, key)) Object.assign(parts, { [key]: value });
  }
  const { protocol, host, path, username, password } = parts;
  const slash = path !== '' && !path.startsWith('/') ? '/' : '';
  const prefix = host === '' ? '' : `${protocol}://${host}${slash}${path}`;
  return { prefix, username, password };
}

function splitUrl(value: string): { protocol: string; host: string; path: string } | undefined {
  if (value.startsWith('/')) return { protocol: '', host: '', path: value };
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)/.exec(value);
  if (match === null || !URL.canParse(value)) return undefined;
  return { protocol: match[1]?.toLowerCase() ?? '', host: match[2] ?? '', path: match[3] ?? '' };
}

function runGit(
  needs: GitCredentialNeeds,
  settings: GitCredentialSettings,
  action: 'fill' | 'approve' | 'reject',
  input: Uint8Array,
): ReturnType<Processes['run']> {
  return needs.processes.run(['git', 'credential', action], { ...settings, input });
}

async function headStatus(
  needs: GitCredentialNeeds,
  url: string,
  headers: CredentialHeaders,
): Promise<number | undefined> {
  for (let attempt = 0; attempt < validationTries; attempt += 1) {
    try {
      const response = await needs.http.request({
        method: 'HEAD',
        url,
        headers: { authorization: headers.get('authorization')?.[0] ?? '' },
        signal: needs.clock.deadline(validationMilliseconds),
        connectMilliseconds: validationMilliseconds,
        headersMilliseconds: validationMilliseconds,
        idleMilliseconds: validationMilliseconds,
      });
      response.discard();
      return response.status;
    } catch {
      // Tried again; the request that needs the credential reports for itself.
    }
  }
  return undefined;
}

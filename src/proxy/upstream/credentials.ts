import { basename, join } from 'node:path';
import { isProgramError } from '../../platform/index.ts';
import type { Clock, Files, Logger, Processes } from '../../platform/index.ts';
import type { HttpClient } from '../../platform/http/index.ts';
import { basicHeaders, createCredentialTable } from './credential-table.ts';
import type { CredentialTable } from './credential-table.ts';
import { fillFromGit } from './git-credential.ts';
import { invalid, parseGoauth, unavailable } from './goauth-setting.ts';
import type { GoauthMethod } from './goauth-setting.ts';
import { parseGoauthOutput } from './goauth-output.ts';
import type { CredentialHeaders } from './goauth-output.ts';
import { formatResponseHead } from './response-head.ts';
import { parseNetrc } from './netrc.ts';
import type { NetrcEntry } from './netrc.ts';

/** A helper may wake an agent or ask a token service; what takes longer waits for a person. */
const commandMilliseconds = 60_000;

/** Real answers are some hundred bytes per host. */
const commandOutputBytes = 1024 * 1024;

/** Real files hold some lines. */
const netrcBytes = 1024 * 1024;

export interface CredentialsNeeds {
  readonly processes: Processes;
  readonly files: Pick<Files, 'readWhole' | 'status'>;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface CredentialsSettings {
  /** GOAUTH in force, as `go env` gives it; empty means `netrc`. */
  readonly goauth: string;
  /** Where commands run. */
  readonly directory: string;
  /** For commands, and for NETRC and HOME. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Lower-case names, ready to be sent. */
export type RequestHeaders = Readonly<Record<string, string>>;

/**
 * The user's own credentials for upstream requests, found as `go` finds them (`go help goauth`).
 * Only https requests get any. Throws `goauth-invalid` where `go` refuses GOAUTH itself.
 */
export interface Credentials {
  /** They outrank user info in the URL, which the HTTP client sends where nothing matches. */
  headersFor(url: string): Promise<RequestHeaders>;
  /**
   * After a 4xx over https: asks the commands again, for this URL and answer. Gives headers that
   * differ from those `sent`, with which to repeat the request once, or undefined. Where `sent` is
   * not given, any headers are worth a repetition.
   */
  afterRefusal(
    url: string,
    status: number,
    responseHeaders: Readonly<Record<string, string>>,
    sent?: RequestHeaders,
  ): Promise<RequestHeaders | undefined>;
  /** Resolves when nothing runs in the background any more. */
  settled(): Promise<void>;
}

export function createCredentials(
  needs: CredentialsNeeds,
  settings: CredentialsSettings,
): Credentials {
  const run = createMethodRuns(needs, settings);
  async function headersFor(url: string): Promise<RequestHeaders> {
    if (!isHttps(url)) return {};
    await run.first();
    return flatten(run.table.find(url));
  }
  return {
    headersFor,
    afterRefusal: async (url, status, responseHeaders, sent = {}) => {
      if (!isHttps(url) || status < 400 || status > 499) return undefined;
      if (!(await run.again({ url, status, headers: responseHeaders }))) return undefined;
      const now = await headersFor(url);
      return sameHeaders(now, sent) ? undefined : now;
    },
    settled: () => run.settled(),
  };
}

interface Refusal {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

type Collector = Pick<CredentialTable, 'store'>;

interface MethodRuns {
  readonly table: CredentialTable;
  /** Runs every method once, however many ask. */
  first(): Promise<void>;
  /** False when no method could know more than before. */
  again(refusal: Refusal): Promise<boolean>;
  settled(): Promise<void>;
}

function createMethodRuns(needs: CredentialsNeeds, settings: CredentialsSettings): MethodRuns {
  const table = createCredentialTable();
  const background = new Set<Promise<void>>();
  let methods: readonly GoauthMethod[] | undefined;
  let first: Promise<void> | undefined;
  let netrc: Promise<readonly NetrcEntry[]> | undefined;
  /** Commands run one after the other, also for different URLs: fifty 404s at a time are usual. */
  let queue: Promise<void> = Promise.resolve();
  function parsed(): readonly GoauthMethod[] {
    methods ??= parseGoauth(settings.goauth);
    return methods;
  }
  /** The file is read once; a refusal does not change it. */
  function readNetrc(): Promise<readonly NetrcEntry[]> {
    netrc ??= readNetrcFile(needs, settings);
    return netrc;
  }
  /** Backwards, so that what an earlier method says replaces what a later one said. */
  async function runAll(refusal: Refusal | undefined): Promise<void> {
    // All at once at the end: nobody may see a later method's word before the earlier one's.
    const found: Parameters<CredentialTable['store']>[] = [];
    const collect: Collector = { store: (...entry) => found.push(entry) };
    for (const method of parsed().toReversed()) {
      const validation = await runMethod(needs, settings, method, refusal, collect, readNetrc);
      if (validation === undefined) continue;
      const tracked = validation().finally(() => background.delete(tracked));
      background.add(tracked);
    }
    for (const entry of found) table.store(...entry);
  }
  return {
    table,
    first: () => {
      first ??= runAll(undefined);
      return first;
    },
    again: async (refusal) => {
      if (!parsed().some((method) => method.kind !== 'netrc')) return false;
      const mine = queue.then(() => runAll(refusal));
      queue = mine.catch(() => undefined);
      await mine;
      return true;
    },
    settled: async () => {
      await Promise.all(background);
    },
  };
}

/** A method that fails is logged and passed over, as in `go`; only a wrong GOAUTH throws. */
async function runMethod(
  needs: CredentialsNeeds,
  settings: CredentialsSettings,
  method: GoauthMethod,
  refusal: Refusal | undefined,
  table: Collector,
  readNetrc: () => Promise<readonly NetrcEntry[]>,
): Promise<(() => Promise<void>) | undefined> {
  try {
    if (method.kind === 'git') {
      return await runGitMethod(needs, settings, method.directory, refusal, table);
    }
    if (method.kind === 'command') await runCommand(needs, settings, method.words, refusal, table);
    else await runNetrc(table, readNetrc);
  } catch (error) {
    if (!isProgramError(error) || error.kind === 'bug' || error.code === 'goauth-invalid')
      throw error;
    // Neither arguments nor output: both may hold secrets.
    const program = method.kind === 'command' ? basename(method.words[0] ?? '') : method.kind;
    needs.logger.warn('A method of GOAUTH gave no credentials', { program, reason: error.message });
  }
  return undefined;
}

/** Also after a refusal: a later method that ran again must not outrank an earlier .netrc. */
async function runNetrc(
  table: Collector,
  readNetrc: () => Promise<readonly NetrcEntry[]>,
): Promise<void> {
  // Backwards: of two entries for one machine the earlier one counts.
  for (const entry of (await readNetrc()).toReversed()) {
    table.store(entry.machine, basicHeaders(entry.login, entry.password));
  }
}

async function readNetrcFile(
  needs: CredentialsNeeds,
  settings: CredentialsSettings,
): Promise<readonly NetrcEntry[]> {
  const named = settings.environment['NETRC'] ?? '';
  const home = settings.environment['HOME'] ?? '';
  if (named === '' && home === '') return [];
  const path = named === '' ? join(home, '.netrc') : named;
  const bytes = await needs.files.readWhole(path, netrcBytes);
  return bytes === undefined ? [] : parseNetrc(bytes.toString('latin1'));
}

async function runGitMethod(
  needs: CredentialsNeeds,
  settings: CredentialsSettings,
  directory: string,
  refusal: Refusal | undefined,
  table: Collector,
): Promise<(() => Promise<void>) | undefined> {
  const status = await needs.files.status(directory);
  if (status?.kind !== 'directory')
    throw invalid('the directory after "git" in GOAUTH is not there');
  // git cannot list what it knows: it must be asked for one URL.
  if (refusal === undefined) return undefined;
  const limits = {
    timeoutMilliseconds: commandMilliseconds,
    maximumOutputBytes: commandOutputBytes,
  };
  const environment = withoutPrompts(settings.environment);
  const credential = await fillFromGit(needs, { directory, environment, ...limits }, refusal.url);
  table.store(credential.prefix, credential.headers);
  return () => credential.validate();
}

async function runCommand(
  needs: CredentialsNeeds,
  settings: CredentialsSettings,
  words: readonly string[],
  refusal: Refusal | undefined,
  table: Collector,
): Promise<void> {
  const result = await needs.processes.run(
    refusal === undefined ? words : [...words, refusal.url],
    {
      directory: settings.directory,
      environment: withoutPrompts(settings.environment),
      timeoutMilliseconds: commandMilliseconds,
      maximumOutputBytes: commandOutputBytes,
      ...(refusal === undefined
        ? {}
        : { input: Buffer.from(formatResponseHead(refusal.status, refusal.headers), 'latin1') }),
    },
  );
  if (result.code !== 0) throw unavailable('the command failed');
  const blocks = parseGoauthOutput(result.stdout.toString('latin1'));
  if (blocks === undefined)
    throw unavailable('the command printed something else than "go help goauth" describes');
  for (const block of blocks) table.store(block.prefix, block.headers);
}

/** As `go` does unless the user decided otherwise: nobody sits at the other end of a prompt. */
function withoutPrompts(
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    ...environment,
    GIT_TERMINAL_PROMPT: environment['GIT_TERMINAL_PROMPT'] || '0',
    GCM_INTERACTIVE: environment['GCM_INTERACTIVE'] || 'never',
  };
}

function isHttps(url: string): boolean {
  return /^https:\/\//i.test(url);
}

function flatten(headers: CredentialHeaders | undefined): RequestHeaders {
  return Object.fromEntries(
    [...(headers ?? [])].map(([name, values]) => [name, values.join(', ')]),
  );
}

function sameHeaders(one: RequestHeaders, other: RequestHeaders): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
  );
}

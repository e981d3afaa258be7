import { maskUrl } from '../../masking/index.ts';
import { finding } from '../probe.ts';
import type { ProbeFinding } from '../probe.ts';
import type { GitResult } from './git-commands.ts';

type Rule = readonly [pattern: RegExp, code: string, title: string, fix: string];

/** What git and ssh say, the more particular first. HOST stands for the host. */
const RULES: readonly Rule[] = [
  [
    /could not resolve hostname \S+:(?!\d)\w/i,
    'git-insteadof-broken',
    'a rewrite of git makes HOST into a name that does not exist',
    'write the rewrite as git@host: or ssh://git@host/',
  ],
  [
    /ssh: could not resolve hostname/i,
    'git-ssh-unreachable',
    'ssh cannot look up HOST',
    'correct the rewrite rule of git, or give this machine a resolver that knows the name',
  ],
  [
    /could not resolve (?:host|proxy)/i,
    'git-dns',
    'git cannot look up HOST',
    'give this machine or container a resolver that knows the name',
  ],
  [
    /host key verification failed|no \S+ host key is known/i,
    'git-ssh-hostkey',
    'ssh does not know the host key of HOST',
    'add the published keys of the host to known_hosts; do not switch the check off',
  ],
  [
    /permission denied \([^)]*publickey|too many authentication failures/i,
    'git-ssh-publickey',
    'HOST accepts no ssh key of this user',
    'register a deploy key, or pass the agent into the build with --ssh default',
  ],
  [
    /ssh: connect to host|kex_exchange_identification|connection (?:closed|reset) by .* port/i,
    'git-ssh-unreachable',
    'ssh cannot reach HOST',
    'have port 22 allowed, use the port 443 of the host where it has one, or use https',
  ],
  [
    /could not read username|terminal prompts disabled|could not read password/i,
    'git-auth-https-prompt',
    'HOST wants credentials and git has none, or the repository does not exist',
    'put credentials for the host into netrc or a credential helper, and mount them into the build',
  ],
  [
    /authentication failed|http basic: access denied|invalid username or (?:token|password)|error: 401/i,
    'git-auth-failed',
    'HOST does not accept the credentials that git has',
    'renew the token; check that it belongs to this host',
  ],
  [
    /error: 403|access denied|write access to repository not granted/i,
    'git-forbidden',
    'HOST knows who asks and says no',
    'give this token or key access to the repository; authorise it for single sign-on',
  ],
  [
    /repository .*not found|does not exist|does not appear to be a git repository|error: 404/i,
    'git-repo-not-found',
    'there is no such repository at HOST, or nobody may see it',
    'check the module path; hosts say the same to those without rights',
  ],
  [
    /error: 5\d\d|empty reply from server|unexpected eof|not properly terminated|non-properly terminated/i,
    'git-http-5xx',
    'HOST fails at the moment',
    'try again; then look at the status page of the host',
  ],
  [
    /ssl certificate|certificate verif|ssl_error|tls|gnutls/i,
    'git-tls',
    'git does not trust the certificate of HOST',
    'put the root certificate into the system store, or name it in http.sslCAInfo; do not switch the check off',
  ],
  [
    /connect tunnel failed|received http code \d+ from proxy|proxy/i,
    'git-proxy',
    'the forward proxy of git does not let HOST through',
    'correct http.proxy of git, or except the host in no_proxy',
  ],
  [
    /error: 429/i,
    'git-rate-limited',
    'HOST has had too many requests from here',
    'wait; then let builds share a module proxy, and fetch with a token of their own',
  ],
  [
    /connection refused|timed out|timeout|no route to host|unreachable|failed to connect/i,
    'git-connect',
    'git cannot connect to HOST',
    'have outgoing connections to this host allowed, or let a proxy serve these modules',
  ],
];

/** Undefined for words that nobody knows: no finding is better than a guess. */
export function judgeRemote(
  module: string,
  url: string,
  { stderr, isTooLate }: GitResult,
): ProbeFinding | undefined {
  const host = hostOf(url);
  const rule = isTooLate ? RULES.at(-1) : RULES.find(([pattern]) => pattern.test(stderr));
  if (rule === undefined) return undefined;
  const [, code, title, fix] = rule;
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return finding(code, {
    scope: host,
    title: title.replace('HOST', host),
    explanation: `go fetches ${module} from ${maskUrl(url)}, with git.`,
    confidence: 0.95,
    evidence: lines.slice(0, 4).map((text) => ({ kind: 'log', text, source: 'git ls-remote' })),
    fix,
    command: `git ls-remote ${typed(url)} HEAD`,
    dependsOn: ['git-insteadof-broken', 'dns-timeout', 'dns-server-unreachable', 'net-sandboxed'],
  });
}

/** Over ssh the user belongs to the address. */
function typed(url: string): string {
  const [, user] = /^ssh:\/\/((?:git|hg)@)/.exec(url) ?? [];
  const masked = maskUrl(url);
  return user === undefined ? masked : masked.replace('ssh://', `ssh://${user}`);
}

function hostOf(url: string): string {
  const [, host] = /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?([^:/]+)/i.exec(url) ?? [];
  return host ?? url;
}

/** A colon behind the host is a path for scp-like addresses and a port in URLs. */
export function brokenRewrite(rewrites: string): ProbeFinding | undefined {
  for (const line of rewrites.split('\n')) {
    const [, to = '', from = ''] = /^url\.(.*)\.insteadof (.*)$/i.exec(line) ?? [];
    if (!/^ssh:\/\/[^/]*:(?!\d+(?:\/|$))/i.test(to)) continue;
    return finding('git-insteadof-broken', {
      scope: 'machine git',
      title: `git rewrites ${maskUrl(from)} to an address that cannot be`,
      explanation:
        'In a URL with ssh:// a colon behind the host is followed by a port. Names such as host:team are then looked up and do not exist.',
      evidence: [
        {
          kind: 'setting',
          text: `url.${maskUrl(to)}.insteadOf=${maskUrl(from)}`,
          source: 'git config',
        },
      ],
      fix: 'write it as git@host: or as ssh://git@host/',
      command: 'git config --show-origin --get-regexp insteadof | sed "s#//[^@]*@#//[hidden]@#"',
    });
  }
  return undefined;
}

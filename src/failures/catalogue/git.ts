import type { Failure } from './failure.ts';

/** Credentials, repositories and ssh: what git says, mostly in the indented lines below `git … in …: exit status 128:`. */
export const gitFailures: readonly Failure[] = [
  {
    id: 'git-missing',
    class: 'version-control',
    title: 'git is not installed',
    meaning:
      'The go command fell back to the repository itself and has no git to ask it with. Mostly a module proxy should have answered before.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'install git in the image, or make the module proxy reachable so that git is not needed',
    command: 'apk add --no-cache git || apt-get install -y git',
    probe: 'git version, and why the direct route was taken',
    needs: ['environment'],
    mistakenFor: ['vcs-tool-missing', 'proxy-not-found'],
    depth: 70,
    forms: [
      {
        phrases: ['unable to find remote helper for', "git: 'remote-http"],
        weight: 2,
      },
      {
        phrases: ['executable file not found', 'cannot run executable'],
        pattern: /exec: "git": (?:executable file not found|cannot run)/,
        weight: 3,
      },
      {
        phrases: ['failed to execute git version', 'unable to resolve git version'],
        weight: 3,
        dialect: 'Go 1.27',
      },
      { phrases: ['git: command not found', 'git: not found'], isWarning: true, weight: 3 },
      { phrases: ['go: missing git command'], weight: 2, dialect: 'GOPATH mode' },
    ],
  },
  {
    id: 'git-auth-https-prompt',
    class: 'version-control',
    title: 'git has no credentials for this host',
    meaning:
      'git wanted to ask for a name and nobody can answer in a build. Hosts answer so both for a repository that is private and for one that does not exist.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'give git a token through netrc or a secret mount, or ssh; check first that the path has no typing error',
    command: 'GIT_TERMINAL_PROMPT=0 git ls-remote {repository}',
    probe: 'the same repository anonymously and with the token',
    needs: ['module', 'environment'],
    mistakenFor: ['git-repo-not-found', 'proxy-not-found', 'git-auth-failed'],
    forms: [
      {
        phrases: [
          'could not read username',
          'could not read password',
          'terminal prompts disabled',
          'cannot prompt because user interactivity has been disabled',
        ],
        weight: 3,
      },
    ],
  },
  {
    id: 'git-auth-failed',
    class: 'version-control',
    title: 'the git host refused the credentials',
    meaning:
      'A name and a token were sent and not accepted: expired, of the wrong scope, not authorised for the organisation, or a password where only tokens count.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'renew the token with the right to read the repository, and authorise it for single sign-on where the organisation wants that',
    command: 'GIT_TERMINAL_PROMPT=0 git ls-remote {repository}',
    probe: 'the rights and the end of the token at the host',
    needs: ['environment'],
    mistakenFor: ['git-auth-https-prompt', 'git-forbidden'],
    depth: 49,
    forms: [
      {
        phrases: ['authentifizierung fehlgeschlagen f', 'authentification pour'],
        pattern: /Authentifizierung fehlgeschlagen für '|chec d'authentification pour '/,
        weight: 3,
        dialect: 'git in other languages',
      },
      {
        phrases: [
          'remote: invalid',
          'token has expired',
          'token is expired',
          'remote: the token',
          'saml sso',
          'password authentication in git is not supported',
          'remote: permission to',
        ],
        pattern:
          /remote: (?:Invalid|.{0,200}token (?:has|is) expired|The token|.{0,200}SAML SSO)|[Pp]assword authentication in Git|enabled or enforced SAML SSO/,
        weight: 3,
      },
      { phrases: ['requested url returned error: 401'], weight: 2 },
      {
        phrases: [
          'authentication failed for',
          'http basic: access denied',
          'support for password authentication was removed',
          'invalid username or',
          'invalid credentials',
        ],
        pattern:
          /Authentication failed for|HTTP Basic: Access denied|Support for password authentication|(?:remote|fatal): Invalid (?:username or|credentials)/i,
        weight: 3,
      },
    ],
  },
  {
    id: 'git-forbidden',
    class: 'version-control',
    title: 'the git host forbids access to the repository',
    meaning:
      'It answered 403: no right, an address that is not on the list, a suspended repository, or too much traffic.',
    owner: 'author',
    retry: 'permanent-but-cheap',
    remedy:
      'read the "remote:" lines above; give the token the right, or let the address of the build be allowed',
    command: 'GIT_TERMINAL_PROMPT=0 git ls-remote {repository}',
    probe: 'the same from another address and with another token',
    needs: ['environment'],
    mistakenFor: ['git-auth-failed', 'git-proxy', 'proxy-forbidden'],
    forms: [
      {
        phrases: [
          'remote: permission to',
          'you are not allowed to',
          'is not allowed to access',
          'your account is suspended',
          'access to this repository has been disabled',
          'you are trying to access has been disabled',
        ],
        pattern:
          /remote: Permission to|not allowed to|suspended|(?:repository|access) has been disabled/,
        weight: 2,
      },
      { phrases: ['requested url returned error: 403'], weight: 3 },
      {
        phrases: [
          'remote: write access to repository not granted',
          'access denied or repository not exported',
          'remote: forbidden',
        ],
        weight: 2,
      },
    ],
  },
  {
    id: 'git-repo-not-found',
    class: 'version-control',
    title: 'the git host does not have the repository, or does not show it',
    meaning:
      'Deleted, renamed or mistyped; a private one is hidden in the same words from those without a right.',
    owner: 'author',
    retry: 'permanent',
    remedy:
      'open the repository in a browser while logged in: when it is there, the build needs a right; when not, replace the module',
    command: 'git ls-remote {repository}',
    probe: 'does it exist, asked with credentials',
    needs: ['module', 'environment'],
    mistakenFor: ['git-auth-https-prompt', 'gitlab-subgroup-root'],
    forms: [
      {
        phrases: ["' nicht gefunden", "' no encontrado", "' non trouv", "' non trovato"],
        pattern:
          /(?:[Rr]epository|[Rr]epositorio|[Dd]épôt|[Dd]ep) '[^']{1,600}' (?:nicht gefunden|no encontrado|non trouv|non trovato)/,
        weight: 2,
        dialect: 'git in other languages',
      },
      {
        phrases: [
          'repository does not exist',
          'could not find repository',
          'the requested repository either does not exist',
          'tf401019',
        ],
        weight: 2,
      },
      {
        phrases: [
          'repository not found',
          "' not found",
          "' does not exist",
          'the project you were looking for could not be found',
          'does not appear to be a git repository',
          'returned error: 404',
        ],
        pattern:
          /[Rr]epository (?:'[^']{1,600}' )?not found|[Rr]epository '[^']{1,600}' does not exist|ERROR: Repository not found|The project you were looking for could not be found|does not appear to be a git repository|requested URL returned error: 404/,
        weight: 2,
      },
    ],
  },
  {
    id: 'git-ssh-publickey',
    class: 'version-control',
    title: 'the git host does not know the ssh key, or none was offered',
    meaning:
      'ssh connected and no key was accepted: no agent in the container, or a key that is not added to the account.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'give the build a deploy key through the agent (--ssh default); where an insteadOf turns public modules to ssh, limit it to your own organisation',
    command: 'ssh -T -o BatchMode=yes git@{host}; ssh-add -l',
    probe: 'keys of the agent inside the build, and a trial login',
    needs: ['environment'],
    mistakenFor: ['git-ssh-hostkey', 'cache-permission-denied'],
    forms: [
      {
        phrases: ['permission denied ('],
        pattern: /Permission denied \([^)]{0,120}publickey/,
        weight: 4,
      },
      {
        phrases: [
          'no supported authentication methods',
          'unable to authenticate, attempted methods',
        ],
        weight: 3,
      },
    ],
  },
  {
    id: 'git-ssh-hostkey',
    class: 'version-control',
    title: 'ssh cannot verify the key of the git host',
    meaning:
      'The key of the host is not in known_hosts, or is another one than there. The second means a change at the host or somebody in between.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'put the published keys of the host into known_hosts when the image is built; after "has changed" compare with what the host publishes before anything else',
    command: 'ssh-keygen -F {host}',
    probe: 'known_hosts of the build for that host, against the published keys',
    needs: ['environment'],
    mistakenFor: ['git-ssh-publickey'],
    forms: [
      {
        phrases: [
          'host key verification failed',
          'remote host identification has changed',
          'no matching host key type',
          'host key is known for',
        ],
        weight: 4,
      },
    ],
  },
  {
    id: 'git-ssh-unreachable',
    class: 'version-control',
    title: 'the git host cannot be reached over ssh',
    meaning: 'Port 22 is closed on the way, refused, or the name of the host was not found.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy: 'use https, or ssh over port 443 where the host offers it; open port 22',
    command: 'nc -vz -w 10 {host} 22',
    probe: 'TCP to port 22 and to the ssh port on 443',
    needs: ['target', 'environment', 'repetition'],
    mistakenFor: ['git-insteadof-broken', 'tcp-connection-refused'],
    forms: [
      {
        phrases: ['connection timed out during banner exchange', 'ssh: no route', 'port 22: '],
        pattern: /banner exchange|port 22: |ssh: /,
        weight: 2,
      },
      { phrases: ['ssh: connect to host'], weight: 4 },
      {
        phrases: ['could not resolve hostname'],
        pattern: /Could not resolve hostname [\w.-]{1,253}(?:: |$)/i,
        weight: 3,
      },
      { phrases: ['kex_exchange_identification', 'ssh_exchange_identification'], weight: 3 },
      {
        phrases: ['connection closed by', 'connection reset by'],
        pattern: /^Connection (?:closed|reset) by (?:remote host|\S{1,100}(?: port \d+)?)/,
        weight: 1,
        said: 'go',
      },
    ],
  },
  {
    id: 'git-insteadof-broken',
    class: 'version-control',
    title: 'a rewrite rule of git makes an address that cannot exist',
    meaning:
      'ssh was given "host:organisation" as a host name: an insteadOf rule mixes the two ways to write an ssh address. It is not DNS.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'write the rule as git@host: or as ssh://git@host/',
    command: 'git config --show-origin --get-regexp insteadof | sed "s#//[^@]*@#//[hidden]@#"',
    probe: 'the rewrite rules in force for that user',
    needs: ['environment'],
    mistakenFor: ['git-ssh-unreachable', 'dns-no-such-host'],
    depth: 48,
    forms: [
      {
        phrases: ['could not resolve hostname'],
        pattern: /Could not resolve hostname (?:[\w.-]{1,253}:[\w-]|https?:|\S{1,100}@)/i,
        weight: 4,
      },
      {
        phrases: ['url using bad/illegal format', 'url rejected: '],
        pattern:
          /unable to access '.{1,600}(?:URL using bad|URL rejected: (?:Port number|Bad|Malformed))/,
        weight: 4,
      },
    ],
  },
];

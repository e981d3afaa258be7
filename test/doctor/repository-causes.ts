import { failingGit } from './planted-cause.ts';
import type { Cause } from './planted-cause.ts';

const MODFILE =
  'module example.test/main\n\ngo 1.21\n\nrequire private.invalid/team/app.git v1.0.0\n';
const PRIVATE = { GOPRIVATE: 'private.invalid' };

function git(says: string, code: string): Cause {
  return {
    cause: `git says: ${says}`,
    code,
    plant: async (t) => ({
      files: { 'go.mod': MODFILE },
      environment: {
        ...PRIVATE,
        PATH: `${await failingGit(t, says)}:${process.env['PATH'] ?? ''}`,
      },
    }),
  };
}

const ACCESS = 'fatal: unable to access';

export const repositoryCauses: readonly Cause[] = [
  git(
    "fatal: could not read Username for 'https://private.invalid': terminal prompts disabled",
    'git-auth-https-prompt',
  ),
  git("fatal: Authentication failed for 'https://private.invalid/'", 'git-auth-failed'),
  git(`${ACCESS}: The requested URL returned error: 403`, 'git-forbidden'),
  git('remote: Repository not found.', 'git-repo-not-found'),
  git('git@private.invalid: Permission denied (publickey).', 'git-ssh-publickey'),
  git('Host key verification failed.', 'git-ssh-hostkey'),
  git('ssh: connect to host private.invalid port 22: Connection timed out', 'git-ssh-unreachable'),
  git(
    'ssh: Could not resolve hostname private.invalid:team: Name or service not known',
    'git-insteadof-broken',
  ),
  git(`${ACCESS}: Could not resolve host: private.invalid`, 'git-dns'),
  git(`${ACCESS}: SSL certificate problem: self-signed certificate`, 'git-tls'),
  git(`${ACCESS}: CONNECT tunnel failed, response 403`, 'git-proxy'),
  git(`${ACCESS}: The requested URL returned error: 502`, 'git-http-5xx'),
  git(
    `${ACCESS}: Failed to connect to private.invalid port 443: Connection refused`,
    'git-connect',
  ),
];

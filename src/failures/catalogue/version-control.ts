import type { Failure } from './failure.ts';

export const versionControlFailures: readonly Failure[] = [
  {
    id: 'vcs-stamp-failed',
    class: 'version-control',
    title: 'go could not read the state of the repository that it builds',
    meaning:
      'To stamp the binary, go asks git about this directory, and git refused, mostly because another user owns it. The line of git itself is not printed.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'tell git that the directory is safe for this user, or build without the stamp',
    command: 'git config --global --add safe.directory "$(pwd)"',
    probe: 'git status in that directory, as the same user',
    needs: ['environment'],
    mistakenFor: ['git-missing', 'version-unknown-revision'],
    depth: 52,
    forms: [
      { phrases: ['multiple vcs detected'], weight: 3 },
      { phrases: ['error obtaining vcs status'], weight: 4 },
      { phrases: ['use -buildvcs=false'], weight: 3 },
      { phrases: ['detected dubious ownership'], isWarning: true, weight: 3 },
    ],
  },
  {
    id: 'govcs-disallowed',
    class: 'version-control',
    title: 'GOVCS does not allow this version control for this path',
    meaning: 'By default public paths may use git and hg only; the setting can forbid more.',
    owner: 'developer',
    retry: 'permanent',
    remedy: 'allow that one tool for that one host, or fetch the module through a proxy',
    command: 'go env GOVCS',
    probe: 'GOVCS, and which tool the path wants',
    needs: ['environment'],
    mistakenFor: ['vcs-tool-missing', 'vcs-no-secure-protocol'],
    depth: 35,
    forms: [
      {
        phrases: ['entry in govcs', 'pattern in govcs', 'vcs list in govcs', 'vcs name in govcs'],
        weight: 3,
      },
      { phrases: ['govcs disallows using'], weight: 4 },
    ],
  },
  {
    id: 'vcs-no-secure-protocol',
    class: 'version-control',
    title: 'no secure way to the repository worked',
    meaning:
      'For a path with .git or .hg in it go tries each scheme, and all failed. What failed is not told.',
    owner: 'network',
    retry: 'transient-then-permanent',
    remedy:
      'ask the repository by hand over https and over ssh; the answer tells which cause it is',
    command: 'GIT_TERMINAL_PROMPT=0 git ls-remote {repository}',
    probe: 'ls-remote over https and over ssh',
    needs: ['environment', 'module'],
    mistakenFor: ['git-auth-https-prompt', 'git-connect'],
    forms: [
      { phrases: ['no protocol found for repository'], weight: 3 },
      { phrases: ['no secure protocol found for repository'], weight: 3 },
    ],
  },
  {
    id: 'gitlab-subgroup-root',
    class: 'version-control',
    title: 'GitLab gave a shortened address for a module in a subgroup',
    meaning:
      'Without credentials it answers ?go-get=1 with group/subgroup as the repository, which is none.',
    owner: 'platform',
    retry: 'permanent',
    remedy:
      'put a token for the host into netrc so that the question is asked with it, or write .git behind the repository in the path',
    command: 'curl -sS --netrc "https://{module}?go-get=1"',
    probe: 'the go-import tag with and without a token',
    needs: ['module', 'environment'],
    mistakenFor: ['git-repo-not-found', 'git-auth-https-prompt'],
    depth: 47,
    forms: [],
  },
  {
    id: 'vcs-tool-missing',
    class: 'version-control',
    title: 'the version control tool of this module is not installed',
    meaning:
      'The repository is kept in hg, svn, bzr or fossil, and the image does not have that tool.',
    owner: 'platform',
    retry: 'permanent',
    remedy: 'install it, fetch through a module proxy, or use a mirror in git',
    command: 'command -v hg svn bzr fossil',
    probe: 'which tool the path wants, and whether it is there',
    needs: ['environment', 'module'],
    mistakenFor: ['git-missing', 'govcs-disallowed'],
    forms: [
      { phrases: ['cannot run ssh'], weight: 3 },
      {
        phrases: ['executable file not found'],
        pattern: /exec: "(?:hg|svn|bzr|fossil)": executable file not found/,
        weight: 4,
      },
      {
        phrases: [
          'go: missing mercurial command',
          'go: missing subversion',
          'go: missing bazaar',
          'go: missing fossil',
        ],
        weight: 3,
      },
    ],
  },
];

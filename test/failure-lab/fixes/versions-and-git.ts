import { createRepository, gitHost, metaPage } from '../world/git-host.ts';
import { requiring } from '../scenarios/git-planting.ts';
import { send } from '../world/module-proxy.ts';
import {
  codeHost,
  fix,
  forwardProxy,
  inspectionRoot,
  ROOT_FILE,
  theModule,
  throughProxy,
  TRUST_IT,
  type Fixes,
} from './fix.ts';

const TOKEN = 'token-of-ci';

function netrcFor(host: string): string {
  return `machine ${host} login ci password ${TOKEN}\n`;
}

/** Versions, vanity hosts, git and other tools. */
export const versionAndGitFixes: Fixes = {
  'version-unknown-revision': fix(
    'tag-deleted',
    'a version that exists was required',
    (world, planted) => ({
      files: { ...planted.files, ...requiring(world, 'v1.0.0') },
    }),
  ),
  'zero-pseudo-version': fix(
    'replace-not-inherited',
    'the own go.mod got a replace for that module',
    ({ names }) => ({
      typed: `mkdir -p own && echo 'module ${names.module(0)}' >own/go.mod && echo 'package a' >own/a.go && go mod edit -replace=${names.module(0)}=./own`,
      // A list names the version that was replaced.
      command: 'go build -mod=mod ./...',
    }),
  ),
  'version-no-match': fix(
    'nothing-tagged-so',
    'a version was named that go list -m -versions has',
    ({ names }) => ({ command: `go get ${names.module(0)}@v1.0.0` }),
  ),
  'module-path-mismatch': fix(
    'fork',
    'the original was required and imported, and replaced by the fork',
    ({ names }) => ({
      typed: `go mod edit -droprequire=${names.module(0)} -require=github.com/upstream/original@v1.0.0 -replace=github.com/upstream/original=${names.module(0)}@v1.0.0 && sed -i 's#"${names.module(0)}"#"github.com/upstream/original"#' main.go`,
    }),
  ),
  'pseudo-version-invalid': fix(
    'wrong-time',
    'go get MODULE@COMMIT wrote the version',
    ({ names }) => ({
      typed: `go mod edit -droprequire=${names.module(0)} && go get -d ${names.module(0)}@main`,
    }),
  ),
  'go-import-missing': fix(
    'log-in-page',
    'the host shows the go-import line to those who are not logged in',
    async (world, planted) => {
      const path = /require (\S+)/.exec(planted.files?.['go.mod'] ?? '')?.[1] ?? '';
      const [host = ''] = path.split('/');
      createRepository(world.scratch, 'team/thing', [
        {
          tag: 'v1.0.0',
          files: { 'go.mod': `module ${path}\n\ngo 1.15\n`, 'a.go': 'package a\n' },
        },
      ]);
      await world.web('github.com', gitHost(world.scratch));
      const page = metaPage(path, 'https://github.com/team/thing');
      await world.web(host, (_, response) => send(response, 200, page, 'text/html'));
      return {};
    },
  ),
  'vanity-host-unreachable': throughProxy('dns', 'a module proxy stands before direct'),
  'vanity-host-5xx': throughProxy('50x', 'a proxy in front had the version'),
  'git-missing': fix(
    'slim-image',
    'a module proxy was asked, which has git',
    async (world, planted) => {
      await world.mirror([theModule(world)]);
      return { env: { ...planted.env, GOPROXY: 'https://proxy.golang.org' } };
    },
  ),
  'git-auth-https-prompt': fix(
    'no-credentials',
    'a netrc with a token was given to the build user',
    async (world, planted) => {
      await codeHost(world, TOKEN);
      const file = `${world.names.home}/.netrc`;
      return { files: { ...planted.files, [file]: netrcFor('github.com') } };
    },
  ),
  'git-auth-failed': fix('token-expired', 'a new token replaced the old one', async (world) => {
    await codeHost(world, TOKEN);
    return {
      typed: `git config --global credential.helper "!f() { echo username=ci; echo password=${TOKEN}; }; f"`,
    };
  }),
  'git-forbidden': fix('403', 'the account of the build got read access', async (world) => {
    await codeHost(world);
    return {};
  }),
  'git-repo-not-found': throughProxy(
    '404',
    'the version came from a module proxy that still has it',
  ),
  'git-http-5xx': throughProxy('50x', 'a module proxy served what it has'),
  'git-rate-limited': throughProxy('429', 'a module proxy was asked in place of the host'),
  'git-dns': throughProxy('unknown-host', 'a module proxy that has the module was asked'),
  'git-connect': throughProxy('refused', 'the module was fetched through a module proxy'),
  'git-transfer-broken': fix(
    'pack-cut',
    'a module proxy sent one zip in place of the history',
    async (world, planted) => {
      await world.mirror([{ path: world.names.module(0), version: 'v1.0.0' }]);
      return { env: { ...planted.env, GOPROXY: 'https://proxy.golang.org' } };
    },
  ),
  'git-tls': fix(
    'unknown-authority',
    "the company's root went into the bundle that git reads",
    async (world, planted) => {
      await codeHost(world, undefined, true);
      return {
        files: { ...planted.files, [ROOT_FILE]: inspectionRoot(world) },
        typed: TRUST_IT,
      };
    },
  ),
  'git-proxy': fix(
    'tunnel-refused',
    'the proxy lets the account through that stands in https_proxy',
    async (world, planted) => {
      await codeHost(world);
      const host = new URL(planted.env?.['https_proxy'] ?? '').hostname;
      const { address } = await world.web('github.com', gitHost(world.scratch));
      await forwardProxy(world, host, address, 'pw');
      return { env: { ...planted.env, https_proxy: `http://ci:pw@${host}:3128` } };
    },
  ),
  'git-ssh-unreachable': fix(
    'port-22-refused',
    'the rule to ssh was removed, and https got a token',
    async (world, planted) => {
      await codeHost(world, TOKEN);
      const file = `${world.names.home}/.netrc`;
      return {
        files: { ...planted.files, [file]: netrcFor('github.com') },
        typed: 'git config --global --remove-section url."ssh://git@github.com/"',
      };
    },
  ),
  'govcs-disallowed': fix('off', 'GOVCS allows git for public paths', async (world, planted) => {
    await codeHost(world);
    return { env: { ...planted.env, GOVCS: 'public:git|hg,private:all' } };
  }),
  'vcs-tool-missing': throughProxy(
    'hg',
    'a module proxy had it, which needs the tool once for everybody',
  ),
  'vcs-stamp-failed': fix(
    'dubious-ownership',
    'git config --global --add safe.directory',
    ({ names }) => ({ typed: `git config --global --add safe.directory ${names.folder}` }),
  ),
};

import type { DoctorNeeds } from '../needs.ts';
import type { Patient, SampleModule } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { Observation, Probe, ProbeFinding, ProbeResult } from '../probe.ts';
import { maskUrl } from '../../masking/index.ts';
import { findRepository } from './find-repository.ts';
import type { Located } from './find-repository.ts';
import { hasProgram, listRemote, runGit } from './git-commands.ts';
import { brokenRewrite, judgeRemote } from './judge-repositories.ts';

/** One module of each host shows what the host does. */
const HOSTS = 3;
const HOSTS_DEEP = 10;

/** Where private modules live: vanity hosts, then git over https or ssh, without ever asking a person. */
export const repositoriesProbe: Probe = {
  name: 'repositories',
  about: 'repositories of private modules',
  limitMilliseconds: 15_000,
  confirms: [
    'git-missing',
    'git-auth-https-prompt',
    'git-auth-failed',
    'git-forbidden',
    'git-repo-not-found',
    'git-ssh-publickey',
    'git-ssh-hostkey',
    'git-ssh-unreachable',
    'git-insteadof-broken',
    'git-dns',
    'git-connect',
    'git-tls',
    'git-proxy',
    'git-http-5xx',
    'git-rate-limited',
    'vcs-tool-missing',
    'go-import-missing',
    'vanity-host-unreachable',
    'vanity-host-5xx',
  ],
  async run(patient, needs, signal) {
    const version = await runGit(patient, needs, ['--version'], signal);
    const modules = oneOfEachHost(patient);
    if (version === undefined) return withoutGit(patient, modules);
    const seen: Observation[] = [];
    if (modules.length > 0) {
      seen.push({ subject: 'git', text: version.stdout.trim().slice(0, 60), ok: true });
    }
    const rewrites = await runGit(
      patient,
      needs,
      ['config', '--get-regexp', '^url\\..*\\.insteadof$'],
      signal,
    );
    const broken = brokenRewrite(rewrites?.stdout ?? '');
    const results = await Promise.all(
      modules.map(async (module) => examine(patient, needs, module, signal)),
    );
    return {
      observations: [...seen, ...results.flatMap(({ observations }) => observations)],
      findings: [
        ...(broken === undefined ? [] : [broken]),
        ...results.flatMap(({ findings }) => findings),
      ],
    };
  },
};

function oneOfEachHost({ privateModules, deep }: Patient): readonly SampleModule[] {
  const byHost = new Map<string, SampleModule>();
  for (const module of privateModules) {
    const [host = ''] = module.path.split('/');
    if (!byHost.has(host)) byHost.set(host, module);
  }
  return [...byHost.values()].slice(0, deep ? HOSTS_DEEP : HOSTS);
}

/** Without private modules nobody needs it, as long as there is a proxy. */
function withoutGit({ proxies }: Patient, modules: readonly SampleModule[]): ProbeResult {
  const isNeeded =
    modules.length > 0 || (proxies?.proxies.length === 0 && proxies.end === 'direct');
  return {
    observations: [{ subject: 'git', text: 'not there', ok: !isNeeded }],
    findings: isNeeded
      ? [
          finding('git-missing', {
            scope: 'machine git',
            title: 'there is no git command, and modules are fetched from repositories here',
            explanation:
              'Slim and distroless images have none. go needs it for each module that does not come from a proxy.',
            evidence: [
              {
                kind: 'setting',
                text: modules.map(({ path }) => path).join(', ') || 'GOPROXY=direct',
              },
            ],
            fix: 'install git in the image, or let a proxy serve these modules',
          }),
        ]
      : [],
  };
}

async function examine(
  patient: Patient,
  needs: DoctorNeeds,
  module: SampleModule,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const located = await findRepository(patient, needs, module.path, signal);
  if ('finding' in located) {
    return {
      observations: [{ subject: module.path, text: located.finding.code, ok: false }],
      findings: [located.finding],
    };
  }
  return examineRemote(patient, needs, located, signal);
}

/** Rare, and in no image by default. */
function withoutTool(module: string, url: string, vcs: string): ProbeFinding {
  return finding('vcs-tool-missing', {
    scope: 'machine git',
    title: `there is no ${vcs} command, and ${module} is kept in ${vcs}`,
    explanation:
      'go runs the tool of the repository for each module that does not come from a proxy.',
    evidence: [{ kind: 'response', text: `${vcs} ${maskUrl(url)}`, source: module }],
    fix: `install ${vcs} in the image, or let a proxy serve this module`,
  });
}

async function examineRemote(
  patient: Patient,
  needs: DoctorNeeds,
  { module, url, vcs }: Located,
  signal: AbortSignal,
): Promise<ProbeResult> {
  if (vcs !== 'git') {
    const isThere = await hasProgram(patient, needs, vcs, signal);
    const text = `${maskUrl(url)} is kept in ${vcs}, which is not ${isThere ? 'probed' : 'there'}`;
    const observations = [{ subject: module, text, ok: isThere }];
    return { observations, findings: isThere ? [] : [withoutTool(module, url, vcs)] };
  }
  const began = needs.clock.monotonicMilliseconds();
  const result = await listRemote(patient, needs, url, signal);
  const milliseconds = { total: Math.round(needs.clock.monotonicMilliseconds() - began) };
  const wrong: ProbeFinding | undefined =
    result === undefined || result.code === 0 ? undefined : judgeRemote(module, url, result);
  const text = result?.code === 0 ? 'its repository answers' : (wrong?.code ?? 'no answer');
  return {
    observations: [{ subject: module, text, ok: wrong === undefined, milliseconds }],
    findings: wrong === undefined ? [] : [wrong],
  };
}

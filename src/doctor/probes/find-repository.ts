import { maskUrl } from '../../masking/index.ts';
import type { HttpFailure } from '../explain-http-error.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { ProbeFinding } from '../probe.ts';
import { requestTexts } from './failure-texts.ts';
import { excerpt, fetchText } from './fetch-text.ts';

export interface Located {
  readonly module: string;
  readonly url: string;
  readonly vcs: string;
}

/** Hosts whose repositories `go` knows without asking (cmd/go/internal/vcs). */
const KNOWN = /^(?:github\.com|bitbucket\.org)\/[^/]+\/[^/]+/;
const QUALIFIED = /^(.+?\.(git|hg|svn|bzr|fossil))(?:\/|$)/;
const META = /<meta\s+name=["']?go-import["']?\s+content=["']?\s*([^\s"']+)\s+(\w+)\s+([^\s"']+)/gi;

/** Where a module lives: https://go.dev/ref/mod#vcs-find */
export async function findRepository(
  patient: Patient,
  needs: DoctorNeeds,
  path: string,
  signal: AbortSignal,
): Promise<Located | { readonly finding: ProbeFinding }> {
  const known = KNOWN.exec(path)?.[0];
  if (known !== undefined) return { module: path, url: `https://${known}`, vcs: 'git' };
  const [, root, kind] = QUALIFIED.exec(path) ?? [];
  if (root !== undefined && kind !== undefined) {
    return { module: path, url: `https://${root}`, vcs: kind };
  }
  return askHost(patient, needs, path, signal);
}

async function askHost(
  patient: Patient,
  needs: DoctorNeeds,
  path: string,
  signal: AbortSignal,
): Promise<Located | { readonly finding: ProbeFinding }> {
  const [host = ''] = path.split('/');
  const url = `https://${path}?go-get=1`;
  const page = await fetchText(needs, patient, url, signal);
  if (page.kind === 'failed') return { finding: unreachable(path, host, url, page.failure) };
  const evidence = [
    {
      kind: 'response',
      text: `status ${page.status}: ${excerpt(page.text)}`,
      source: maskUrl(url),
    },
  ];
  for (const [, prefix = '', vcs = '', repository = ''] of page.text.matchAll(META)) {
    // A host may describe several modules in one page.
    const isIts = path === prefix || path.startsWith(`${prefix}/`);
    if (isIts) return { module: path, url: repository, vcs };
  }
  if (page.status >= 500) {
    return {
      finding: finding('vanity-host-5xx', {
        scope: host,
        title: `${host} fails when go asks where ${path} lives`,
        explanation: `It answered with status ${page.status}.`,
        evidence,
        fix: 'try again; then tell whoever runs the host',
      }),
    };
  }
  return {
    finding: finding('go-import-missing', {
      scope: host,
      title: `${host} does not say where ${path} lives`,
      explanation:
        'Its page has no go-import tag for this path: the path is wrong, or the host shows it only to those who are logged in.',
      evidence,
      fix: `check the path; else put credentials for ${host} into netrc, or write the path with .git`,
    }),
  };
}

function unreachable(path: string, host: string, url: string, failure: HttpFailure): ProbeFinding {
  const { code, text } = failure;
  const { title, fix } = requestTexts(failure, host);
  return finding('vanity-host-unreachable', {
    scope: host,
    title: `go cannot ask where ${path} lives: ${title}`,
    explanation: `Modules that match GOPRIVATE are found through their own host (${code}).`,
    evidence: [{ kind: 'response', text, source: maskUrl(url) }],
    fix,
    dependsOn: ['dns-timeout', 'dns-server-unreachable', 'net-sandboxed', 'http-proxy-unreachable'],
  });
}

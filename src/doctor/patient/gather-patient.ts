import { goServices } from '../../go-services.ts';
import { createPatternMatcher } from '../../gomod/path/index.ts';
import { parseGoProxyList } from '../../gosettings/index.ts';
import type { GoProxyList } from '../../gosettings/index.ts';
import { createForwardProxies } from '../../platform/http/index.ts';
import type { ForwardProxies } from '../../platform/http/index.ts';
import type { Endpoint } from '../../platform/network/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { ModuleFacts, Patient, Sample, SampleModule, Target } from './patient.ts';
import { readGo } from './read-go.ts';
import { readModule } from './read-module.ts';
import { readResolver } from './read-resolver.ts';
import { readWritten } from './read-written.ts';

export interface PatientOptions {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly deep: boolean;
  /** What each time limit is multiplied with: more on slow links. */
  readonly patience?: number | undefined;
  /** Instead of GOPROXY. */
  readonly proxies?: string | undefined;
  /** Instead of those in resolv.conf. */
  readonly resolvers?: readonly Endpoint[] | undefined;
}

const RESOLVER_FILE = '/etc/resolv.conf';

/** Old, a few kilobytes of text in its `.mod`, and on every proxy that has ever been used. */
const EXAMPLE: Sample = {
  path: goServices.exampleModule,
  version: 'v0.3.0',
  isRequired: false,
};

export async function gatherPatient(
  needs: DoctorNeeds,
  options: PatientOptions,
  signal: AbortSignal,
): Promise<Patient> {
  const { files } = needs;
  const { directory, environment, deep } = options;
  const [go, resolver, written] = await Promise.all([
    readGo(needs, directory, environment, signal),
    readResolver(files, RESOLVER_FILE),
    readWritten(files, directory),
  ]);
  const read = await readModule(files, directory, go.values.get('GOMOD'));
  const module = read.kind === 'module' ? read.module : undefined;
  const parsed = parseGoProxyList(options.proxies ?? go.values.get('GOPROXY') ?? '');
  const proxies = parsed.kind === 'list' ? parsed.list : undefined;
  const requires = module?.requires ?? [];
  const sorted = sortRequirements(needs, requires, go.values, isOnlyDirect(proxies));
  return {
    directory,
    environment,
    deep,
    patience: options.patience ?? 1,
    go: options.proxies === undefined ? go : { ...go, ...givenProxies(go, options.proxies) },
    proxies,
    proxiesProblem: parsed.kind === 'invalid' ? parsed.reason : undefined,
    module,
    moduleProblem: read.kind === 'problem' ? read.problem : undefined,
    sample: sampleOf(sorted.firstPublic, isWorkspace(go.values.get('GOWORK'))),
    hasSums: await hasSums(needs, module),
    privateModules: sorted.fromHosts,
    resolver: {
      ...resolver,
      servers: options.resolvers ?? resolver.servers,
      isGiven: options.resolvers !== undefined,
    },
    targets: targetsOf(proxies, createForwardProxies(environment)),
    written,
  };
}

function givenProxies(
  go: Patient['go'],
  proxies: string,
): Pick<Patient['go'], 'values' | 'origins'> {
  return {
    values: new Map([...go.values, ['GOPROXY', proxies]]),
    origins: new Map([...go.origins, ['GOPROXY', '--proxy']]),
  };
}

interface Requirements {
  /** The first that may be asked of proxies. */
  readonly firstPublic: SampleModule | undefined;
  /** Fetched from where they live, over TLS: without it they are fetched as well, which is not tried here. */
  readonly fromHosts: readonly SampleModule[];
}

/** Hundreds of patterns and thousands of requirements take half of it; the probes need a few of each kind only. */
const SORTING_MILLISECONDS = 800;

/** What there is no time for is asked of nobody. */
function sortRequirements(
  { clock }: Pick<DoctorNeeds, 'clock'>,
  requires: readonly SampleModule[],
  values: ReadonlyMap<string, string>,
  isOnlyFromHosts: boolean,
): Requirements {
  const isDirect = createPatternMatcher(values.get('GONOPROXY') ?? '');
  const isInsecure = createPatternMatcher(values.get('GOINSECURE') ?? '');
  const began = clock.monotonicMilliseconds();
  let firstPublic: SampleModule | undefined;
  const fromHosts: SampleModule[] = [];
  for (const required of requires) {
    if (clock.monotonicMilliseconds() - began > SORTING_MILLISECONDS) break;
    const isPrivate = isDirect(required.path);
    if (!isPrivate) firstPublic ??= required;
    if ((isPrivate || isOnlyFromHosts) && !isInsecure(required.path)) fromHosts.push(required);
  }
  return { firstPublic, fromHosts };
}

/** The repository's own first public requirement, else a well-known module: what any build would ask. */
function sampleOf(required: SampleModule | undefined, inWorkspace: boolean): Sample {
  // A workspace has some of its requirements itself.
  return required === undefined ? EXAMPLE : { ...required, isRequired: !inWorkspace };
}

function isOnlyDirect(list: GoProxyList | undefined): boolean {
  return list?.proxies.length === 0 && list.end === 'direct';
}

function isWorkspace(file: string | undefined): boolean {
  return file !== undefined && file !== '' && file !== 'off';
}

async function hasSums({ files }: DoctorNeeds, module: ModuleFacts | undefined): Promise<boolean> {
  if (module === undefined) return false;
  const file = module.file.replace(/\.mod$/, '.sum');
  return (await files.status(file).catch(() => undefined)) !== undefined;
}

function targetsOf(list: GoProxyList | undefined, via: ForwardProxies): readonly Target[] {
  const targets = new Map<string, Target>();
  for (const [index, { url, separator }] of (list?.proxies ?? []).entries()) {
    if (!URL.canParse(url) || /^file:/i.test(url)) continue;
    const parsed = new URL(url);
    const hasNext = index + 1 < (list?.proxies.length ?? 0) || list?.end === 'direct';
    const isNeeded = index === 0 && !(separator === '|' && hasNext);
    if (!targets.has(parsed.origin)) {
      targets.set(parsed.origin, targetOf(parsed, via, 'GOPROXY', isNeeded));
    }
  }
  return [...targets.values()];
}

function targetOf(url: URL, via: ForwardProxies, setting: string, isNeeded: boolean): Target {
  const isSecure = url.protocol === 'https:';
  return {
    url: url.origin,
    endpoint: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    },
    isSecure,
    via: proxyOf(url, via),
    setting,
    isNeeded,
  };
}

/** What Go refuses is the forward-proxy probe's to say. */
function proxyOf(url: URL, via: ForwardProxies): ReturnType<ForwardProxies> {
  // Loopback is never asked through a proxy (golang.org/x/net/http/httpproxy).
  try {
    return via(url);
  } catch {
    return undefined;
  }
}

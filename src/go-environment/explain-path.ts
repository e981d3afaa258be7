import { goServices } from '../go-services.ts';
import { safeText } from '../finding/index.ts';
import { parseGoProxyList } from '../gosettings/index.ts';
import { movesOn } from './explain-list.ts';
import { matchingPattern } from './matching-pattern.ts';
import { originOf, valueOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';

/** What go does for one module, in the order in which it does it. */
export interface ModuleExplanation {
  readonly module: string;
  readonly sources: readonly Source[];
  /** Why these. */
  readonly because: readonly string[];
  readonly checksum: {
    readonly isAsked: boolean;
    /** Its name; undefined when none is asked. */
    readonly database: string | undefined;
    readonly because: string;
  };
  /** What holds besides. */
  readonly notes: readonly string[];
}

export interface Source {
  readonly kind: 'proxy' | 'direct' | 'off' | 'none';
  /** A URL without secrets, or what it is. */
  readonly text: string;
  readonly next: string | undefined;
}

const TOOLCHAIN = 'golang.org/toolchain';

/** As `modfetch.Lookup` and `useSumDB` of the go command decide. */
export function explainPath(around: Surroundings, module: string): ModuleExplanation {
  const { sources, because } = sourcesOf(around, module);
  return {
    module,
    sources,
    because,
    checksum: checksumOf(around, module),
    notes: notesOf(around, module, sources),
  };
}

const direct: Source = {
  kind: 'direct',
  text: 'from where it lives, with git or another version control',
  next: undefined,
};

function sourcesOf(
  around: Surroundings,
  module: string,
): Pick<ModuleExplanation, 'sources' | 'because'> {
  if (/(?:^|\s)-mod=vendor\b/.test(valueOf(around, 'GOFLAGS'))) {
    const because = [`GOFLAGS has -mod=vendor (${originOf(around, 'GOFLAGS')})`];
    return { sources: [{ kind: 'none', text: 'the vendor directory', next: undefined }], because };
  }
  const value = valueOf(around, 'GOPROXY');
  const parsed = parseGoProxyList(value);
  if (parsed.kind === 'invalid') {
    const because = [`go refuses GOPROXY (${originOf(around, 'GOPROXY')}): ${parsed.reason}`];
    return { sources: [{ kind: 'none', text: 'nobody', next: undefined }], because };
  }
  const pattern = matchingPattern(valueOf(around, 'GONOPROXY'), module);
  if (pattern !== undefined) {
    const because = [
      `GONOPROXY (${originOf(around, 'GONOPROXY')}) has the pattern ${pattern}, so no module proxy is asked, not even with GOPROXY=off`,
    ];
    return { sources: [direct], because };
  }
  const { proxies, end } = parsed.list;
  const sources: Source[] = proxies.map(({ url, separator }, index) => ({
    kind: 'proxy',
    text: safeText(url),
    next:
      index === proxies.length - 1 && end === undefined
        ? undefined
        : movesOn[separator].replace(/^: /, ''),
  }));
  if (end === 'direct') sources.push(direct);
  if (end === 'off') {
    sources.push({ kind: 'off', text: 'nothing is downloaded', next: undefined });
  }
  return {
    sources,
    because: [
      `GOPROXY comes from ${originOf(around, 'GOPROXY')}, and no pattern of GONOPROXY names this module`,
    ],
  };
}

function checksumOf(around: Surroundings, module: string): ModuleExplanation['checksum'] {
  const setting = valueOf(around, 'GOSUMDB').trim();
  const [name = ''] = setting.split(/\s+/);
  const database = name === '' ? goServices.checksumDatabase.name : (name.split('+')[0] ?? name);
  if (module === TOOLCHAIN) {
    const list = valueOf(around, 'GOPROXY');
    const isFile = list.startsWith('file://') && !/[,|]/.test(list);
    return {
      isAsked: !isFile,
      database: isFile ? undefined : database,
      because: isFile
        ? 'GOPROXY is one file:// directory, the only case in which a toolchain is not looked up'
        : 'toolchains are always looked up, because no go.sum lists them; with GOSUMDB=off that fails',
    };
  }
  if (name === 'off') {
    return {
      isAsked: false,
      database: undefined,
      because: `GOSUMDB is off (${originOf(around, 'GOSUMDB')})`,
    };
  }
  const pattern = matchingPattern(valueOf(around, 'GONOSUMDB'), module);
  if (pattern !== undefined) {
    return {
      isAsked: false,
      database: undefined,
      because: `GONOSUMDB (${originOf(around, 'GONOSUMDB')}) has the pattern ${pattern}`,
    };
  }
  return {
    isAsked: true,
    database,
    because: `no pattern of GONOSUMDB names this module; ${database} is asked for what go.sum does not list`,
  };
}

function notesOf(
  around: Surroundings,
  module: string,
  sources: readonly Source[],
): readonly string[] {
  const notes: string[] = [];
  const isDirect = sources.some(({ kind }) => kind === 'direct');
  const insecure = matchingPattern(valueOf(around, 'GOINSECURE'), module);
  if (insecure !== undefined && isDirect) {
    notes.push(`GOINSECURE has the pattern ${insecure}: http and wrong certificates are accepted.`);
  }
  const [host = ''] = module.split('/');
  const isKnownHost = /^(?:github\.com|bitbucket\.org)$/.test(host);
  if (isDirect && !isKnownHost && !/\.(?:git|hg|svn|bzr|fossil)(?:\/|$)/.test(module)) {
    notes.push(`Directly means: https://${module}?go-get=1 says where the repository is.`);
  }
  const isPrivate = matchingPattern(valueOf(around, 'GOPRIVATE'), module) !== undefined;
  const sum = matchingPattern(valueOf(around, 'GONOSUMDB'), module);
  if (!isPrivate && sum === undefined && sources.every(({ kind }) => kind === 'direct')) {
    notes.push(
      'Its path is still sent to the checksum database: name it in GOPRIVATE to prevent that.',
    );
  }
  return notes;
}

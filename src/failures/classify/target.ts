import type { TargetKind } from '../catalogue/index.ts';

/** What a failed line was about. Everything is absent that the text does not say. */
export interface Target {
  readonly kind: TargetKind;
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly module?: string | undefined;
  readonly version?: string | undefined;
}

const URL_IN_TEXT = /\b(?:https?|ssh|file|git):\/\/[^\s"'<>]{1,1000}/;
/** Not `module lookup disabled by GOPROXY=off`. */
const LOOKUP = /lookup ([^\s:]{1,253})(?=:|$| on )/;
const MODULE_VERSION =
  /((?:[\w~-]+\.)[\w.~-]{1,200}(?:\/[\w.~+-]{1,200}){0,20})@(v\d[\w.+-]{0,100})/;
const DOWNLOADING = /(?:^|\s)go: downloading (\S{1,300}) (v\S{1,100})$/;
const GIT_HOST =
  /(?:resolve host(?:name)?:?|connect to(?: host)?|unable to access|Username for|Password for) ['"]?(?:https?:\/\/)?(?:[^\s@'"]{1,100}@)?([\w.-]{1,253})/i;

const OF_REGISTRY = /registry-1\.docker\.io|failed to do request|failed to resolve source metadata/;
/** `/v2/` is the root of a registry's API, and part of many a module's path. */
const OF_MODULE =
  /\/@v\/|\/@latest|\?go-get=1|\/lookup\/|\/sumdb\/|@v\d|\bgit |\bgo: |unable to access/;

/** The text of the failed line, then of the lines that it belongs to: the nearest says most. */
export function readTarget(...texts: readonly (string | undefined)[]): Target {
  const written = texts.filter((text) => text !== undefined);
  const [own = ''] = written;
  const url = first(written, URL_IN_TEXT)?.[0]?.replace(/[:,;.)]+$/, '');
  const found = first(written, MODULE_VERSION) ?? DOWNLOADING.exec(own) ?? undefined;
  const [module, version] = moduleInUrl(url) ?? [found?.[1], found?.[2]];
  const host = LOOKUP.exec(own)?.[1] ?? hostOf(url) ?? GIT_HOST.exec(own)?.[1];
  return { kind: kindOf(own, url, written), url, host, module, version };
}

function first(texts: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const text of texts) {
    const found = pattern.exec(text);
    if (found !== null) return found;
  }
  return undefined;
}

function kindOf(own: string, url: string | undefined, texts: readonly string[]): TargetKind {
  if (own.includes('proxyconnect tcp')) return 'forward-proxy';
  if (OF_REGISTRY.test(own) || (own.includes('/v2/') && !OF_MODULE.test(own))) return 'registry';
  if (
    url !== undefined &&
    /\/lookup\/|\/sumdb\/|\/tile\/|:\/\/sum\.|\/\/[^/]*\/latest$/.test(url)
  ) {
    return 'checksum-database';
  }
  if (texts.some((text) => /golang\.org\/toolchain@|download go1\.\d/.test(text)))
    return 'toolchain';
  if (url?.includes('?go-get=1') === true) return 'vanity-host';
  if (url !== undefined && /\/@v\/|\/@latest/.test(url)) return 'module-proxy';
  // The go command asks Bitbucket which system a repository has before it asks the repository.
  if (/\bgit |fatal: |ssh: |remote: |\/\/api\.bitbucket\.org\//.test(own)) return 'git-host';
  return 'unknown';
}

function hostOf(url: string | undefined): string | undefined {
  return url === undefined
    ? undefined
    : /^[a-z]+:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)/.exec(url)?.[1];
}

/** `…/github.com/!burnt!sushi/toml/@v/v1.2.3.zip`, in which a capital letter is written `!a`. */
function moduleInUrl(url: string | undefined): readonly [string, string | undefined] | undefined {
  const parts =
    /:\/\/[^/]+\/((?:.*\/)?)@(?:v\/(?:list|(v[^/]*)\.(?:info|mod|zip))|latest)$/.exec(url ?? '') ??
    /\/lookup\/(.+)@(v[^/]*)$/.exec(url ?? '');
  if (parts?.[1] === undefined) return undefined;
  // A proxy may live below a path of its own; a module path begins with a name that has a dot.
  const escaped = parts[1].replace(/\/$/, '').replace(/^(?:[^/.]+\/)+(?=[^/]*\.)/, '');
  if (escaped === '') return undefined;
  return [unescapePath(escaped), parts[2] === undefined ? undefined : unescapePath(parts[2])];
}

function unescapePath(escaped: string): string {
  return escaped.replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A name that only some networks know, or an address that only they route. */
export function isPrivateHost(host: string): boolean {
  if (/^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host)) return true;
  if (!host.includes('.')) return true;
  return /(?:^|\.)(?:corp|internal|intranet|intra|local|lan|priv|private|home|office|test|localhost)(?:\.|$)/.test(
    host,
  );
}

/** Hosts that exist, whatever a resolver says. */
export function isPublicHost(host: string): boolean {
  return /(?:^|\.)(?:golang\.org|google\.golang\.org|go\.dev|github\.com|gitlab\.com|bitbucket\.org|gopkg\.in|googleapis\.com|k8s\.io|docker\.io|goproxy\.io|goproxy\.cn|golang\.google\.cn|go\.uber\.org)$/.test(
    host,
  );
}

import { unescapePath, unescapeVersion } from '../gomod/path/index.ts';
import type { Patient, Sample, Target } from './patient/index.ts';

/** A finding that somebody else made, to be looked at now. */
export interface Suspicion {
  /** Of the catalogue. */
  readonly id: string;
  /**
   * What was told of it. Words of strangers may be among it, so a host or module in it counts only where the
   * settings have it too: nobody is asked whom the build would not ask.
   */
  readonly said: readonly string[];
  /** What was asked of a module proxy, below its base: `example.com/m/@v/v1.0.0.zip`. */
  readonly resource?: string | undefined;
}

/** What the suspicion is about, as far as it is known. */
export interface Scope {
  /** With the servers and private modules that were named, and no others. */
  readonly patient: Patient;
  /** The very URL that was asked, credentials of its entry included. */
  readonly url: string | undefined;
}

export function narrow(patient: Patient, { said, resource }: Suspicion): Scope {
  const texts = said.map(withoutUserInfo);
  const whole = texts.join('\n').toLowerCase();
  const targets = patient.targets.filter((target) => isNamed(target, texts));
  const origins = targets.map(({ url }) => url);
  const entries = (patient.proxies?.proxies ?? []).filter(
    ({ url }) => URL.canParse(url) && origins.includes(new URL(url).origin),
  );
  const [entry] = entries;
  const rest =
    entry === undefined || entries.length > 1 ? undefined : restOf(entry.url, texts, resource);
  return {
    patient: {
      ...patient,
      targets,
      proxies: patient.proxies && { ...patient.proxies, proxies: entries },
      sample: sampleOf(rest) ?? patient.sample,
      // Most are nowhere in it, and a pattern for each of thousands takes long.
      privateModules: patient.privateModules.filter(
        ({ path }) => whole.includes(path.toLowerCase()) && mentions(texts, path),
      ),
    },
    url: entry === undefined || rest === undefined ? undefined : baseOf(entry.url) + rest,
  };
}

function withoutUserInfo(text: string): string {
  return text.replaceAll(/:\/\/[^\s/@]{1,500}@/g, '://');
}

/** By its own name, or by that of the forward proxy on the way. */
function isNamed({ url, endpoint, via }: Target, texts: readonly string[]): boolean {
  if (mentions(texts, new URL(url).hostname, endpoint.port)) return true;
  return via !== undefined && mentions(texts, via.host, Number(via.port) || undefined);
}

/** As a whole name. Another port behind it makes it another server. */
function mentions(texts: readonly string[], name: string, port?: number): boolean {
  const escaped = name.replaceAll(/\W/g, String.raw`\$&`);
  const pattern = new RegExp(
    String.raw`(?<![\w./-])${escaped}(?![\w/-]|\.\w)(?::(\d{1,5}))?`,
    'gi',
  );
  const inUrl = new RegExp(String.raw`:\/\/${escaped}(?![\w-]|\.\w)(?::(\d{1,5}))?`, 'gi');
  return texts.some((text) =>
    [pattern, inUrl].some((one) =>
      [...text.matchAll(one)].some(
        ([, written]) => port === undefined || written === undefined || Number(written) === port,
      ),
    ),
  );
}

/** What stands behind the base of this entry; paths of the protocol have no other characters. */
const REST = /^\/(?!\/)[\w.~!+@/-]{1,1000}$/;

function restOf(
  entry: string,
  texts: readonly string[],
  resource: string | undefined,
): string | undefined {
  const base = withoutUserInfo(baseOf(entry));
  const written = texts
    .flatMap((text) => text.split(/[\s"'<>]/))
    .filter((word) => word.startsWith(`${base}/`))
    .map((word) => word.slice(base.length).replace(/[:,;.)]+$/, ''));
  const candidates = [...written, ...(resource === undefined ? [] : [`/${resource}`])];
  return candidates.find((rest) => /@|\/sumdb\//.test(rest) && REST.test(rest) && isFlat(rest));
}

function isFlat(rest: string): boolean {
  return !rest.split('/').some((part) => part === '.' || part === '..');
}

function baseOf(entry: string): string {
  return entry.replace(/\/+$/, '');
}

/** The module that was asked, so that probes that ask for any module ask for this one. */
function sampleOf(rest: string | undefined): Sample | undefined {
  const parts = /^\/(.+)\/@v\/(v.+)\.(?:info|mod|zip)$/.exec(rest ?? '');
  const path = unescapePath(parts?.[1] ?? '');
  const version = unescapeVersion(parts?.[2] ?? '');
  return path.ok && version.ok
    ? { path: path.value, version: version.value, isRequired: true }
    : undefined;
}

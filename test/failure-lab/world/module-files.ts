import { createHash } from 'node:crypto';
import { buildZip } from '../../support/sample-zips.ts';

/** One version of a made-up module. */
export interface LabModule {
  readonly path: string;
  readonly version: string;
  /** A plain one with its path when left out. */
  readonly goMod?: string;
  /** A package that compiles when left out. */
  readonly files?: Readonly<Record<string, string>>;
  readonly requires?: readonly string[];
}

export interface MadeModule {
  readonly path: string;
  readonly version: string;
  readonly goMod: string;
  readonly info: string;
  readonly zip: Buffer;
  /** Its two go.sum lines. */
  readonly sum: string;
}

export function packageName(path: string): string {
  const last =
    path
      .replace(/\/v\d+$/u, '')
      .split('/')
      .at(-1) ?? 'm';
  return last.replaceAll(/[^a-z0-9]/giu, '').toLowerCase() || 'm';
}

export function makeModule(module: LabModule): MadeModule {
  const { path, version } = module;
  const requires = (module.requires ?? []).map((one) => `require ${one}\n`).join('');
  const goMod = module.goMod ?? `module ${path}\n\ngo 1.15\n${requires}`;
  const name = packageName(path);
  const files = {
    'go.mod': goMod,
    ...(module.files ?? {
      [`${name}.go`]: `package ${name}\n\n// Name says who.\nfunc Name() string { return "${path}" }\n`,
    }),
  };
  const entries = Object.entries(files).map(([file, text]) => ({
    name: `${path}@${version}/${file}`,
    content: Buffer.from(text),
  }));
  const goModHash = hash([{ name: 'go.mod', content: Buffer.from(goMod) }]);
  return {
    path,
    version,
    goMod,
    info: `${JSON.stringify({ Version: version, Time: '2024-03-05T10:11:12Z' })}\n`,
    zip: buildZip(entries),
    sum: `${path} ${version} ${hash(entries)}\n${path} ${version}/go.mod ${goModHash}\n`,
  };
}

/** h1: of Go's dirhash: SHA-256 over the list of SHA-256s, in the order of the names. */
function hash(entries: readonly { readonly name: string; readonly content: Buffer }[]): string {
  const sorted = entries.toSorted((one, other) =>
    Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)),
  );
  const list = sorted.map(
    ({ name, content }) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`,
  );
  return `h1:${createHash('sha256').update(list.join('')).digest('base64')}`;
}

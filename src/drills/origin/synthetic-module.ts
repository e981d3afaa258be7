import { bodyOf } from './body.ts';
import { createNoise } from './noise.ts';
import { seedNumber } from '../seeded-random.ts';
import { hashGoMod, layOutZip, zipLength } from './zip-layout.ts';
import type { Noise } from './noise.ts';
import type { ZipEntry, ZipLayout } from './zip-layout.ts';

/** A large zip has several files, as real ones do; one content serves all full ones. */
const PART_BYTES = 8 << 20;
const DEFAULT_GO_VERSION = '1.21';

export interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

/** What a synthetic module version looks like: plain data, so that scripts can send it. */
export interface ModuleSpecification extends ModuleVersion {
  /** Exact size of the zip where the fixed files leave room for it. */
  readonly zipBytes: number;
  readonly requires?: readonly ModuleVersion[];
  readonly goVersion?: string;
  /** Replaces the generated go.mod. */
  readonly goMod?: string;
  /** Replaces the generated `.info`. */
  readonly info?: string;
  /** Further files: name inside the module, text. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A module version with the answers that an origin gives for it. */
export interface SyntheticModule extends ModuleVersion {
  readonly goMod: string;
  readonly info: string;
  zip(): ZipLayout;
  /** Its two go.sum lines. */
  sumLines(): string;
}

/** Makes modules from specifications; the same specification gives the same bytes. */
export function createModuleMaker(): (specification: ModuleSpecification) => SyntheticModule {
  const noise = createNoise();
  return (specification) => createModule(specification, noise);
}

function createModule(specification: ModuleSpecification, noise: Noise): SyntheticModule {
  const { path, version } = specification;
  const goMod = specification.goMod ?? writeGoMod(specification);
  // The layout holds headers only, so keeping it is cheap and a second request need not hash again.
  let layout: ZipLayout | undefined;
  let sumLines: string | undefined;
  function zip(): ZipLayout {
    layout ??= layOutZip(listEntries(specification, goMod, noise));
    return layout;
  }
  return {
    path,
    version,
    goMod,
    info:
      specification.info ??
      `${JSON.stringify({ Version: version, Time: timeOf(specification) })}\n`,
    zip,
    sumLines() {
      sumLines ??= `${path} ${version} ${zip().hash()}\n${path} ${version}/go.mod ${hashGoMod(goMod)}\n`;
      return sumLines;
    },
  };
}

function writeGoMod(specification: ModuleSpecification): string {
  const lines = [
    `module ${specification.path}`,
    '',
    `go ${specification.goVersion ?? DEFAULT_GO_VERSION}`,
  ];
  const requires = specification.requires ?? [];
  if (requires.length > 0) {
    lines.push(
      '',
      'require (',
      ...requires.map(({ path, version }) => `\t${path} ${version}`),
      ')',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Some second of the years 2015 to 2024, the same for the same module version. */
function timeOf({ path, version }: ModuleVersion): string {
  const seconds = 1_420_070_400 + (seedNumber(`${path}@${version} time`) % 315_360_000);
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toString();
}

function listEntries(
  specification: ModuleSpecification,
  goMod: string,
  noise: Noise,
): readonly ZipEntry[] {
  const prefix = `${specification.path}@${specification.version}`;
  const texts: Record<string, string> = {
    'go.mod': goMod,
    'module.go': writeGoFile(specification),
    ...specification.files,
  };
  const fixed = Object.entries(texts).map(([name, text]) => ({
    name: `${prefix}/${name}`,
    content: bodyOf(Buffer.from(text)),
  }));
  return [...fixed, ...fillUp(specification.zipBytes, prefix, fixed, noise)];
}

/** Data files that bring the zip to its size exactly. */
function fillUp(
  zipBytes: number,
  prefix: string,
  fixed: readonly ZipEntry[],
  noise: Noise,
): readonly ZipEntry[] {
  const planned = fixed.map(({ name, content }) => ({ name, length: content.length }));
  const entries: ZipEntry[] = [];
  for (let number = 0; ; number++) {
    const name = `${prefix}/data/${String(number).padStart(3, '0')}.bin`;
    planned.push({ name, length: 0 });
    const length = Math.min(zipBytes - zipLength(planned), PART_BYTES);
    // Too little room for one more file: the last one takes the rest.
    if (length <= 0)
      return entries.length === 0 ? entries : growLast(entries, zipBytes, fixed, prefix, noise);
    planned[planned.length - 1] = { name, length };
    entries.push({ name, content: noise.body(prefix, length), contentKey: String(length) });
    if (length < PART_BYTES) return entries;
  }
}

function growLast(
  entries: readonly ZipEntry[],
  zipBytes: number,
  fixed: readonly ZipEntry[],
  prefix: string,
  noise: Noise,
): readonly ZipEntry[] {
  const last = entries.at(-1);
  if (last === undefined) return entries;
  const all = [...fixed, ...entries].map(({ name, content }) => ({ name, length: content.length }));
  const length = last.content.length + zipBytes - zipLength(all);
  return [
    ...entries.slice(0, -1),
    { name: last.name, content: noise.body(prefix, length), contentKey: String(length) },
  ];
}

/** A package that imports what its module requires, so that whole graphs really build. */
function writeGoFile(specification: ModuleSpecification): string {
  const imports = (specification.requires ?? []).map(({ path }) => `\t_ "${path}"`);
  const block = imports.length === 0 ? '' : `import (\n${imports.join('\n')}\n)\n\n`;
  return `// Package synthetic is made up for tests.\npackage synthetic\n\n${block}// Version is the module's own.\nconst Version = "${specification.version}"\n`;
}

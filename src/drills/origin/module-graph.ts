import { createSeededRandom } from '../seeded-random.ts';
import { createModuleMaker } from './synthetic-module.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { ModuleSpecification, ModuleVersion } from './synthetic-module.ts';

/** Spread of the sizes: the mean is then about twice the median, as in real dependency sets. */
const SIZE_SIGMA = 1.2;
const SMALLEST_ZIP = 600;
const LARGEST_ZIP = 20 << 20;
/** Of 100 modules a level down, about this many more are required besides the ones that must be. */
const EXTRA_REQUIRES = 3;

export interface ModuleGraphSettings {
  readonly modules: number;
  /** Levels below the main module; a module requires only modules of the next level. */
  readonly depth: number;
  readonly medianZipBytes: number;
  readonly seed: string;
  /** First part of every path; must have a dot. */
  readonly host?: string;
  /**
   * `direct`: the main module names its own requirements only (Go 1.16 semantics), so that `go`
   * walks the graph level by level. `all`: as `go mod tidy` writes it since Go 1.17.
   */
  readonly mainLists?: 'direct' | 'all';
}

export interface ModuleGraph {
  readonly modules: readonly ModuleSpecification[];
  /** The main module: files by name (go.mod, go.sum, main.go). */
  readonly main: Readonly<Record<string, string>>;
}

/** A graph of modules that `go mod download` and `go build` accept, the same for the same seed. */
export function createModuleGraph(settings: ModuleGraphSettings): ModuleGraph {
  const random = createSeededRandom(settings.seed);
  const levels = placeOnLevels(settings);
  const modules = levels.flatMap((level, index) =>
    level.map((module, place) => ({
      ...module,
      zipBytes: zipSize(settings.medianZipBytes, random),
      goVersion: '1.16',
      requires: pickRequires(place, level.length, levels[index + 1] ?? [], random),
    })),
  );
  return { modules, main: writeMain(settings, levels[0] ?? [], modules) };
}

/** Each level has about twice as many modules as the one above it, as real graphs widen. */
function placeOnLevels(settings: ModuleGraphSettings): readonly (readonly ModuleVersion[])[] {
  const host = settings.host ?? 'graph.test';
  const weight = 2 ** settings.depth - 1;
  const levels: ModuleVersion[][] = [];
  let placed = 0;
  for (let level = 0; level < settings.depth; level++) {
    const rest = settings.modules - placed;
    const share = Math.max(1, Math.round((settings.modules * 2 ** level) / weight));
    const count = level === settings.depth - 1 ? rest : Math.min(share, rest);
    levels.push(
      Array.from({ length: count }, (_, place) => nameModule(host, level + 1, placed + place)),
    );
    placed += count;
  }
  return levels;
}

function nameModule(host: string, level: number, number: number): ModuleVersion {
  const name = `${host}/level${level}/m${String(number).padStart(4, '0')}`;
  return { path: name, version: `v1.${number % 10}.${level}` };
}

function zipSize(median: number, random: SeededRandom): number {
  const size = Math.round(median * Math.exp(SIZE_SIGMA * random.normal()));
  return Math.min(Math.max(size, SMALLEST_ZIP), LARGEST_ZIP);
}

/** Every module below has one module above that requires it for sure; the others come by chance. */
function pickRequires(
  place: number,
  width: number,
  below: readonly ModuleVersion[],
  random: SeededRandom,
): readonly ModuleVersion[] {
  const picked = new Set(below.filter((_, index) => index % width === place));
  for (let extra = 0; extra < EXTRA_REQUIRES && below.length > 0; extra++) {
    const module = below[random.whole(below.length)];
    if (module !== undefined) picked.add(module);
  }
  return [...picked].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function writeMain(
  settings: ModuleGraphSettings,
  direct: readonly ModuleVersion[],
  modules: readonly ModuleSpecification[],
): Readonly<Record<string, string>> {
  const host = settings.host ?? 'graph.test';
  const all = settings.mainLists === 'all';
  const listed = all ? modules : direct;
  const names = new Set(direct.map(({ path }) => path));
  const requires = listed.map(
    ({ path, version }) => `\t${path} ${version}${names.has(path) ? '' : ' // indirect'}`,
  );
  const makeModule = createModuleMaker();
  const sums = modules.flatMap((module) => makeModule(module).sumLines().trimEnd().split('\n'));
  return {
    'go.mod': `module ${host}/main\n\ngo ${all ? '1.21' : '1.16'}\n\nrequire (\n${requires.join('\n')}\n)\n`,
    'go.sum': `${sums.sort().join('\n')}\n`,
    'main.go': `package main\n\nimport (\n${direct.map(({ path }) => `\t_ "${path}"`).join('\n')}\n)\n\nfunc main() {}\n`,
  };
}

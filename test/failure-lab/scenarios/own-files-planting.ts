// How files of the repository itself are broken.
import type { Planted, Scenario } from '../scenario.ts';
import { makeModule } from '../world/module-files.ts';
import type { LabModule } from '../world/module-files.ts';
import type { Names } from '../world/names.ts';
import type { World } from '../world/world.ts';

const BUILDS = ['go build ./...', 'go test ./...', 'go vet ./...', 'go list ./...'] as const;
export const MODS = [
  'go build ./...',
  'go mod download',
  'go mod tidy',
  'go test ./...',
  'go vet ./...',
] as const;
export const MODERN = ['1.19.13', '1.22.12', '1.24.9', 'local', '1.27.3'] as const;

/** The developer's own files are wrong. */
export function own(
  id: string,
  name: string,
  evidence: RegExp,
  plant: (world: World) => Partial<Planted> & { modules?: readonly LabModule[] },
  go?: Scenario['go'],
): Scenario {
  return {
    id,
    name,
    ...(go === undefined ? {} : { go }),
    plant: async (world) => {
      const { modules, ...planted } = plant(world);
      await world.mirror(modules ?? []);
      return { command: world.names.pick(BUILDS), evidence, target: 'go.mod', ...planted };
    },
  };
}

/** go.mod with one line more. */
export function withLine(names: Names, line: string): Record<string, string> {
  return {
    'go.mod': `module ${names.main}\n\ngo 1.15\n\n${line}\n`,
    'main.go': 'package main\n\nfunc main() {}\n',
  };
}

export function program(imports: string): string {
  return `package main\n\nimport _ "${imports}"\n\nfunc main() {}\n`;
}

/** go.mod and go.sum that know the modules, and a program that imports `imports`. */
export function importing(
  names: Names,
  modules: readonly LabModule[],
  imports: string,
  main?: string,
): Record<string, string> {
  const requires = modules.map(({ path, version }) => `require ${path} ${version}\n`).join('');
  return {
    'go.mod': `module ${names.main}\n\ngo 1.17\n\n${requires}`,
    'go.sum': modules.map((module) => makeModule(module).sum).join(''),
    'main.go': main ?? program(imports),
  };
}

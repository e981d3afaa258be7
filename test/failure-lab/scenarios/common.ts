import type { Names } from '../world/names.ts';
import { packageName } from '../world/module-files.ts';

export const DOWNLOAD = 'go mod download';

/** A small program that needs `count` modules, without go.sum. */
export function consumer(
  names: Names,
  count = 1,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const modules = Array.from({ length: count }, (_, k) => names.module(k));
  const requires = modules.map((path, k) => `\t${path} ${names.version(k)}\n`).join('');
  const imports = modules.map((path) => `\t"${path}"\n`).join('');
  const calls = modules.map((path) => `\tfmt.Println(${packageName(path)}.Name())\n`).join('');
  return {
    'go.mod': `module ${names.main}\n\ngo 1.15\n\nrequire (\n${requires})\n`,
    'main.go': `package main\n\nimport (\n\t"fmt"\n\n${imports})\n\nfunc main() {\n${calls}}\n`,
    ...more,
  };
}

/** The commands in whose download phase a network failure shows. */
export function commandFor(names: Names): string {
  return names.pick([
    DOWNLOAD,
    'go mod download -x 2>&1 | grep -v "^# get" ; exit 1',
    'go build -mod=mod ./...',
    'go mod tidy',
    'go get -d ./...',
    'go list -mod=mod -m all',
    'go test -mod=mod ./...',
    'go vet -mod=mod ./...',
  ]);
}

import {
  compareGoVersions,
  goVersionOfToolchain,
  isValidGoVersion,
} from '../../gomod/version/index.ts';
import type { Patient } from '../patient/index.ts';
import { finding } from '../probe.ts';
import type { ProbeFinding } from '../probe.ts';

/** A line of go.mod that the Go at work cannot read, although the go line does not ask for a newer one. */
export function unknownDirective(patient: Patient, local: string): ProbeFinding | undefined {
  const { module } = patient;
  const acting = actingVersion(patient, local);
  if (module === undefined || acting === undefined) return undefined;
  const unknown = module.newerDirectives
    .filter(({ since }) => compareGoVersions(acting, since) < 0)
    .toSorted((one, other) => compareGoVersions(other.since, one.since))[0];
  if (unknown === undefined) return undefined;
  const { name, since, line } = unknown;
  return finding('go-too-old-gomod', {
    scope: 'machine go',
    title: `go.mod has a ${name} line, which go ${acting} does not know`,
    explanation: `Every go command in this module stops with "unknown directive: ${name}". Go ${since} is the first that reads it.`,
    evidence: [{ kind: 'file', text: name, source: module.file, line }],
    fix: `use Go ${since} or newer; with Go 1.21 or newer, a line "go ${since}" in go.mod lets it fetch one`,
  });
}

/** The Go that reads go.mod in the end; undefined where PATH decides. https://go.dev/doc/toolchain */
function actingVersion({ go, module }: Patient, local: string): string | undefined {
  const setting = go.values.get('GOTOOLCHAIN') ?? '';
  if (compareGoVersions(local, '1.21') < 0 || setting.startsWith('local')) return local;
  if (/(?:^|\+)path$/.test(setting)) return undefined;
  const chosen = goVersionOfToolchain(setting.replace(/\+auto$/, ''));
  const named = goVersionOfToolchain(module?.toolchainLine ?? '');
  return [chosen ?? local, module?.goLine, named]
    .filter((version) => version !== undefined)
    .filter(isValidGoVersion)
    .reduce((newest, version) => (compareGoVersions(version, newest) > 0 ? version : newest));
}

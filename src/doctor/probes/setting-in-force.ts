import { goServices } from '../../go-services.ts';
import type { Patient } from '../patient/index.ts';
import type { ProbeFinding } from '../probe.ts';

export function valueOf({ go }: Patient, name: string): string {
  return go.values.get(name) ?? '';
}

/** `environment`, a file, or what stands for both. */
export function originOf({ go }: Patient, name: string): string {
  return go.origins.get(name) ?? 'default';
}

export function settingEvidence(patient: Patient, name: string): ProbeFinding['evidence'] {
  return [
    { kind: 'setting', text: `${name}=${valueOf(patient, name)}`, source: originOf(patient, name) },
  ];
}

/** What `go` has without a setting, to be set over the go.env file of the installation. */
const DEFAULTS: Readonly<Record<string, string>> = {
  GOPROXY: `${goServices.mirror},direct`,
  GOSUMDB: goServices.checksumDatabase.name,
  GOTOOLCHAIN: 'auto',
  GO111MODULE: 'on',
};

/** Sets it where that counts: `go env -w` does not override the environment (`go help environment`). */
export function setCommand(patient: Patient, name: string, value: string): string | undefined {
  const origin = originOf(patient, name);
  if (origin === '--proxy') return undefined;
  const isInEnvironment = origin === 'environment' || patient.environment['GOENV'] === 'off';
  return isInEnvironment ? `export ${name}=${value}` : `go env -w ${name}=${value}`;
}

/** Takes it away where it stands. */
export function unsetCommand(patient: Patient, name: string): string | undefined {
  const origin = originOf(patient, name);
  if (origin === 'environment') return `unset ${name}`;
  if (origin !== valueOf(patient, 'GOENV')) {
    const value = DEFAULTS[name];
    return value === undefined ? undefined : setCommand(patient, name, value);
  }
  // With a value that it does not know go refuses this command too.
  return name === 'GOTOOLCHAIN' ? `GOTOOLCHAIN=local go env -u ${name}` : `go env -u ${name}`;
}

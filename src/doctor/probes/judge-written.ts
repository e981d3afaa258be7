import { parseGoProxyList } from '../../gosettings/index.ts';
import type { Patient } from '../patient/index.ts';
import { clean, finding } from '../probe.ts';
import type { ProbeFinding } from '../probe.ts';
import { checksumProblem } from './checksum-problem.ts';
import { flagProblem } from './go-flags.ts';
import { originOf, valueOf } from './setting-in-force.ts';

/** Values in CI files, images and tasks that are broken, or not those in force here. */
export function writtenFindings(patient: Patient): readonly ProbeFinding[] {
  const found: ProbeFinding[] = [];
  for (const { name, value, file, line } of patient.written) {
    const evidence = [{ kind: 'file', text: `${name}=${value}`, source: file, line }];
    const problem = writtenProblem(name, value);
    if (problem !== undefined) {
      found.push(
        finding(problem.code, {
          scope: `${file}:${line}`,
          title: `${file} sets ${name} to what go refuses: ${problem.text}`,
          explanation: 'Builds that get this value fail before they download anything.',
          severity: 'warning',
          evidence,
          fix: `correct ${name} in line ${line} of ${file}`,
        }),
      );
    } else if (value !== valueOf(patient, name)) {
      found.push(
        finding('go-settings-differ', {
          scope: `${file}:${line}`,
          title: `${file} sets ${name} to another value than the one in force here`,
          explanation: `Here it is "${valueOf(patient, name)}", from ${originOf(patient, name)}: builds there ask other servers or follow other rules.`,
          severity: 'info',
          evidence,
          fix: `when only one of the two places fails, try the other value: ${name}=${clean(value)}`,
        }),
      );
    }
  }
  return found;
}

function writtenProblem(
  name: string,
  value: string,
): { readonly code: string; readonly text: string } | undefined {
  if (name === 'GOPROXY') {
    const list = parseGoProxyList(value);
    return list.kind === 'invalid'
      ? { code: 'goproxy-misconfigured', text: list.reason }
      : undefined;
  }
  if (name === 'GOSUMDB' && value !== 'off') {
    const text = checksumProblem(value);
    return text === undefined ? undefined : { code: 'gosumdb-misconfigured', text };
  }
  if (name === 'GOFLAGS') {
    const text = flagProblem(value);
    return text === undefined ? undefined : { code: 'goflags-invalid', text };
  }
  return undefined;
}

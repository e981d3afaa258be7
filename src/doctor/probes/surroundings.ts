import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';
import type { Observation, Probe } from '../probe.ts';
import { runGit } from './git-commands.ts';

/** What CI systems say about the machine that runs a job. Names and versions, no secrets. */
const VARIABLES: readonly (readonly [subject: string, names: readonly string[]])[] = [
  ['node', ['NODE_NAME', 'RUNNER_NAME', 'CI_RUNNER_DESCRIPTION', 'AGENT_NAME', 'HOSTNAME']],
  [
    'runner',
    [
      'RUNNER_VERSION',
      'CI_RUNNER_VERSION',
      'AGENT_VERSION',
      'BUILDKITE_AGENT_VERSION',
      'JENKINS_VERSION',
    ],
  ],
  ['runner image', ['ImageVersion', 'CI_JOB_IMAGE', 'CIRCLE_IMAGE']],
];

/** Facts that tell a build that fails from one that does not: newest commit, pins, node, runner. */
export const surroundingsProbe: Probe = {
  name: 'surroundings',
  about: 'newest commit, pins, node and runner',
  limitMilliseconds: 5000,
  deepOnly: true,
  confirms: [],
  async run(patient, needs, signal) {
    const commit = await newestCommit(patient, needs, signal);
    const named = VARIABLES.flatMap(([subject, names]) => {
      const name = names.find((candidate) => (patient.environment[candidate] ?? '') !== '');
      return name === undefined
        ? []
        : [seen(subject, `${patient.environment[name] ?? ''} (${name})`)];
    });
    return { observations: [...commit, ...pins(patient), ...named], findings: [] };
  },
};

function seen(subject: string, text: string): Observation {
  return { subject, text: text.slice(0, 200), ok: true };
}

async function newestCommit(
  patient: Patient,
  needs: DoctorNeeds,
  signal: AbortSignal,
): Promise<readonly Observation[]> {
  const words = ['log', '-1', '--format=%h %cI', '--', '.'];
  const result = await runGit(patient, needs, words, signal);
  const text = result?.code === 0 ? result.stdout.trim() : '';
  return text === '' ? [] : [seen('newest commit', text)];
}

/** Requirements that no tag stands for: what they mean changes with the host, or not at all. */
function pins({ module }: Patient): readonly Observation[] {
  if (module === undefined) return [];
  const commits = module.requires.filter(({ version }) => /[.-]\d{14}-[0-9a-f]{12}$/.test(version));
  const text = `${module.requires.length} requirements, ${commits.length} of them commits without a tag`;
  return [seen('go.mod', text)];
}

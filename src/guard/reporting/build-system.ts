import { posix, win32 } from 'node:path';

export const buildSystemNames = [
  'github',
  'gitlab',
  'buildkite',
  'azure',
  'jenkins',
  'circleci',
  'none',
] as const;
export type BuildSystemName = (typeof buildSystemNames)[number];

/** What the variables of a build system say about this job. Empty is unknown. */
export interface BuildSystem {
  readonly name: BuildSystemName;
  readonly project: string;
  readonly job: string;
  readonly stage: string;
  /** What kind of machine, so far as it decides how fast a build is. */
  readonly runner: string;
  readonly image: string;
  /** Files that the system reads when the step is over. */
  readonly pageFile: string | undefined;
  readonly outputFile: string | undefined;
  /** A folder of this job alone. */
  readonly scratch: string | undefined;
}

type Variables = Readonly<Record<string, string>>;

/** The variable that each system documents as its mark, and the value that it has there. */
const MARKS: readonly (readonly [BuildSystemName, string, RegExp])[] = [
  ['github', 'GITHUB_ACTIONS', /^true$/i],
  ['gitlab', 'GITLAB_CI', /^true$/i],
  ['buildkite', 'BUILDKITE', /^true$/i],
  ['azure', 'TF_BUILD', /^true$/i],
  ['circleci', 'CIRCLECI', /^true$/i],
  ['jenkins', 'JENKINS_URL', /./],
];

/** Names of variables: the first that is set counts, several are joined. */
type Sources = readonly (readonly string[])[];

interface Places {
  readonly project: Sources;
  readonly job: Sources;
  readonly stage: Sources;
  readonly runner: Sources;
  readonly image: Sources;
}

const PLACES: Readonly<Record<BuildSystemName, Places>> = {
  github: {
    project: [['GITHUB_REPOSITORY']],
    job: [['GITHUB_WORKFLOW'], ['GITHUB_JOB']],
    stage: [['GITHUB_ACTION']],
    runner: [['RUNNER_OS'], ['RUNNER_ARCH'], ['ImageOS'], ['RUNNER_ENVIRONMENT']],
    image: [['ImageOS'], ['ImageVersion']],
  },
  gitlab: {
    project: [['CI_PROJECT_PATH']],
    job: [['CI_JOB_NAME']],
    stage: [['CI_JOB_STAGE']],
    runner: [['CI_RUNNER_EXECUTABLE_ARCH'], ['CI_RUNNER_TAGS']],
    image: [['CI_JOB_IMAGE']],
  },
  buildkite: {
    project: [['BUILDKITE_PIPELINE_SLUG']],
    job: [['BUILDKITE_STEP_KEY', 'BUILDKITE_LABEL']],
    stage: [],
    runner: [['BUILDKITE_AGENT_META_DATA_QUEUE']],
    image: [['BUILDKITE_PLUGIN_DOCKER_IMAGE']],
  },
  azure: {
    project: [['BUILD_REPOSITORY_NAME'], ['BUILD_DEFINITIONNAME']],
    job: [['SYSTEM_JOBNAME', 'AGENT_JOBNAME']],
    stage: [['SYSTEM_STAGENAME']],
    runner: [['AGENT_OS'], ['AGENT_OSARCHITECTURE'], ['ImageOS']],
    image: [['ImageOS'], ['ImageVersion']],
  },
  jenkins: {
    project: [['JOB_NAME']],
    job: [['JOB_BASE_NAME']],
    stage: [['STAGE_NAME']],
    runner: [['NODE_LABELS']],
    image: [],
  },
  circleci: {
    project: [['CIRCLE_PROJECT_USERNAME'], ['CIRCLE_PROJECT_REPONAME']],
    job: [['CIRCLE_JOB']],
    stage: [],
    runner: [],
    image: [],
  },
  none: { project: [], job: [], stage: [], runner: [], image: [] },
};

/** Longer is no name, and would only be carried along. */
const LONGEST_NAME = 300;

/** By the systems' own variables, unless `asked` names one. */
export function detectBuildSystem(
  variables: Variables,
  asked: BuildSystemName | 'auto' = 'auto',
): BuildSystem {
  const name = asked === 'auto' ? detectName(variables) : asked;
  const places = PLACES[name];
  const read = (sources: Sources): string =>
    sources
      .map((names) => names.map((one) => variables[one] ?? '').find((value) => value !== '') ?? '')
      .filter((value) => value !== '')
      .join('/')
      .slice(0, LONGEST_NAME);
  return {
    name,
    project: read(places.project),
    job: read(places.job),
    stage: read(places.stage),
    runner: read(places.runner),
    image: read(places.image),
    pageFile: name === 'github' ? path(variables['GITHUB_STEP_SUMMARY']) : undefined,
    outputFile: name === 'github' ? path(variables['GITHUB_OUTPUT']) : undefined,
    scratch: name === 'azure' ? path(variables['AGENT_TEMPDIRECTORY']) : undefined,
  };
}

function detectName(variables: Variables): BuildSystemName {
  const found = MARKS.find(([, variable, value]) => value.test(variables[variable] ?? ''));
  return found?.[0] ?? 'none';
}

/** Where a variable names no whole path, it is not the system that set it. */
function path(value: string | undefined): string | undefined {
  if (value === undefined || value.includes('\0')) return undefined;
  return posix.isAbsolute(value) || win32.isAbsolute(value) ? value : undefined;
}

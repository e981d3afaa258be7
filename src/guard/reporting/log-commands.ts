import type { Finding } from '../../finding/index.ts';
import type { BuildSystemName } from './build-system.ts';
import type { Masker } from './masker.ts';

/** What a system's log viewer obeys, as text for our stderr. Empty where it knows no such thing. */
export interface LogCommands {
  /** What follows can be folded; `shut` is folded from the start. */
  openGroup(id: string, title: string, shut: boolean): string;
  closeGroup(id: string): string;
  /** `more` stands behind what the finding says. */
  annotation(finding: Finding, more?: readonly string[]): string;
}

export interface LogCommandNeeds {
  readonly masker: Pick<Masker, 'tell'>;
  readonly epochSeconds: () => number;
}

const NOTHING: LogCommands = {
  openGroup: () => '',
  closeGroup: () => '',
  annotation: () => '',
};

/** The words that the commands of each system are made of. */
interface Words {
  /** One line in which nothing is a command. */
  readonly line: (text: string) => string;
  /** The title, then what else is to be told, each as one line. */
  readonly message: (finding: Finding, more: readonly string[]) => readonly string[];
  readonly epochSeconds: () => number;
}

const SYSTEMS: Readonly<Partial<Record<BuildSystemName, (words: Words) => LogCommands>>> = {
  github,
  gitlab,
  buildkite,
  azure,
};

/**
 * Only what is fixed here can be a command: texts of logs, servers and users go through the masker, which
 * takes commands apart, and are then escaped as the system wants it.
 */
export function createLogCommands(
  { masker, epochSeconds }: LogCommandNeeds,
  system: BuildSystemName,
): LogCommands {
  const line = (text: string): string => masker.tell(text).replaceAll('\n', ' ');
  const message: Words['message'] = ({ title, code, explanation, evidence, fix }, more) =>
    [
      `${title} [${code}]`,
      explanation,
      ...evidence.slice(0, 1).map(({ text }) => text),
      ...more,
      ...(fix === undefined ? [] : [fix.text]),
      ...(fix?.command === undefined ? [] : [fix.command]),
    ].map(line);
  return SYSTEMS[system]?.({ line, message, epochSeconds }) ?? NOTHING;
}

/** https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions */
function github({ line, message }: Words): LogCommands {
  return {
    // Groups do not nest there, and one around the command would fold away what people look for.
    openGroup: (_, title, shut) => (shut ? `::group::${line(title)}\n` : ''),
    closeGroup: (id) => (id === 'command' ? '' : '::endgroup::\n'),
    annotation: (finding, more = []) => {
      const [title = '', ...rest] = message(finding, more);
      const kind = finding.severity === 'info' ? 'notice' : finding.severity;
      return `::${kind} title=${githubProperty(title)}::${githubData(rest.join('\n'))}\n`;
    },
  };
}

/** https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections */
function gitlab({ line, epochSeconds }: Words): LogCommands {
  const mark = (word: string, id: string, more: string): string =>
    `\u001B[0Ksection_${word}:${epochSeconds()}:cofferdam_${id}${more}\r\u001B[0K`;
  return {
    ...NOTHING,
    openGroup: (id, title, shut) =>
      `${mark('start', id, shut ? '[collapsed=true]' : '')}${line(title)}\n`,
    closeGroup: (id) => mark('end', id, ''),
  };
}

/** https://buildkite.com/docs/pipelines/configure/managing-log-output */
function buildkite({ line }: Words): LogCommands {
  return {
    ...NOTHING,
    openGroup: (_, title, shut) => `${shut ? '---' : '+++'} ${line(title)}\n`,
  };
}

/** https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands */
function azure({ line, message }: Words): LogCommands {
  return {
    openGroup: (_, title, shut) => (shut ? `##[group]${line(title)}\n` : ''),
    closeGroup: (id) => (id === 'command' ? '' : '##[endgroup]\n'),
    annotation(finding, more = []) {
      if (finding.severity === 'info') return '';
      const code = azureProperty(line(finding.code));
      const text = azureData(message(finding, more).join(' | '));
      return `##vso[task.logissue type=${finding.severity};code=${code}]${text}\n`;
    },
  };
}

function githubData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function githubProperty(text: string): string {
  return githubData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function azureData(text: string): string {
  return text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function azureProperty(text: string): string {
  return azureData(text).replaceAll(']', '%5D').replaceAll(';', '%3B');
}

/** For Azure: the page that stands beside the log. */
export function uploadPage(file: string): string {
  return `##vso[task.uploadsummary]${azureData(file)}\n`;
}

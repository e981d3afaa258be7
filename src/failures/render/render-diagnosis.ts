import { findingsAsJson } from '../../finding/index.ts';
import { asGithub, asGitlab } from './as-annotations.ts';
import { asJunit } from './as-junit.ts';
import { asSarif } from './as-sarif.ts';
import { asText } from './as-text.ts';
import type { DiagnosedLog } from './diagnosed-log.ts';

export type DiagnosisFormat = 'text' | 'json' | 'sarif' | 'github' | 'gitlab' | 'junit';

type Renderer = (logs: readonly DiagnosedLog[]) => string;

const formats: Readonly<Record<DiagnosisFormat, Renderer>> = {
  text: asText,
  json: asJson,
  sarif: asSarif,
  github: asGithub,
  gitlab: asGitlab,
  junit: asJunit,
};

export const diagnosisFormats: readonly DiagnosisFormat[] = [
  'text',
  'json',
  'sarif',
  'github',
  'gitlab',
  'junit',
];

export function renderDiagnosis(logs: readonly DiagnosedLog[], format: DiagnosisFormat): string {
  return formats[format](logs);
}

function asJson(logs: readonly DiagnosedLog[]): string {
  const about = logs.map(({ findings, ...log }) => ({
    ...log,
    failedAtLine: log.failedAtLine ?? null,
    goVersion: log.goVersion ?? null,
    clippedAtLine: log.clippedAtLine ?? null,
    root: findings[0]?.code ?? null,
  }));
  return findingsAsJson(
    logs.flatMap((log) => log.findings),
    { logs: about },
  );
}

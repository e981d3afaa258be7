import type { Finding } from '../../finding/index.ts';
import type { DiagnosedLog } from './diagnosed-log.ts';
import { reported } from './reported.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0, one run over all logs. */
export function asSarif(logs: readonly DiagnosedLog[]): string {
  const findings = logs.flatMap(reported);
  const rules = [...new Map(findings.map((finding) => [finding.code, finding])).values()];
  const run = {
    tool: {
      driver: {
        name: 'cofferdam diagnose',
        rules: rules.map(({ code, title, fix }) => ({
          id: code,
          shortDescription: { text: title },
          help: { text: fix?.text ?? title },
        })),
      },
    },
    columnKind: 'utf16CodeUnits',
    results: logs.flatMap((log) => reported(log).map((finding) => result(log.source, finding))),
  };
  const sarif = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [run],
  };
  return `${JSON.stringify(sarif)}\n`;
}

function result(source: string, finding: Finding): object {
  const { code, severity, title, explanation, evidence, fix, owner, retry, confidence } = finding;
  const hint = fix === undefined ? '' : ` ${fix.text}.`;
  return {
    ruleId: code,
    level: LEVELS[severity],
    message: { text: `${title}. ${explanation}${hint}` },
    locations: evidence
      .filter(({ line }) => line !== undefined)
      .map(({ line, text }) => ({
        physicalLocation: {
          artifactLocation: { uri: asUri(source) },
          region: { startLine: line, ...(text === '' ? {} : { snippet: { text } }) },
        },
      })),
    properties: { confidence, owner: owner ?? null, retry: retry ?? null },
  };
}

function asUri(source: string): string {
  return source.split(/[\\/]/).map(encodeURIComponent).join('/');
}

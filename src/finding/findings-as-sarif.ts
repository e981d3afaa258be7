import type { FileEdit, Finding } from './finding.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0: one run, with the edits of each fix. */
export function findingsAsSarif(tool: string, findings: readonly Finding[]): string {
  const rules = [...new Map(findings.map((finding) => [finding.code, finding])).values()];
  const run = {
    tool: {
      driver: {
        name: tool,
        rules: rules.map(({ code, title, fix }) => ({
          id: code,
          shortDescription: { text: title },
          help: { text: fix?.text ?? title },
        })),
      },
    },
    columnKind: 'utf16CodeUnits',
    results: findings.map(result),
  };
  const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] })}\n`;
}

function result(finding: Finding): object {
  const { code, severity, title, explanation, evidence, fix, owner, retry, confidence } = finding;
  const hint = fix === undefined ? '' : ` ${fix.text}.`;
  return {
    ruleId: code,
    level: LEVELS[severity],
    message: { text: `${title}. ${explanation}${hint}` },
    locations: evidence.flatMap(({ source, line, text }) =>
      source === undefined
        ? []
        : [
            {
              physicalLocation: {
                artifactLocation: { uri: asUri(source) },
                region: { startLine: line ?? 1, snippet: { text } },
              },
            },
          ],
    ),
    ...(fix === undefined || fix.edits.length === 0 ? {} : { fixes: [asFix(fix.text, fix.edits)] }),
    properties: { confidence, owner: owner ?? null, retry: retry ?? null },
  };
}

function asFix(text: string, edits: readonly FileEdit[]): object {
  const files = Map.groupBy(edits, ({ file }) => file);
  return {
    description: { text },
    artifactChanges: [...files].map(([file, changes]) => ({
      artifactLocation: { uri: asUri(file) },
      replacements: changes.map((edit) => ({
        deletedRegion: {
          startLine: edit.line,
          startColumn: 1,
          endLine: edit.line + edit.lines,
          endColumn: 1,
        },
        insertedContent: { text: edit.text },
      })),
    })),
  };
}

function asUri(source: string): string {
  return source.split(/[\\/]/).map(encodeURIComponent).join('/');
}

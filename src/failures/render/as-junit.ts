import type { Finding } from '../../finding/index.ts';
import type { DiagnosedLog } from './diagnosed-log.ts';
import { proofLine, reported } from './reported.ts';

/** JUnit XML: each log is a suite, and each finding a case that failed. */
export function asJunit(logs: readonly DiagnosedLog[]): string {
  const suites = logs.map(suite).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites}</testsuites>\n`;
}

function suite(log: DiagnosedLog): string {
  const cases = reported(log).map((finding) =>
    failed(finding.code, finding.title, detail(finding)),
  );
  const head = `name="${xml(log.source)}" tests="${cases.length}" failures="${cases.length}"`;
  return `  <testsuite ${head}>\n${cases.join('')}  </testsuite>\n`;
}

function failed(name: string, message: string, text: string): string {
  return `    <testcase classname="cofferdam.diagnose" name="${xml(name)}"><failure message="${xml(message)}">${xml(text)}</failure></testcase>\n`;
}

function detail({ explanation, evidence, fix }: Finding): string {
  const proof = evidence.map(proofLine);
  return [explanation, ...proof, fix?.text ?? ''].join('\n').trimEnd();
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\uD800-\uDFFF\uFFFE\uFFFF\u0000-\u0008\u000B\u000C\u000E-\u001F]/gu, '?');
}

import type { Finding } from '../../finding/index.ts';
import { tellStage } from '../baseline/index.ts';
import { tellConfirmation } from '../confirmation.ts';
import { formatRunSummary } from '../run-summary.ts';
import { inSeconds, phaseTotals } from './run-report.ts';
import type { RunReport } from './run-report.ts';

/** A page beside a log is read at a glance; the systems refuse pages of a mebibyte. */
const MOST_CHARACTERS = 60_000;
const MOST_EVIDENCE = 5;
const MOST_STALLS = 5;

/**
 * Markdown for the page that a build system shows beside the log. Text that comes from logs stands in `pre`, and all
 * that is not ours is escaped: it can be neither a link nor a picture.
 */
export function asPage(report: RunReport, tell: (text: string) => string): string {
  const { summary, commandName, networkShut, fingerprint } = report;
  const mark = summary.exitCode === 0 ? 'passed' : `failed with exit code ${summary.exitCode}`;
  const parts = [
    `### cofferdam run: ${plain(tell(commandName))} ${mark}\n`,
    ...summary.diagnosis.slice(0, 1).map((root) => cause(root, tell)),
    summary.confirmation === undefined
      ? ''
      : `${plain(tell(tellConfirmation(summary.confirmation)))}\n`,
    phases(report),
    summary.engine === undefined
      ? 'Without the engine.\n'
      : `${plain(formatRunSummary(summary.engine, summary.durationMilliseconds))}\n`,
    stalls(report, tell),
    networkShut === undefined
      ? ''
      : `The network was shut for the command: ${plain(networkShut)}.\n`,
    comparison(report),
    fingerprint === undefined
      ? ''
      : `<details><summary>Fingerprint ${fingerprint.id.slice(0, 16)}</summary>\n\n${inputs(fingerprint.inputs, tell)}\n</details>\n`,
  ];
  return `${parts.filter((part) => part !== '').join('\n')}\n`.slice(0, MOST_CHARACTERS);
}

function cause(
  { title, code, explanation, evidence, fix, retry, owner }: Finding,
  tell: (text: string) => string,
): string {
  const proof = evidence
    .slice(0, MOST_EVIDENCE)
    .map(({ text, line }) => `${line === undefined ? '' : `${line}: `}${text}`);
  const known = [
    retry === undefined ? '' : `retry: ${retry}`,
    owner === undefined ? '' : `owner: ${owner}`,
  ].filter((word) => word !== '');
  return [
    `**${plain(tell(title))}** [${plain(code)}]\n`,
    `${plain(tell(explanation))}\n`,
    proof.length === 0 ? '' : `<pre>${html(tell(proof.join('\n')))}</pre>\n`,
    fix === undefined ? '' : `${plain(tell(fix.text))}\n`,
    fix?.command === undefined ? '' : `<pre>${html(tell(fix.command))}</pre>\n`,
    known.length === 0 ? '' : `${known.join(', ')}\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function phases({ summary }: RunReport): string {
  const rows = phaseTotals(summary.phases).map(
    ({ name, milliseconds, attempts, outcome }) =>
      `| ${name} | ${inSeconds(milliseconds)} s | ${attempts} | ${outcome} |`,
  );
  return rows.length === 0
    ? ''
    : `| phase | time | tries | outcome |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function stalls({ summary }: RunReport, tell: (text: string) => string): string {
  return summary.stalls
    .slice(0, MOST_STALLS)
    .map(
      ({ url, silentMilliseconds }) =>
        `Nothing came for ${Math.round(silentMilliseconds / 1000)} s from <code>${html(tell(url))}</code>.\n`,
    )
    .join('\n');
}

function comparison({ comparison, verdict }: RunReport): string {
  if (comparison === undefined) return '';
  const lines =
    comparison.kind === 'no-baseline'
      ? [
          `No baseline: ${comparison.runs} good runs of this work are known, ${comparison.needed} are needed.`,
        ]
      : comparison.stages.map(
          (stage) => `- ${plain(tellStage(stage))}, of ${comparison.runs} good runs`,
        );
  if (verdict !== undefined) {
    lines.push(
      '',
      `Where to look: ${verdict.cause}, confidence ${verdict.confidence}: ${plain(verdict.because)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function inputs(values: Readonly<Record<string, string>>, tell: (text: string) => string): string {
  const lines = Object.entries(values).map(([name, value]) => `${name}: ${value}`);
  return `<pre>${html(tell(lines.join('\n')))}</pre>\n`;
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** One line of Markdown in which nothing is markup. */
function plain(text: string): string {
  return html(text.replaceAll(/\s+/g, ' ')).replaceAll(/[\\`*_{}[\]()#|!~]/g, '\\$&');
}

import { findingsAsText, type Finding } from '../../finding/index.ts';
import { catalogue } from '../catalogue/index.ts';
import { ownerWords, retryWords, type DiagnosedLog } from './diagnosed-log.ts';

/** For people: the cause with its proof, who mends it, whether to try again, and what follows from it. */
export function asText(logs: readonly DiagnosedLog[]): string {
  return logs
    .map(oneLog)
    .filter((text) => text !== '')
    .join('\n');
}

function oneLog({ findings }: DiagnosedLog): string {
  const [root, ...rest] = findings;
  if (root === undefined) return '';
  const lines = [findingsAsText([root]).trimEnd()];
  const failure = catalogue.find(({ id }) => id === root.code);
  if (failure !== undefined) lines.push(`  prove: ${failure.probe}`);
  if (root.retry !== undefined) lines.push(`  retry: ${retryWords[root.retry]}`);
  if (root.owner !== undefined) lines.push(`  owner: ${ownerWords[root.owner]}`);
  if (failure !== undefined) lines.push(`  more:  cofferdam diagnose --explain ${root.code}`);
  if (rest.length > 0) lines.push('', 'Also in this log, and explained by it or less basic:');
  for (const finding of rest) lines.push(`  ${summary(finding)}`);
  return `${lines.join('\n')}\n`;
}

function summary({ code, title, evidence }: Finding): string {
  const line = evidence[0]?.line;
  return `${line === undefined ? '' : `line ${line}: `}${title} [${code}]`;
}

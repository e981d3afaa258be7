import { catalogue, type Failure } from '../catalogue/index.ts';
import { ownerWords, retryWords } from './diagnosed-log.ts';

/** All that the catalogue knows of a cause, for people; nothing for an id that is none. */
export function explainFailure(id: string): string | undefined {
  const failure = catalogue.find((one) => one.id === id);
  return failure === undefined ? undefined : asText(failure);
}

function asText({ id, title, meaning, probe, remedy, command, ...rest }: Failure): string {
  const lines = [`${title} [${id}]`, `  ${meaning}`, `  prove: ${probe}`, `  hint:  ${remedy}`];
  if (command !== undefined) lines.push(`    ${command}`);
  lines.push(`  retry: ${retryWords[rest.retry]}`, `  owner: ${ownerWords[rest.owner]}`);
  if (rest.mistakenFor.length > 0) lines.push('', 'Looks like it, and is something else:');
  for (const other of rest.mistakenFor) {
    const name = catalogue.find((one) => one.id === other)?.title;
    lines.push(`  ${name === undefined ? other : `${name} [${other}]`}`);
  }
  return `${lines.join('\n')}\n`;
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fixes } from './index.ts';

const FOLDER = new URL('../../../docs/findings/', import.meta.url).pathname;
/** Lines of documents are no longer. */
const WIDTH = 120;

/** The line of a page whose fix was tried; undefined where none was. */
export function triedLine(id: string): string | undefined {
  const fix = fixes[id];
  return fix === undefined
    ? undefined
    : wrap(
        `Tried in the laboratory (\`${id}/${fix.name}\`): ${fix.how}; the same command then succeeded.`,
      );
}

/** Writes that line at the end of the fix of each page, and takes it out where nothing was tried. */
export function markPages(): number {
  const ids = Object.keys(fixes).filter((id) => existsSync(`${FOLDER}${id}.md`));
  for (const id of ids) {
    const path = `${FOLDER}${id}.md`;
    const page = readFileSync(path, 'utf8');
    const bare = page.replaceAll(/\n\nTried in the laboratory[^#]*?(?=\n\n)/g, '');
    const line = triedLine(id) ?? '';
    writeFileSync(
      path,
      bare.replace(/\n\n## What not to do\n/, `\n\n${line}\n\n## What not to do\n`),
    );
  }
  return ids.length;
}

function wrap(text: string): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}

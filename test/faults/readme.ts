const BEGIN = '<!-- fault table: written by npm run test:faults -- --write -->';
const END = '<!-- end of the fault table -->';

/** The text with a new table between its two marks. */
export function replaceSection(text: string, table: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('README.md has no marks for the fault table.');
  return `${text.slice(0, begin)}${BEGIN}\n\n${table}\n\n${text.slice(end)}`;
}

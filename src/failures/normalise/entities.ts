/** Signs as web pages write them: logs are copied out of pages, and test grids store them so. */
const ENTITY = /&(?:#(\d{2,5})|#x([0-9a-f]{2,4})|(quot|amp|lt|gt|apos|nbsp));/gi;
const HAS_ENTITY = /&(?:#\d{2,5}|#x[0-9a-f]{2,4}|quot|amp|lt|gt|apos|nbsp);/i;

const named: Readonly<Record<string, string>> = {
  quot: '"',
  amp: '&',
  lt: '<',
  gt: '>',
  apos: "'",
  nbsp: ' ',
};

export function hasEntities(text: string): boolean {
  return text.includes('&') && HAS_ENTITY.test(text);
}

export function decodeEntities(text: string): string {
  return text.replaceAll(
    ENTITY,
    (whole: string, decimal?: string, hexadecimal?: string, name?: string) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
      // What terminals obey is no sign of a text.
      return code >= 0x20 && code < 0xd800 ? String.fromCodePoint(code) : ' ';
    },
  );
}

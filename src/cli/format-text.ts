/** `1.5 MiB` */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** What comes from outside: a terminal must obey none of it. */
export function plainText(text: string): string {
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/gu, '?');
}
